import ArrowFiles
import Columns
import Definitions
package import Diagnostics
package import Engine
import Files
import GRDB
import Parallel
package import Planning

extension SnapshotStore {
  /// How a commit went.
  package struct Commit: Sendable {
    package let snapshot: Snapshot
    /// False: the newest snapshot holds the same; nothing was committed, and that one is given.
    package let isNew: Bool

    package init(snapshot: Snapshot, isNew: Bool) {
      self.snapshot = snapshot
      self.isNew = isNew
    }
  }

  /// Writes a view's rows as a segment and commits them as a snapshot.
  ///
  /// Tables are sorted and hashed on all workers and written in their order, a record batch for some 32,000 rows or more.
  ///
  /// - Parameters:
  ///   - collector: reading has ended.
  ///   - nonFinite: per output of the plan, values that became null.
  ///   - untyped: which values of the plan have no type of their own.
  ///   - modelVersions: whose predictions the rows are; nil: they are none.
  ///   - memory: bytes, for all that is done.
  ///   - progress: called with the tables done.
  /// - Precondition: the caller holds the writer lock.
  package func commit(
    _ collector: ViewCollector, of plan: ViewPlan, nonFinite: [Int], untyped: [Int], modelVersions: [String]? = nil, workers: Int,
    memory: Int, now: Int64,
    progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> Commit {
    let aside = newSegmentPath
    let writer = SegmentWriter(plan: plan, path: aside, untyped: untyped, shelves: (folder, memory / 32), now: now)
    do throws(Diagnostics) {
      try forEachTable(of: collector, workers: workers, progress: progress) { table, lot in
        (table, writer.content(of: table), lot)
      } take: { (found: (table: ViewTable, content: RowsContent, lot: Int)) throws(StoreError) in
        try writer.add(found.table, found.content, lot: found.lot)
      }
      try collector.check()
      var counts = collector.counts(nonFinite: nonFinite)
      counts.modelVersions = modelVersions
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

  /// Sorts a collector's tables on all workers and hands them on in their order.
  ///
  /// - Parameters:
  ///   - progress: called with the tables done.
  ///   - make: called on all workers.
  ///   - take: called with what was made of one table after the other.
  func forEachTable<Made: Sendable>(
    of collector: ViewCollector, workers: Int,
    progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void = { _, _ in },
    _ make: @Sendable (_ table: ViewTable, _ lot: Int) -> Made, take: @Sendable (Made) throws(StoreError) -> Void
  ) throws(Diagnostics) {
    let made = InOrder<Made>(limit: workers)
    let count = collector.tableCount
    try forEachInParallel(count, workers: workers) { _, number throws(Diagnostics) in
      do throws(Diagnostics) {
        let (table, lot) = try collector.table(number)
        try made.bring(number, make(table, lot)) { number, found throws(Diagnostics) in
          try Diagnostics.of { () throws(StoreError) in try take(found) }
          try progress(number + 1, count)
        }
      } catch {
        made.stop()
        throw error
      }
    }
  }

  private func commit(
    _ written: WrittenSegment, at aside: String, of plan: ViewPlan, counts: ViewCounts, now: Int64
  ) throws(StoreError) -> Commit {
    let digest = written.content.hex(written.contentFields)
    if let newest = try newest(for: plan), newest.digest == digest {
      // A damaged segment is mended by what was just read.
      let isDamaged = newest.segments.contains { !isWhole($0.digest) }
      if isDamaged {
        do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
      } else {
        removeFile(aside)
      }
      let segments = isDamaged ? try segments(of: written) : []
      return try catalog.write { database in
        if isDamaged {
          try insertSegments(segments, [written.record], of: newest.id, database)
        }
        try database.execute(
          sql: "update snapshot set read_at = ?, watermark = ? where id = ?", arguments: [now, written.watermark, newest.id])
        return Commit(snapshot: try Snapshot.fetch(newest.id, database), isNew: false)
      }
    }
    do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
    return try insert(
      view: plan.view.name.value, readDigest: plan.readDigest, content: written.content, fields: written.contentFields,
      segments: try segments(of: written), records: [written.record], counts: counts, watermark: written.watermark, now: now)
  }

  private func segments(of written: WrittenSegment) throws(StoreError) -> [SnapshotSegment] {
    [SnapshotSegment(role: .rows, digest: written.record.digest)] + (try segment(of: written.recent))
  }

  /// - Parameters:
  ///   - fields: of the columns that count in the digest.
  ///   - records: of those segments that are new.
  func insert(
    view: String, readDigest: String, content: ContentDigest, fields: [Field], segments: [SnapshotSegment], records: [SegmentRecord],
    counts: ViewCounts, watermark: Int64?, now: Int64
  ) throws(StoreError) -> Commit {
    let snapshot = try catalog.write { database in
      try database.execute(
        sql: """
          insert into snapshot (view, read_digest, digest, row_count, created_at, read_at, counts, layout, content, watermark)
          values (?, ?, ?, ?, ?, ?, ?, 2, ?, ?)
          """,
        arguments: [
          view, readDigest, content.hex(fields), content.rowCount, now, now, jsonText(counts), content.text, watermark,
        ])
      let id = database.lastInsertedRowID
      try insertSegments(segments, records, of: id, database)
      return try Snapshot.fetch(id, database)
    }
    return Commit(snapshot: snapshot, isNew: true)
  }

  func insertSegments(_ segments: [SnapshotSegment], _ records: [SegmentRecord], of snapshot: Int64, _ database: Database) throws {
    for record in records {
      try database.execute(
        sql: "insert or replace into segment (digest, byte_count, facts) values (?, ?, ?)",
        arguments: [record.digest, record.byteCount, record.facts])
    }
    try database.execute(sql: "delete from snapshot_segment where snapshot = ?", arguments: [snapshot])
    for (position, segment) in segments.enumerated() {
      try database.execute(
        sql: "insert into snapshot_segment (snapshot, position, role, segment) values (?, ?, ?, ?)",
        arguments: [snapshot, position, segment.role.rawValue, segment.digest])
    }
  }
}

extension Diagnostics {
  /// The store's errors as what people read.
  static func of<Result>(_ body: () throws(StoreError) -> Result) throws(Diagnostics) -> Result {
    do throws(StoreError) { return try body() } catch { throw Diagnostics(error.diagnostics, isBusy: error.isBusy) }
  }
}
