package import Archives
import Columns
package import TrainingSets

/// A training set's table on its way into files: one CSV file a part, written block by block of the table's rows.
///
/// Memory beyond the block's columns does not grow with their rows: see ``RowsInOrder``.
package struct TableSpool {
  private let table: TrainingTable
  private let threads: Int
  private let files: [SharedSpool]
  /// Rows of each part that have been written.
  private var written: [Int]
  private var nulls: [Int]
  private var features = FeatureReports()

  /// - Parameter scratch: an existing folder; the caller removes it.
  package init(_ table: TrainingTable, packing: Packing, scratch: String) throws(ArchiveError) {
    self.table = table
    threads = packing.threads
    var isKept = false
    if case .folder = packing.form { isKept = true }
    var header = ContiguousArray<UInt8>()
    CSVFormatter.appendHeader(table.columns.map(\.name), to: &header)
    var files: [SharedSpool] = []
    for part in table.parts {
      let file = SharedSpool(try SpoolFile(path: "\(scratch)/\(part.name).csv", isKept: isKept))
      try file.write(header)
      files.append(file)
    }
    self.files = files
    written = table.parts.map { _ in 0 }
    nulls = table.columns.map { _ in 0 }
  }

  /// Rows formatted so far, of all parts.
  package var rowCount: Int { written.reduce(0, +) }

  /// Writes a block's rows, those of a part into its file.
  ///
  /// - Parameters:
  ///   - progress: called on this thread with the number of rows formatted in all, about every 50 ms.
  ///   - isCancelled: asked on this thread as often.
  /// - Precondition: blocks come in order, and all of them.
  package mutating func add(_ block: TrainingBlock, progress: (Int) -> Void, isCancelled: () -> Bool) throws(ArchiveError) {
    features.add(block)
    for (number, part) in table.parts.enumerated() {
      let (start, rows) = (rowCount, part.rows.within(block.rows, from: written[number]))
      let columns = block.columns(rows)
      for (i, column) in columns.enumerated() { nulls[i] += column.nullCount(ofFirst: rows.count) }
      let lines = RowsInOrder(columns, rowCount: rows.count, file: files[number], threads: threads)
      try lines.write(progress: { progress(start + $0) }, isCancelled: isCancelled)
      written[number] += rows.count
    }
  }

  /// - Precondition: all blocks were written.
  package func finish() throws(ArchiveError) -> SpooledTable {
    var members: [ArchiveMember] = []
    for (part, file) in zip(table.parts, files) { members.append(try file.finish(as: "\(part.name).csv")) }
    return SpooledTable(members: members, nulls: nulls, features: features)
  }
}

/// A table in files.
package struct SpooledTable: Sendable {
  /// One a part.
  let members: [ArchiveMember]
  /// Per column, in all parts.
  let nulls: [Int]
  package let features: FeatureReports
}

extension Buffer<Int32> {
  /// Of rising rows those in a range, the first of which is at `start` or nowhere.
  fileprivate func within(_ range: Range<Int>, from start: Int) -> Buffer<Int32> {
    let span = span
    var end = start
    while end < span.count, Int(span[end]) < range.upperBound { end += 1 }
    return start == 0 && end == span.count ? self : Buffer(elements(start..<end))
  }
}

extension TrainingBlock {
  /// The block's columns for some of its rows, which are rows of the table.
  fileprivate func columns(_ rows: Buffer<Int32>) -> [CSVColumn] {
    // All rows as they stand: then there is nothing to look up.
    let ofTable = rows.isCounting ? nil : rows
    var ofBlock = ofTable
    if self.rows.lowerBound > 0 || rows.count < self.rows.count {
      let inBlock = rows.shifted(by: self.rows.lowerBound)
      ofBlock = inBlock.isCounting ? nil : inBlock
    }
    return values.map { values in
      switch values {
      case .ofTable(let column): CSVColumn(column, rows: column.count == rows.count ? ofTable : rows)
      case .ofBlock(let column): CSVColumn(column, rows: ofBlock)
      case .picked(let column, let picks): CSVColumn(column, rows: ofBlock.map { picks.picked($0) } ?? picks)
      }
    }
  }
}

extension Buffer<Int32> {
  fileprivate func shifted(by start: Int) -> Buffer<Int32> {
    if start == 0 { return self }
    let span = span
    var rows = ContiguousArray<Int32>()
    rows.reserveCapacity(count)
    for i in span.indices { rows.append(span[i] - Int32(start)) }
    return Buffer(rows)
  }

  fileprivate func picked(_ rows: Buffer<Int32>) -> Buffer<Int32> {
    let (from, wanted) = (span, rows.span)
    var picked = ContiguousArray<Int32>()
    picked.reserveCapacity(rows.count)
    for i in wanted.indices { picked.append(from[Int(wanted[i])]) }
    return Buffer(picked)
  }
}

extension CSVColumn {
  /// - Parameter count: of rows; where none are looked up, the column may have more.
  fileprivate func nullCount(ofFirst count: Int) -> Int {
    if column.nullCount == 0 { return 0 }
    guard let rows else {
      if column.count == count { return column.nullCount }
      return (0..<count).reduce(0) { $0 + (column.isNull($1) ? 1 : 0) }
    }
    let span = rows.span
    var nulls = 0
    for i in span.indices where span[i] < 0 || column.isNull(Int(span[i])) { nulls += 1 }
    return nulls
  }
}
