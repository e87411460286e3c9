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

/// What a lot adds to a segment beside its rows.
struct LotContent: Sendable {
  var digest = ContentDigest()
  /// Those of its rows that may be recent when all are written.
  var recent: ContiguousArray<RecentRows.Row> = []

  init() {}

  init(_ digests: [RowDigest]) { digest.add(digests) }
}

/// Writes a view's lots, in their order, as one segment.
final class SegmentWriter: Sendable {
  /// Fewer rows are no record batch of their own.
  private static let batchRows = 32_768

  private let plan: ViewPlan
  private let now: Int64
  private let path: String
  private let metadata: [(String, String)]
  /// Microseconds before the watermark that are read again; nil: the view is not appended to.
  private let lookback: Int64?
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var file: ArrowFileWriter?
    var fields: [Field] = []
    var pending: [ViewTable] = []
    var pendingRows = 0
    var batches: [SegmentRecord.Batch] = []
    var content = ContentDigest()
    var watermark: Int64?
    var recent: RecentRows?
  }

  /// - Parameters:
  ///   - untyped: which values of the plan have no type of their own.
  ///   - now: what becomes known later is no watermark, or one row dated in the future would hide all that follow.
  init(plan: ViewPlan, path: String, untyped: [Int], now: Int64) {
    self.now = now
    self.plan = plan
    self.path = path
    var metadata = [(SegmentLayout.view, plan.view.name.value), (SegmentLayout.untyped, untyped.map(String.init).joined(separator: ","))]
    if plan.knownTime == nil, plan.eventTime != nil {
      metadata.append((SegmentLayout.delay, String(plan.delayMicroseconds)))
    }
    self.metadata = metadata
    lookback = plan.appends ? plan.module.lookback?.microseconds : nil
    if lookback != nil { state.withLock { $0.recent = RecentRows(knownAfter: .min) } }
  }

  func content(of table: ViewTable) -> LotContent {
    let columns = SegmentLayout.contentColumns(table, of: plan)
    var content = LotContent()
    guard let times = table.knownTimes, let limit = state.withLock({ $0.recent?.knownAfter }) else {
      content.digest.add(columns, rowCount: table.rowCount)
      return content
    }
    let digests = rowDigests(columns, rowCount: table.rowCount)
    content.digest.add(digests)
    let span = times.span
    for row in span.indices where span[row] > limit { content.recent.append(RecentRows.Row(knownAt: span[row], digest: digests[row])) }
    return content
  }

  /// - Precondition: lots come in their order.
  func add(_ table: ViewTable, _ content: LotContent) throws(StoreError) {
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
      state.pending.append(table)
      state.pendingRows += table.rowCount
      if state.pendingRows >= Self.batchRows { try flush(&state) }
    }
  }

  private func note(_ rows: ContiguousArray<RecentRows.Row>, _ state: inout State) {
    guard var recent = state.recent.take(), let lookback else { return }
    if let watermark = state.watermark { recent.forget(until: saturatingAdd(watermark, -lookback)) }
    recent.append(contentsOf: rows)
    if !recent.isTooMany { state.recent = recent }
  }

  private func flush(_ state: inout State) throws(StoreError) {
    guard let file = state.file, state.pendingRows > 0 else { return }
    let table = ViewTable.concatenated(state.pending)
    (state.pending, state.pendingRows) = ([], 0)
    do throws(ArrowFileError) {
      let checksums = try file.append(Table(fields: state.fields, columns: table.columns, rowCount: table.rowCount))
      let lowest = state.batches.isEmpty ? 0 : table.keyHash(ofRow: 0)
      state.batches.append(.init(rowCount: table.rowCount, lowestHash: lowest, checksums: checksums))
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
