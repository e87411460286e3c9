import ArrowFiles
import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Synchronization

/// A segment that is whole, and what its rows are.
struct WrittenSegment: Sendable {
  let record: SegmentRecord
  let content: ContentDigest
  /// The columns that count in the digest.
  let contentFields: [Field]
  /// The greatest known time that is not after the writing; nil: no row has one.
  let watermark: Int64?
}

/// Writes a view's lots, in their order, as one segment.
final class SegmentWriter: Sendable {
  /// Fewer rows are no record batch of their own.
  private static let batchRows = 32_768

  private let plan: ViewPlan
  private let now: Int64
  private let path: String
  private let metadata: [(String, String)]
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var file: ArrowFileWriter?
    var fields: [Field] = []
    var pending: [ViewTable] = []
    var pendingRows = 0
    var batches: [SegmentRecord.Batch] = []
    var content = ContentDigest()
    var watermark: Int64?
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
  }

  /// A lot's share of the digest.
  func content(of table: ViewTable) -> ContentDigest {
    var content = ContentDigest()
    content.add(SegmentLayout.contentColumns(table, of: plan), rowCount: table.rowCount)
    return content
  }

  /// - Precondition: lots come in their order.
  func add(_ table: ViewTable, _ content: ContentDigest) throws(StoreError) {
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
      state.content.add(content)
      if let newest { state.watermark = max(state.watermark ?? .min, newest) }
      if table.rowCount == 0 { return }
      state.pending.append(table)
      state.pendingRows += table.rowCount
      if state.pendingRows >= Self.batchRows { try flush(&state) }
    }
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
          contentFields: state.fields.filter(SegmentLayout.isOfContent), watermark: state.watermark)
      } catch {
        throw .segment(error)
      }
    }
  }

  /// Drops the file, which removes what was written.
  func abandon() { state.withLock { $0.file = nil } }
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
