import ArrowFiles
import Columns
import Crypto
import Definitions
import Diagnostics
package import Engine
import Foundation
import GRDB
package import Planning

/// An immutable materialized feature view.
package struct Snapshot: Sendable, Hashable {
  package let id: Int64
  package let view: String
  /// Of what the definition reads: another one is another version of the view.
  package let readDigest: String
  /// Of the segment: the snapshot's name by content.
  package let digest: String
  package let rowCount: Int
  /// Microseconds since the epoch.
  package let createdAt: Int64
  package let counts: ViewCounts
}

/// A module that was built.
package struct BuildRecord: Sendable, Hashable {
  package let module: String
  package let kind: String
  package let rowCount: Int
  package let seconds: Double
  package let builtAt: Int64

  package init(module: String, kind: String, rowCount: Int, seconds: Double, builtAt: Int64) {
    self.module = module
    self.kind = kind
    self.rowCount = rowCount
    self.seconds = seconds
    self.builtAt = builtAt
  }
}

/// The store of one project: a folder with a catalog and the segments that it names.
///
/// A segment is written aside, synced and renamed before the catalog's transaction makes it exist.
package struct SnapshotStore: Sendable {
  private let folder: URL
  let catalog: Catalog

  /// Makes the folder and the catalog where there are none.
  package init(folder path: String) throws(StoreError) {
    folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(
        at: folder.appending(path: "segments"), withIntermediateDirectories: true)
    } catch {
      throw .unavailable(path: path, reason: (error as NSError).localizedFailureReason ?? "\(error.localizedDescription)")
    }
    catalog = try Catalog(path: folder.appending(path: "catalog.sqlite").path)
  }

  /// The newest snapshot of what a plan reads, if there is one.
  package func newest(for plan: ViewPlan) throws(StoreError) -> Snapshot? {
    let (view, digest) = (plan.view.name.value, plan.readDigest)
    return try catalog.read { database in
      try Row.fetchOne(
        database, sql: "select * from snapshot where view = ? and read_digest = ? order by id desc limit 1", arguments: [view, digest]
      ).map(Snapshot.init)
    }
  }

  /// Commits a view's rows; where the newest snapshot holds the same, nothing is committed and that one is given.
  package func commit(_ resolved: ResolvedView, of plan: ViewPlan, now: Int64) throws(StoreError) -> (snapshot: Snapshot, isNew: Bool) {
    let (view, readDigest) = (plan.view.name.value, plan.readDigest)
    let digest = try write(resolved.rows, of: plan)
    if let newest = try newest(for: plan), newest.digest == digest { return (newest, false) }
    let counts = try encode(resolved.counts)
    let id = try catalog.write { database in
      try database.execute(
        sql: "insert into snapshot (view, read_digest, segment, row_count, created_at, counts) values (?, ?, ?, ?, ?, ?)",
        arguments: [view, readDigest, digest, resolved.rows.rowCount, now, counts])
      return database.lastInsertedRowID
    }
    let snapshot = Snapshot(
      id: id, view: view, readDigest: readDigest, digest: digest, rowCount: resolved.rows.rowCount, createdAt: now,
      counts: resolved.counts)
    return (snapshot, true)
  }

  /// A snapshot's rows, mapped from its segment.
  package func rows(of snapshot: Snapshot) throws(StoreError) -> ViewRows {
    let path = segmentPath(snapshot.digest)
    do throws(ArrowFileError) {
      let file = try ArrowFile(mapping: path)
      let untyped = Set((file.metadata[SegmentLayout.untyped] ?? "").split(separator: ",").compactMap { Int($0) })
      guard let table = file.batches.first, file.batches.count == 1, let rows = SegmentLayout.rows(table, untyped: untyped) else {
        throw .damaged(path: path, what: "it lacks columns of a feature view")
      }
      return rows
    } catch {
      throw .segment(error)
    }
  }

  package func record(_ build: BuildRecord) throws(StoreError) {
    try catalog.write { database in
      try database.execute(
        sql: "insert into build (module, kind, row_count, seconds, built_at) values (?, ?, ?, ?, ?)",
        arguments: [build.module, build.kind, build.rowCount, build.seconds, build.builtAt])
    }
  }

  /// - Returns: the SHA-256 of the segment's bytes, by which it is named.
  private func write(_ rows: ViewRows, of plan: ViewPlan) throws(StoreError) -> String {
    let names = SegmentLayout.Names(
      values: plan.values.map(\.text), filters: plan.filters.map(\.text), late: plan.lateColumns.map(\.column))
    let table = SegmentLayout.table(rows, names: names, isTimeless: plan.isTimeless)
    let untyped = rows.values.indices.filter { rows.values[$0].isUntyped }.map(String.init).joined(separator: ",")
    let aside = folder.appending(path: "segments/\(UUID().uuidString).arrow")
    do throws(ArrowFileError) {
      try writeArrowFile(
        [table], metadata: [("gangway.view", plan.view.name.value), (SegmentLayout.untyped, untyped)], to: aside.path)
    } catch {
      throw .segment(error)
    }
    do {
      let digest = try sha256(ofFile: aside)
      try FileManager.default.moveReplacing(aside, to: URL(fileURLWithPath: segmentPath(digest)))
      return digest
    } catch {
      try? FileManager.default.removeItem(at: aside)
      throw .unavailable(path: folder.path, reason: error.localizedDescription)
    }
  }

  func segmentPath(_ digest: String) -> String { folder.appending(path: "segments/\(digest).arrow").path }

  private func encode(_ counts: ViewCounts) throws(StoreError) -> String {
    do { return String(decoding: try JSONEncoder().encode(counts), as: UTF8.self) } catch {
      preconditionFailure("counts are numbers")
    }
  }
}

extension Snapshot {
  init(_ row: Row) throws {
    let counts: String = row["counts"]
    self.init(
      id: row["id"], view: row["view"], readDigest: row["read_digest"], digest: row["segment"], rowCount: row["row_count"],
      createdAt: row["created_at"], counts: try JSONDecoder().decode(ViewCounts.self, from: Data(counts.utf8)))
  }
}

extension FileManager {
  /// Renames within one folder; what was there is replaced in the same instant.
  fileprivate func moveReplacing(_ source: URL, to target: URL) throws {
    guard unsafe rename(source.path, target.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }
}

private func sha256(ofFile url: URL) throws -> String {
  let handle = try FileHandle(forReadingFrom: url)
  defer { try? handle.close() }
  var hash = SHA256()
  while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
  return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
