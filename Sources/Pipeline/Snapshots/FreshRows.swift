import ArrowFiles
import Columns
import Engine
import Planning

/// Some rows of a lot that were read, with their digests, in which no end of a version counts.
struct RowsRead: Sendable {
  let table: ViewTable
  let lot: Int
  let digests: [RowDigest]

  init(_ table: ViewTable, lot: Int, of plan: ViewPlan) {
    self.table = table
    self.lot = lot
    digests = rowDigests(SegmentLayout.contentColumns(table, of: plan), rowCount: table.rowCount)
  }
}

/// What is new among rows that were read again: those that a snapshot has not, each as often as it has not.
///
/// They wait on disk when they are many.
struct FreshRows {
  struct Part {
    let table: ViewTable
    let lot: Int
    let content: RowsContent
  }

  private(set) var parts: [Part] = []
  private(set) var rowCount = 0
  /// Rows came that are no rows of the snapshot's: a text where there were numbers, or the first fraction.
  private(set) var haveOtherFields = false
  private let plan: ViewPlan
  private let fields: [Field]
  /// How often each row is there.
  private var known: [RowDigest: Int] = [:]
  /// What became known up to then is not recent any more, whatever else comes.
  private let recentAfter: Int64
  private let shelf: ColumnShelf
  private let limit: Int
  private var byteCount = 0

  /// - Parameters:
  ///   - known: rows that are there already.
  ///   - fields: of the snapshot's segments.
  ///   - limit: bytes of new rows to keep in memory.
  init(known: RecentRows, fields: [Field], plan: ViewPlan, shelf: ColumnShelf, limit: Int) {
    self.plan = plan
    self.fields = fields
    self.shelf = shelf
    self.limit = limit
    recentAfter = known.knownAfter
    for row in known.rows { self.known[row.digest, default: 0] += 1 }
  }

  /// - Precondition: rows come in their order.
  mutating func take(_ read: RowsRead) throws(StoreError) {
    if haveOtherFields || read.table.rowCount == 0 { return }
    if SegmentLayout.fields(read.table, of: plan) != fields {
      (haveOtherFields, parts) = (true, [])
      return
    }
    var new: ContiguousArray<Int32> = []
    for (row, digest) in read.digests.enumerated() {
      if let count = known[digest], count > 0 { known[digest] = count - 1 } else { new.append(Int32(row)) }
    }
    if new.isEmpty { return }
    rowCount += new.count
    var table = read.table.gathered(new.span)
    let content = RowsContent(new.map { read.digests[Int($0)] }, table, recentAfter: recentAfter)
    byteCount += table.byteCount
    if byteCount > limit { table = try shelf.place(table, fields) }
    parts.append(Part(table: table, lot: read.lot, content: content))
  }
}

extension ColumnShelf {
  func place(_ table: ViewTable, _ fields: [Field]) throws(StoreError) -> ViewTable {
    let placed = try place(Table(fields: fields, columns: table.columns, rowCount: table.rowCount))
    return ViewTable(parts: table.parts, columns: placed.columns, rowCount: table.rowCount)
  }
}
