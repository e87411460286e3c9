import ArrowFiles
import Columns
import Definitions
import Diagnostics
package import Engine
import Files
import Foundation
import GRDB
package import Planning

/// An immutable materialized feature view.
package struct Snapshot: Sendable, Hashable {
  package let id: Int64
  package let view: String
  /// Of what the definition reads: another one is another version of the view.
  package let readDigest: String
  /// Of the rows: the snapshot's name by content.
  package let digest: String
  /// How its segments are laid out.
  let layout: Int
  /// The segments of its rows, and what was derived of them.
  let segments: [SnapshotSegment]
  package let rowCount: Int
  /// Microseconds since the epoch.
  package let createdAt: Int64
  /// When the module was last read and found to give these rows; at or after ``createdAt``.
  package let readAt: Int64
  package let counts: ViewCounts
}

/// A segment as a part of a snapshot.
struct SnapshotSegment: Sendable, Hashable {
  enum Role: String, Sendable {
    /// Rows that serve at some time.
    case rows
    /// When versions in earlier segments end; derived, and in no digest.
    case ends
    /// The rows that are read again at the next append; derived, and in no digest.
    case recent
  }

  let role: Role
  /// The SHA-256 of its bytes, by which the file is named.
  let digest: String
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
  package let folder: String
  let catalog: Catalog

  /// Makes the folder and the catalog where there are none.
  package init(folder: String) throws(StoreError) {
    self.folder = folder
    do {
      try FileManager.default.createDirectory(atPath: "\(folder)/segments", withIntermediateDirectories: true)
    } catch {
      throw .unavailable(path: folder, reason: (error as NSError).localizedFailureReason ?? error.localizedDescription)
    }
    catalog = try Catalog(path: "\(folder)/catalog.sqlite")
    try catalog.checkBytes()
    if catalog.needsMigration {
      let lock = try StoreLock(.writer, in: folder, command: "preparing the store")
      try catalog.migrate()
      withExtendedLifetime(lock) {}
    }
  }

  /// - Parameter command: what the lock is held for, for whoever waits.
  package func lock(_ kind: StoreLock.Kind, for command: String) throws(StoreError) -> StoreLock {
    let lock = try StoreLock(kind, in: folder, command: command)
    if kind == .writer { removeLeftovers() }
    return lock
  }

  /// What a killed writer left half-written: nobody else writes while the lock is held.
  private func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/segments")) ?? []
    for name in names where !name.hasSuffix(".arrow") { removeFile("\(folder)/segments/\(name)") }
    catalog.removeLeftovers()
    ScratchFolder.removeAbandoned(in: folder)
  }

  /// The newest snapshot of what a plan reads, if there is one.
  package func newest(for plan: ViewPlan) throws(StoreError) -> Snapshot? {
    let (view, digest) = (plan.view.name.value, plan.readDigest)
    return try catalog.read { database in
      try Row.fetchOne(
        database, sql: "select * from snapshot where view = ? and read_digest = ? order by id desc limit 1", arguments: [view, digest]
      ).map { try Snapshot($0, database) }
    }
  }

  package func record(_ build: BuildRecord) throws(StoreError) {
    try catalog.write { database in
      try database.execute(
        sql: "insert into build (module, kind, row_count, seconds, built_at) values (?, ?, ?, ?, ?)",
        arguments: [build.module, build.kind, build.rowCount, build.seconds, build.builtAt])
    }
  }

  /// When a module was last built here, microseconds since the epoch; nil if none ever was.
  package func newestBuild() throws(StoreError) -> Int64? {
    try catalog.read { try Int64.fetchOne($0, sql: "select max(built_at) from build") }
  }

  func path(ofSegment digest: String) -> String { "\(folder)/segments/\(digest).arrow" }

  /// Writes a table as one segment; one of the same bytes is there once.
  ///
  /// - Parameter shelf: has the table's columns, which are in memory one after the other then.
  /// - Returns: the SHA-256 of its bytes, by which it is named.
  func write(_ table: Columns.Table, metadata: [(String, String)], from shelf: ColumnShelf? = nil) throws(StoreError) -> String {
    let aside = newSegmentPath
    do throws(ArrowFileError) {
      let writer = try ArrowFileWriter(fields: table.fields, metadata: metadata, path: aside)
      if let shelf, !shelf.isEmpty { try writer.append([table]) { shelf.release() } } else { try writer.append(table) }
      let digest = try writer.finish().sha256
      try keep(aside, as: digest)
      return digest
    } catch {
      throw .segment(error)
    }
  }

  var newSegmentPath: String { "\(folder)/segments/\(UUID().uuidString).new" }

  /// Gives a whole segment its name.
  func keep(_ aside: String, as digest: String) throws(ArrowFileError) {
    do throws(FileError) {
      try renameFile(aside, to: path(ofSegment: digest))
      try syncFolder(of: path(ofSegment: digest))
    } catch {
      removeFile(aside)
      throw .file(error)
    }
  }

  /// Whether a segment is there with the bytes that its name tells.
  func isWhole(_ segment: String) -> Bool {
    do throws(FileError) { return try sha256(ofFile: path(ofSegment: segment)) == segment } catch { return false }
  }

  /// - Parameter shelf: gives its memory back.
  /// - Precondition: the caller holds the reader lock as long as the table is in use.
  func read(_ segment: String, _ shelf: ColumnShelf? = nil) throws(StoreError) -> (table: Columns.Table, metadata: [String: String]) {
    let path = path(ofSegment: segment)
    try checkDigest(segment)
    do throws(ArrowFileError) {
      let file = try ArrowFile(mapping: path)
      shelf?.watch(file)
      guard let table = file.batches.first, file.batches.count == 1 else {
        throw .damaged(path: path, what: "it has \(file.batches.count) batches, not one")
      }
      return (table, file.metadata)
    } catch {
      throw .segment(error)
    }
  }
}

extension SnapshotStore {
  /// A flipped bit would be a wrong feature; hashing costs less than a second a gigabyte.
  func checkDigest(_ segment: String) throws(StoreError) {
    let path = path(ofSegment: segment)
    let found: String
    do throws(FileError) { found = try sha256(ofFile: path) } catch { throw .segment(.file(error)) }
    guard found == segment else { throw .segment(.damaged(path: path, what: "its bytes are not those of its digest")) }
  }
}

extension Snapshot {
  /// - Precondition: it is there.
  static func fetch(_ id: Int64, _ database: Database) throws -> Snapshot {
    guard let row = try Row.fetchOne(database, sql: "select * from snapshot where id = ?", arguments: [id]) else {
      preconditionFailure("the caller has it")
    }
    return try Snapshot(row, database)
  }

  init(_ row: Row, _ database: Database) throws {
    let (id, counts): (Int64, String) = (row["id"], row["counts"])
    let segments = try Row.fetchAll(
      database, sql: "select role, segment from snapshot_segment where snapshot = ? order by position", arguments: [id]
    ).compactMap { row in
      SnapshotSegment.Role(rawValue: row["role"]).map { SnapshotSegment(role: $0, digest: row["segment"]) }
    }
    self.init(
      id: id, view: row["view"], readDigest: row["read_digest"], digest: row["digest"], layout: row["layout"], segments: segments,
      rowCount: row["row_count"], createdAt: row["created_at"], readAt: row["read_at"],
      counts: try JSONDecoder().decode(ViewCounts.self, from: Data(counts.utf8)))
  }
}

/// Equal values give equal text.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
    preconditionFailure("only texts and whole numbers are kept as JSON")
  }
}
