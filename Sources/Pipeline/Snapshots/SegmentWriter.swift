import ArrowFiles
import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Synchronization
import Times

/// A segment that is whole, and what its rows are.
struct WrittenSegment: Sendable {
  let record: SegmentRecord
  let content: ContentDigest
  /// The columns that count in the digest.
  let contentFields: [Field]
  /// The greatest known time that is not after the writing; nil: no row has one.
  let watermark: Int64?
  /// nil: the view is not appended to, or there are too many.
  let recent: RecentRows?
}

/// What some rows add to a segment beside themselves.
struct RowsContent: Sendable {
  var digest = ContentDigest()
  /// Those of them that may be recent when all are written.
  var recent: ContiguousArray<RecentRows.Row> = []

  init() {}

  init(_ columns: [Column], rowCount: Int) { digest.add(columns, rowCount: rowCount) }

  /// - Parameters:
  ///   - digests: one a row.
  ///   - limit: what became known up to then is not recent.
  init(_ digests: [RowDigest], _ table: ViewTable, recentAfter limit: Int64) {
    digest.add(digests)
    guard let times = table.knownTimes else { return }
    let span = times.span
    for row in span.indices where span[row] > limit { recent.append(RecentRows.Row(knownAt: span[row], digest: digests[row])) }
  }
}

/// Writes a view's rows, in their order, as one segment: a record batch has all rows of a lot, or of some lots.
final class SegmentWriter: Sendable {
  /// Fewer rows are no record batch of their own.
  private static let batchRows = 32_768
  /// Fewer bytes are not put on disk.
  private static let leastBytes = 4 << 20

