import Diagnostics
import Files
import Foundation
import GRDB

/// The store's catalog: which snapshots and versions exist, what was built when. One SQLite file in WAL mode.
///
/// Beside it stands its SHA-256, renewed after every change, so that a flipped bit anywhere in it is found. While it is being
/// changed there is none: after a crash the catalog is checked by its structure alone until the next change.
struct Catalog: Sendable {
  /// "gway" in ASCII.
  private static let applicationID = 0x67_77_61_79

  private let queue: DatabaseQueue
  let path: String
  /// The schema number that was found.
  private let schema: Int
  private var digestPath: String { path + ".sha256" }

  /// Opens the catalog, or makes an empty one, which needs a migration.
  init(path: String) throws(StoreError) {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: path, configuration: configuration)
      schema = try queue.read { database in
        let owner = try Int.fetchOne(database, sql: "pragma application_id") ?? 0
        let schema = try Int.fetchOne(database, sql: "pragma user_version") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "select count(*) from sqlite_schema") == 0
        guard owner == Self.applicationID || isEmpty else {
          throw StoreError.damaged(path: path, reason: "it is a database of something else")
        }
        return schema
      }
    } catch {
      throw Self.storeError(error, path)
    }
    if schema > Self.migrations.count { throw .newer(path: path, schema: schema, known: Self.migrations.count) }
  }

  var needsMigration: Bool { schema < Self.migrations.count }

  /// Brings an older catalog, of which a copy is kept, to this engine's schema.
  ///
  /// - Precondition: the caller holds the store's writer lock.
  func migrate() throws(StoreError) {
    do {
      // Kept in the file; said again at each opening it would write to it.
      try queue.writeWithoutTransaction { try $0.execute(sql: "pragma journal_mode = wal") }
      if schema > 0 { try queue.backup(to: DatabaseQueue(path: "\(path).schema\(schema)")) }
      try change { database in
        // Another process may have done it before this one got the lock.
        let found = try Int.fetchOne(database, sql: "pragma user_version") ?? 0
        guard found < Self.migrations.count else { return }
        for text in Self.migrations[found...] { try database.execute(sql: text) }
        try database.execute(sql: "pragma application_id = \(Self.applicationID); pragma user_version = \(Self.migrations.count)")
      }
    } catch {
      throw Self.storeError(error, path)
    }
  }

  /// One text a schema number, from 1.
  private static let migrations = [
    """
    create table snapshot (
      id integer primary key, view text not null, read_digest text not null, digest text not null, segment text not null,
      row_count integer not null, created_at integer not null, read_at integer not null, counts text not null) strict;
    create index snapshot_by_view on snapshot (view, id);
    create table build (
      id integer primary key, module text not null, kind text not null, row_count integer not null, seconds real not null,
      built_at integer not null) strict;
    create table training_set (
      id integer primary key, name text not null, number integer not null, digest text not null, definition text not null,
      spine_segment text not null, row_count integer not null, created_at integer not null, unique (name, number), unique (name, digest)) strict;
    create table training_set_snapshot (
      training_set integer not null references training_set, snapshot integer not null references snapshot,
      primary key (training_set, snapshot)) strict;
    """,
    // Snapshots as lists of segments, and what finds a flipped bit in a part of one. A snapshot of layout 1 has one record batch, and its
    // digest counts every column.
    """
    create table segment (digest text primary key, byte_count integer not null, facts blob not null) strict, without rowid;
    create table snapshot_segment (
      snapshot integer not null references snapshot, position integer not null, role text not null, segment text not null,
      primary key (snapshot, position)) strict, without rowid;
    insert into snapshot_segment select id, 0, 'rows', segment from snapshot;
    alter table snapshot drop column segment;
    alter table snapshot add column layout integer not null default 1;
    alter table snapshot add column content text not null default '';
    alter table snapshot add column watermark integer;
    """,
    // What each look at an observed module found. A look that found nothing new is none, but the first one always is.
    """
    create table observation (
      id integer primary key, module text not null, observed_at integer not null, recorded_at integer not null, grain text not null,
      new_rows integer not null, changed_rows integer not null, gone_rows integer not null, row_count integer not null, segment text) strict;
    create index observation_by_module on observation (module, id);
    """,
    // What models produced. An event is what was done to an output, a batch the rows that one of them brought. The store has a name that no
    // other has, by which it knows its own publications.
    """
    create table store (id text not null) strict;
    insert into store values (lower(hex(randomblob(16))));
    alter table training_set add column vintage integer;
    create table model_version (
      id integer primary key, output text not null, version text not null, facts text not null, created_at integer not null,
      unique (output, version)) strict;
    create table output_event (
      id integer primary key, output text not null, kind text not null, effective_at integer not null, recorded_at integer not null,
      detail text not null) strict;
    create index output_event_by_output on output_event (output, id);
    create table output_batch (
      id integer primary key, event integer not null references output_event, output text not null, version text not null,
      name text not null, digest text not null, segment text not null, row_count integer not null, summary text not null,
      scored_from text) strict;
    create index output_batch_by_output on output_batch (output, id);
    """,
  ]

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.read(body) } catch { throw Self.storeError(error, path) }
  }

  /// - Precondition: the caller holds the store's writer lock.
  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try change(body) } catch { throw Self.storeError(error, path) }
  }

  /// The same, of a body that may refuse for reasons of its own: then nothing is written.
  func writeUnlessRefused<Value>(_ body: (Database) throws -> Value) throws(Diagnostics) -> Value {
    do { return try change(body) } catch {
      if let error = error as? any DiagnosableError { throw Diagnostics(error.diagnostics, isBusy: error.isBusy) }
      let error = Self.storeError(error, path)
      throw Diagnostics(error.diagnostics, isBusy: error.isBusy)
    }
  }

  private func change<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try? FileManager.default.removeItem(atPath: digestPath)
    // What is written is written, whatever becomes of the digest: the disk may be full by now, or somebody may read the catalog for long.
    defer { try? renewDigest() }
    return try queue.write(body)
  }

  private func renewDigest() throws {
    try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    let file = try AsideFile(digestPath)
    try file.write(ContiguousArray((try sha256(ofFile: path) + "\n").utf8))
    try file.commit()
  }

  /// - Precondition: the caller holds the store's writer lock.
  func removeLeftovers() { removeFile(AsideFile.partialPath(of: digestPath)) }

  /// Compares the file with its digest: cheap, since a catalog is small.
  ///
  /// - Throws: `.damaged` if it is not as the last change left it.
  func checkBytes() throws(StoreError) {
    // Somebody may just be changing it: then its digest goes or changes.
    for attempt in 0..<20 {
      guard let expected = digest else { return }
      let found: String
      do throws(FileError) { found = try sha256(ofFile: path) } catch { throw .unavailable(path: path, reason: error.description) }
      if found == expected { return }
      if attempt < 19 { usleep(20_000) }
    }
    throw .damaged(path: path, reason: "its bytes are not those that were written")
  }

  /// What is wrong with the file as a whole, if anything is.
  func damage() throws(StoreError) -> String? {
    let found = try read { database in try String.fetchAll(database, sql: "pragma integrity_check") }
    if found != ["ok"] { return found.first ?? "it cannot be checked" }
    do throws(StoreError) { try checkBytes() } catch {
      if case .damaged(_, let reason) = error { return reason }
      throw error
    }
    return nil
  }

  private var digest: String? {
    (try? String(contentsOfFile: digestPath, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func storeError(_ error: any Error, _ path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    if error is DecodingError { return .damaged(path: path, reason: "a record in it cannot be read") }
    if let error = error as? FileError { return .unavailable(path: path, reason: error.description) }
    guard let error = error as? DatabaseError else { return .unavailable(path: path, reason: error.localizedDescription) }
    let reason = error.message ?? "\(error)"
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path, holder: nil)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR: .damaged(path: path, reason: reason)
    default: .unavailable(path: path, reason: reason)
    }
  }
}
