import ArrowFiles
import Columns
import Definitions
package import Diagnostics
package import Engine
import Files
import GRDB
import Parallel
package import Planning
import Synchronization

extension SnapshotStore {
  /// How a commit went.
  package struct Commit: Sendable {
    package let snapshot: Snapshot
    /// False: the newest snapshot holds the same; nothing was committed, and that one is given.
    package let isNew: Bool
  }

  /// Writes a view's rows as a segment and commits them as a snapshot.
  ///
  /// Lots are sorted and hashed on all workers and written in their order, a record batch for some 32,000 rows or more.
  ///
  /// - Parameters:
  ///   - collector: reading has ended.
  ///   - nonFinite: per output of the plan, values that became null.
  ///   - untyped: which values of the plan have no type of their own.
  ///   - progress: called with the lots done.
  /// - Precondition: the caller holds the writer lock.
  package func commit(
    _ collector: ViewCollector, of plan: ViewPlan, nonFinite: [Int], untyped: [Int], workers: Int, now: Int64,
    progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> Commit {
    let aside = newSegmentPath
    let writer = SegmentWriter(
      plan: plan, path: aside,
      metadata: [(SegmentLayout.view, plan.view.name.value), (SegmentLayout.untyped, untyped.map(String.init).joined(separator: ","))])
    let turns = Turns()
    do throws(Diagnostics) {
      try forEachInParallel(ViewCollector.lotCount, workers: workers) { _, lot throws(Diagnostics) in
        do throws(Diagnostics) {
          let table = try collector.table(of: lot)
          let content = writer.content(of: table)
          try turns.take(lot) { () throws(Diagnostics) in
            try writer.append(table, content)
            try progress(lot + 1, ViewCollector.lotCount)
          }
        } catch {
          turns.stop()
          throw error
        }
      }
      try collector.check()
      let counts = collector.counts(nonFinite: nonFinite)
      return try Diagnostics.of { () throws(StoreError) in
        let written = try writer.finish()
        return try commit(written, at: aside, of: plan, counts: counts, now: now)
      }
    } catch {
      writer.abandon()
      removeFile(aside)
      throw error
    }
  }

  private func commit(
    _ written: WrittenSegment, at aside: String, of plan: ViewPlan, counts: ViewCounts, now: Int64
  ) throws(StoreError) -> Commit {
    let digest = written.content.hex(written.contentFields)
    if let newest = try newest(for: plan), newest.digest == digest {
      // A damaged segment is mended by what was just read.
      if newest.segments.contains(where: { !isWhole($0.digest) }) {
        do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
        try catalog.write { database in try replaceSegments(of: newest.id, by: written.record, database) }
      } else {
        removeFile(aside)
      }
      try catalog.write { database in
        try database.execute(sql: "update snapshot set read_at = ? where id = ?", arguments: [now, newest.id])
      }
      return Commit(snapshot: newest, isNew: false)
    }
    do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
    let snapshot = try catalog.write { database in
      try database.execute(
        sql: """
          insert into snapshot (view, read_digest, digest, row_count, created_at, read_at, counts, layout, content)
          values (?, ?, ?, ?, ?, ?, ?, 2, ?)
          """,
        arguments: [
          plan.view.name.value, plan.readDigest, digest, written.record.rowCount, now, now, jsonText(counts), written.content.text,
        ])
      let id = database.lastInsertedRowID
      try replaceSegments(of: id, by: written.record, database)
      guard let row = try Row.fetchOne(database, sql: "select * from snapshot where id = ?", arguments: [id]) else {
        preconditionFailure("it was just inserted")
      }
      return try Snapshot(row, database)
    }
    return Commit(snapshot: snapshot, isNew: true)
  }

  private func replaceSegments(of snapshot: Int64, by record: SegmentRecord, _ database: Database) throws {
    try database.execute(
      sql: "insert or replace into segment (digest, byte_count, facts) values (?, ?, ?)",
      arguments: [record.digest, record.byteCount, record.facts])
    try database.execute(sql: "delete from snapshot_segment where snapshot = ?", arguments: [snapshot])
    try database.execute(
      sql: "insert into snapshot_segment (snapshot, position, role, segment) values (?, 0, 'rows', ?)",
      arguments: [snapshot, record.digest])
  }
}

extension Diagnostics {
  /// The store's errors as what people read.
  static func of<Result>(_ body: () throws(StoreError) -> Result) throws(Diagnostics) -> Result {
    do throws(StoreError) { return try body() } catch { throw Diagnostics(error.diagnostics, isBusy: error.isBusy) }
  }
}

/// A segment that is whole, and what its rows are.
struct WrittenSegment: Sendable {
  let record: SegmentRecord
  let content: ContentDigest
  /// The columns that count in the digest.
  let contentFields: [Field]
}

/// Writes a view's lots, in their order, as one segment.
private final class SegmentWriter: Sendable {
  /// Fewer rows are no record batch of their own.
  private static let batchRows = 32_768

  private let plan: ViewPlan
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
  }

  init(plan: ViewPlan, path: String, metadata: [(String, String)]) {
    self.plan = plan
    self.path = path
    self.metadata = metadata
  }

  /// A lot's share of the digest.
  func content(of table: ViewTable) -> ContentDigest {
    let columns = zip(SegmentLayout.fields(table, of: plan), table.columns).filter { SegmentLayout.isOfContent($0.0) }.map(\.1)
    var content = ContentDigest()
    content.add(columns, rowCount: table.rowCount)
    return content
  }

  /// - Precondition: lots come in their order.
  func append(_ table: ViewTable, _ content: ContentDigest) throws(Diagnostics) {
    try Diagnostics.of { () throws(StoreError) in
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
        if table.rowCount == 0 { return }
        state.pending.append(table)
        state.pendingRows += table.rowCount
        if state.pendingRows >= Self.batchRows { try flush(&state) }
      }
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
          contentFields: state.fields.filter(SegmentLayout.isOfContent))
      } catch {
        throw .segment(error)
      }
    }
  }

  /// Drops the file, which removes what was written.
  func abandon() { state.withLock { $0.file = nil } }
}
