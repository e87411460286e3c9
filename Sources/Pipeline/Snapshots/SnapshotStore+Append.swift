import ArrowFiles
import Columns
import Crypto
import Definitions
package import Diagnostics
package import Engine
import GRDB
import Parallel
package import Planning
import Synchronization
import Times

/// A snapshot that rows are to be appended to, and from when on they are read again.
package struct AppendBase: Sendable {
  package let snapshot: Snapshot
  /// Rows that became known at this time or before are not looked at: microseconds since the epoch.
  package let knownAfter: Int64
}

extension SnapshotStore {
  /// So many segments of rows are merged into one: a batch is then read from one place again.
  static let mostSegments = 8

  /// The snapshot to which what became known since can be appended; nil: everything has to be read.
  package func appendBase(for plan: ViewPlan) throws(StoreError) -> AppendBase? {
    guard plan.appends, let lookback = plan.module.lookback, let newest = try newest(for: plan), newest.layout == 2 else { return nil }
    let watermark = try catalog.read { database in
      try Int64.fetchOne(database, sql: "select watermark from snapshot where id = ?", arguments: [newest.id])
    }
    return watermark.map { AppendBase(snapshot: newest, knownAfter: saturatingAdd($0, -lookback.microseconds)) }
  }

  /// Appends what was read since to a snapshot, as a segment of its own; rows that it has already are left out, each as often as it is there.
  ///
  /// - Parameters:
  ///   - collector: reading has ended; it took only rows that became known after the base's time.
  /// - Returns: nil if the rows' types have changed, so that everything has to be read.
  /// - Precondition: the caller holds the writer lock.
  package func append(
    _ collector: ViewCollector, to base: AppendBase, of plan: ViewPlan, workers: Int, memory: Int, now: Int64,
    progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> (commit: Commit, newRows: Int)? {
    let rows = try Diagnostics.of { () throws(StoreError) in try storedRows(of: base.snapshot, plan: plan) }
    let recent = try Diagnostics.of { () throws(StoreError) -> RecentRows in
      if let noted = recentRows(of: base.snapshot, knownAfter: base.knownAfter) { return noted }
      return try recentRows(rows, after: base.knownAfter, plan)
    }
    let shelf = try Diagnostics.of { () throws(StoreError) in ColumnShelf(in: try ScratchFolder(in: folder)) }
    let found = Mutex(FreshRows(known: recent, fields: rows.fields, plan: plan, shelf: shelf, limit: memory / 8))
    let types = rows.fields.map(\.type)
    try forEachTable(of: collector, workers: workers, progress: progress) { table, lot in
      RowsRead(table.fitted(to: types), lot: lot, of: plan)
    } take: { (read: RowsRead) throws(StoreError) in
      try found.withLock { fresh throws(StoreError) in try fresh.take(read) }
    }
    let fresh = found.withLock { $0 }
    // The segments would differ.
    if fresh.haveOtherFields { return nil }
    let counts = collector.counts(nonFinite: [Int](repeating: 0, count: plan.outputs.count))
    return try Diagnostics.of { () throws(StoreError) in
      let commit = try commit(fresh, recent, to: base.snapshot, rows, of: plan, counts: counts, memory: memory, now: now) {
        shelf.release()
      }
      return (commit, fresh.rowCount)
    }
  }

  /// The rows that may be read again, found among all.
  private func recentRows(_ rows: StoredRows, after limit: Int64, _ plan: ViewPlan) throws(StoreError) -> RecentRows {
    var known = RecentRows(knownAfter: limit)
    for segment in 0..<rows.segmentCount {
      for batch in 0..<rows.batchCount(ofSegment: segment) {
        let times = try rows.rawTable(segment, batch, [.knownTime])
        guard case .timestamp(let buffer)? = times.columns.first?.values else { return known }
        let recent = ContiguousArray((0..<Int32(times.rowCount)).lazy.filter { buffer.span[Int($0)] > limit })
        if recent.isEmpty { continue }
        let table = try rows.rawTable(segment, batch, rows.parts).gathered(recent.span)
        for (row, digest) in zip(recent, RowsRead(table, lot: batch, of: plan).digests) {
          known.append(RecentRows.Row(knownAt: buffer.span[Int(row)], digest: digest))
        }
      }
    }
    return known
  }

  private func commit(
    _ fresh: FreshRows, _ recent: RecentRows, to base: Snapshot, _ rows: StoredRows, of plan: ViewPlan, counts: ViewCounts, memory: Int,
    now: Int64, written: () -> Void
  ) throws(StoreError) -> Commit {
    if fresh.parts.isEmpty {
      try catalog.write { database in
        try database.execute(sql: "update snapshot set read_at = ? where id = ?", arguments: [now, base.id])
      }
      return Commit(snapshot: base, isNew: false)
    }
    var (tables, ends) = (fresh.parts.map(\.table), [VersionEnds](repeating: VersionEnds(), count: rows.segmentCount))
    if plan.hasVersions { (tables, ends) = try resolve(tables, against: rows, of: base, plan) }
    let aside = newSegmentPath
    let writer = SegmentWriter(
      plan: plan, path: aside, untyped: rows.untyped, shelves: (folder, memory / 32), base: (recent, try watermark(of: base)), now: now)
    for (table, part) in zip(tables, fresh.parts) {
      try writer.add(table, part.content, lot: part.lot)
      written()
    }
    let written = try writer.finish()
    do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
    var segments = base.segments.filter { $0.role == .rows } + [SnapshotSegment(role: .rows, digest: written.record.digest)]
    if let table = endsTable(ends) { segments.append(SnapshotSegment(role: .ends, digest: try write(table, metadata: []))) }
    var content = try content(of: base)
    content.add(written.content)
    segments += try segment(of: written.recent)
    return try insert(
      view: plan.view.name.value, readDigest: plan.readDigest, content: content, fields: written.contentFields, segments: segments,
      records: [written.record], counts: counts + base.counts.withoutRead, watermark: written.watermark, now: now)
  }

  /// Versions that came put an end to earlier ones of their records, and may themselves be ended by what was known before.
  private func resolve(
    _ fresh: [ViewTable], against rows: StoredRows, of base: Snapshot, _ plan: ViewPlan
  ) throws(StoreError) -> (tables: [ViewTable], ends: [VersionEnds]) {
    let records = Set(fresh.flatMap { $0.recordHashes })
    var (old, places): (tables: [ViewTable], places: [(segment: Int, row: Int)]) = ([], [])
    let parts = rows.parts
    for segment in 0..<rows.segmentCount {
      for batch in 0..<rows.batchCount(ofSegment: segment) {
        let ids = try rows.rawTable(segment, batch, plan.recordID.indices.map { .record($0) })
        let found = ContiguousArray(ids.recordHashes.enumerated().lazy.filter { records.contains($0.element) }.map { Int32($0.offset) })
        if found.isEmpty { continue }
        old.append(try rows.rawTable(segment, batch, parts).gathered(found.span))
        let first = rows.firstRow(ofBatch: batch, inSegment: segment)
        places += found.map { (segment, first + Int($0)) }
      }
    }
    let oldEnds = versionEnds(of: old + fresh, plan)
    var pairs = [[(row: Int, end: Int64)]](repeating: [], count: rows.segmentCount)
    for (segment, known) in try ends(of: base).enumerated() { pairs[segment] = zip(known.rows, known.ends).map { ($0, $1) } }
    for (i, place) in places.enumerated() where oldEnds[i] != .max { pairs[place.segment].append((place.row, oldEnds[i])) }
    var start = places.count
    let tables = fresh.map { table in
      let until = ContiguousArray(oldEnds[start..<start + table.rowCount])
      start += table.rowCount
      return table.replacing(.servesUntil, by: Column(.timestamp(Buffer(until)), validity: Bitmap(until.lazy.map { $0 != .max })))
    }
    return (tables, pairs.map(VersionEnds.init))
  }

  private func versionEnds(of tables: [ViewTable], _ plan: ViewPlan) -> ContiguousArray<Int64> {
    Engine.versionEnds(ViewTable.concatenated(tables), plan: plan)
  }

  private func endsTable(_ ends: [VersionEnds]) -> Columns.Table? {
    let count = ends.reduce(0) { $0 + $1.rows.count }
    if count == 0 { return nil }
    let segments = ends.enumerated().flatMap { segment, ends in ends.rows.map { _ in Int64(segment) } }
    let columns = [
      Columns.Column(.int64(Buffer(segments))), Columns.Column(.int64(Buffer(ends.flatMap { $0.rows.map { Int64($0) } }))),
      Columns.Column(.timestamp(Buffer(ends.flatMap(\.ends)))),
    ]
    return Columns.Table(
      fields: [Field("segment", .int64), Field("row", .int64), Field("serves_until", .timestamp)], columns: columns, rowCount: count)
  }

  /// Writes a snapshot of many segments anew as one of one, of the same content.
  ///
  /// - Parameter memory: bytes, for all that is done.
  /// - Precondition: the caller holds the writer lock.
  package func compactIfNeeded(_ snapshot: Snapshot, of plan: ViewPlan, workers: Int, memory: Int, now: Int64) throws(Diagnostics)
    -> Snapshot
  {
    guard snapshot.segments.filter({ $0.role == .rows }).count > Self.mostSegments else { return snapshot }
    let rows = try Diagnostics.of { () throws(StoreError) in try storedRows(of: snapshot, plan: plan) }
    let scratch = try Diagnostics.of { () throws(StoreError) in try ScratchFolder(in: folder) }
    let collector = ViewCollector(plan: plan, memory: memory, workers: workers, spill: SpillFolder(scratch))
    try rows.forEachTable { (table: ViewTable) throws(Diagnostics) in try collector.take(kept: table) }
    try collector.finish(types: rows.fields.map(\.type), workers: workers)
    let aside = newSegmentPath
    let writer = SegmentWriter(plan: plan, path: aside, untyped: rows.untyped, shelves: (folder, memory / 32), now: now)
    // Of the same rows the digest is known.
    try forEachTable(of: collector, workers: workers) { table, lot in
      (table, lot)
    } take: { (found: (table: ViewTable, lot: Int)) throws(StoreError) in
      try writer.add(found.table, RowsContent(), lot: found.lot)
    }
    return try Diagnostics.of { () throws(StoreError) in
      let written = try writer.finish()
      return try replaceRows(of: snapshot, by: written, at: aside)
    }
  }

  private func replaceRows(of snapshot: Snapshot, by written: WrittenSegment, at aside: String) throws(StoreError) -> Snapshot {
    do throws(ArrowFileError) { try keep(aside, as: written.record.digest) } catch { throw .segment(error) }
    return try catalog.write { database in
      // Ends are in the rows now.
      let derived = snapshot.segments.filter { $0.role == .recent }
      try insertSegments(
        [SnapshotSegment(role: .rows, digest: written.record.digest)] + derived, [written.record], of: snapshot.id, database)
      return try Snapshot.fetch(snapshot.id, database)
    }
  }

  private func content(of snapshot: Snapshot) throws(StoreError) -> ContentDigest {
    let text = try catalog.read { database in
      try String.fetchOne(database, sql: "select content from snapshot where id = ?", arguments: [snapshot.id])
    }
    guard let content = text.flatMap(ContentDigest.init(text:)) else {
      throw .damaged(path: "\(folder)/catalog.sqlite", reason: "the content of snapshot \(snapshot.digest.prefix(8)) cannot be read")
    }
    return content
  }

  private func watermark(of snapshot: Snapshot) throws(StoreError) -> Int64? {
    try catalog.read { database in
      try Int64.fetchOne(database, sql: "select watermark from snapshot where id = ?", arguments: [snapshot.id])
    }
  }
}

/// A row's content, as the digest counts it.
struct RowDigest: Hashable, Sendable {
  let bytes: InlineArray<4, UInt64>

  static func == (a: RowDigest, b: RowDigest) -> Bool {
    a.bytes[0] == b.bytes[0] && a.bytes[1] == b.bytes[1] && a.bytes[2] == b.bytes[2] && a.bytes[3] == b.bytes[3]
  }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes[0]) }
}

extension ViewTable {
  /// With the types of rows that are there already, where what was read now can have them too.
  fileprivate func fitted(to types: [DataType]) -> ViewTable {
    guard types.count == columns.count else { return self }
    let fitted = zip(columns, types).map { column, type in
      column.nullCount == column.count || (column.type == .int64 && type == .float64) ? column.converted(to: type) : column
    }
    return ViewTable(parts: parts, columns: fitted, rowCount: rowCount)
  }
}

extension ViewCounts {
  /// What was read before is not read now.
  fileprivate var withoutRead: ViewCounts {
    var counts = self
    counts.read = 0
    return counts
  }
}