  private let plan: ViewPlan
  private let now: Int64
  private let path: String
  private let metadata: [(String, String)]
  private let shelves: (store: String, bytes: Int)
  /// Microseconds before the watermark that are read again; nil: the view is not appended to.
  private let lookback: Int64?
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var file: ArrowFileWriter?
    var fields: [Field] = []
    /// The rows of the next record batch.
    var pending: [ViewTable] = []
    var pendingRows = 0
    /// Bytes of those that are in memory.
    var pendingBytes = 0
    /// Of the last of them.
    var lot = 0
    /// Has the first of them, which are not in memory.
    var shelf: ColumnShelf?
    var shelved = 0
    var batches: [SegmentRecord.Batch] = []
    var content = ContentDigest()
    var watermark: Int64?
    var recent: RecentRows?
  }

  /// - Parameters:
  ///   - untyped: which values of the plan have no type of their own.
  ///   - shelves: the store in which rows wait for the rest of their record batch when they are more bytes than so many.
  ///   - base: what there is already where rows are appended to it.
  ///   - now: what becomes known later is no watermark, or one row dated in the future would hide all that follow.
  init(
    plan: ViewPlan, path: String, untyped: [Int], shelves: (store: String, bytes: Int),
    base: (recent: RecentRows, watermark: Int64?)? = nil, now: Int64
  ) {
    self.now = now
    self.shelves = shelves
    self.plan = plan
    self.path = path
    var metadata = [(SegmentLayout.view, plan.view.name.value), (SegmentLayout.untyped, untyped.map(String.init).joined(separator: ","))]
    if plan.knownTime == nil, plan.eventTime != nil {
      metadata.append((SegmentLayout.delay, String(plan.delayMicroseconds)))
    }
    self.metadata = metadata
    lookback = plan.appends ? plan.module.lookback?.microseconds : nil
    if lookback != nil {
      state.withLock { state in
        state.recent = base?.recent ?? RecentRows(knownAfter: .min)
        state.watermark = base?.watermark
      }
    }
  }

  func content(of table: ViewTable) -> RowsContent {
    let columns = SegmentLayout.contentColumns(table, of: plan)
    guard table.knownTimes != nil, let limit = state.withLock({ $0.recent?.knownAfter }) else {
      return RowsContent(columns, rowCount: table.rowCount)
    }
    return RowsContent(rowDigests(columns, rowCount: table.rowCount), table, recentAfter: limit)
  }

  /// - Parameter lot: whose rows these are, all of them or some.
  /// - Precondition: rows come in their order.
  func add(_ table: ViewTable, _ content: RowsContent, lot: Int) throws(StoreError) {
    let newest = plan.appends ? table.column(.knownTime)?.greatest(notAfter: now) : nil
    try state.withLock { state throws(StoreError) in
      if state.file == nil {
        state.fields = SegmentLayout.fields(table, of: plan)
        do throws(ArrowFileError) {
          state.file = try ArrowFileWriter(fields: state.fields, metadata: metadata, path: path)
        } catch {
          throw .segment(error)
        }
      }
      state.content.add(content.digest)
      if let newest { state.watermark = max(state.watermark ?? .min, newest) }
      note(content.recent, &state)
      if table.rowCount == 0 { return }
      if lot != state.lot, state.pendingRows >= Self.batchRows { try flush(&state) }
      state.pending.append(table)
      state.pendingRows += table.rowCount
      state.pendingBytes += table.byteCount
      state.lot = lot
      if state.pendingBytes > max(Self.leastBytes, shelves.bytes), state.pending.count > 1 { try shelve(&state) }
    }
  }

  /// Puts what waits for the rest of its record batch on disk.
  private func shelve(_ state: inout State) throws(StoreError) {
    if state.shelf == nil { state.shelf = ColumnShelf(in: try ScratchFolder(in: shelves.store)) }
    guard let shelf = state.shelf else { return }
    let some = try shelf.place(ViewTable.concatenated(Array(state.pending[state.shelved...])), state.fields)
    state.pending.replaceSubrange(state.shelved..., with: [some])
    (state.shelved, state.pendingBytes) = (state.pending.count, 0)
  }

  private func note(_ rows: ContiguousArray<RecentRows.Row>, _ state: inout State) {
    guard var recent = state.recent.take(), let lookback else { return }
    if let watermark = state.watermark { recent.forget(until: saturatingAdd(watermark, -lookback)) }
    recent.append(contentsOf: rows)
    if !recent.isTooMany { state.recent = recent }
  }

  private func flush(_ state: inout State) throws(StoreError) {
    guard let file = state.file, state.pendingRows > 0 else { return }
    let lowest = state.batches.isEmpty ? 0 : state.pending[0].keyHash(ofRow: 0)
    let (pending, rowCount, shelf) = (state.pending, state.pendingRows, state.shelf)
    (state.pending, state.pendingRows, state.pendingBytes, state.shelf, state.shelved) = ([], 0, 0, nil, 0)
    let tables = (shelf == nil ? [ViewTable.concatenated(pending)] : pending).map {
      Table(fields: state.fields, columns: $0.columns, rowCount: $0.rowCount)
    }
    do throws(ArrowFileError) {
      let checksums = try tables.count == 1 ? file.append(tables[0]) : file.append(tables) { shelf?.release() }
      state.batches.append(.init(rowCount: rowCount, lowestHash: lowest, checksums: checksums))
    } catch {
      throw .segment(error)
    }
  }

  func finish() throws(StoreError) -> WrittenSegment {
    try state.withLock { state throws(StoreError) in
      try flush(&state)
      guard let file = state.file else { preconditionFailure("every lot was appended") }
      do throws(ArrowFileError) {
        let (sha256, frame, byteCount) = try file.finish()
        return WrittenSegment(
          record: SegmentRecord(digest: sha256, byteCount: byteCount, frame: frame, batches: state.batches), content: state.content,
          contentFields: state.fields.filter(SegmentLayout.isOfContent), watermark: state.watermark,
          recent: state.watermark == nil ? nil : state.recent)
      } catch {
        throw .segment(error)
      }
    }
  }

  /// Drops the file, which removes what was written.
  func abandon() { state.withLock { $0.file = nil } }
}

extension ViewTable {
  /// nil: it has no column of its own for them.
  var knownTimes: Buffer<Int64>? {
    if case .timestamp(let times)? = column(.knownTime)?.values { times } else { nil }
  }
}

extension Column {
  /// The greatest of the times up to a limit.
  fileprivate func greatest(notAfter limit: Int64) -> Int64? {
    guard case .timestamp(let buffer) = values else { return nil }
    let span = buffer.span
    var greatest: Int64?
    for i in span.indices where span[i] <= limit && !isNull(i) { greatest = max(greatest ?? .min, span[i]) }
    return greatest
  }
}
