import Foundation
import GRDB

/// The store's catalog: which snapshots exist, what was built when. One SQLite file in WAL mode.
struct Catalog: Sendable {
  /// "gway" in ASCII.
  private static let applicationID = 0x67_77_61_79
  private static let schema = 1

  private let queue: DatabaseQueue
  private let path: String

  init(path: String) throws(StoreError) {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.journalMode = .wal
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let found = try queue.write { database in
        let found = try Int.fetchOne(database, sql: "pragma user_version") ?? 0
        if found < Self.schema { try Self.create(in: database) }
        return found
      }
      if found > Self.schema { throw StoreError.newer(path: path, schema: found, known: Self.schema) }
    } catch {
      throw Self.storeError(error, path)
    }
  }

  private static func create(in database: Database) throws {
    try database.execute(
      sql: """
        create table snapshot (
          id integer primary key, view text not null, read_digest text not null, segment text not null, row_count integer not null,
          created_at integer not null, counts text not null);
        create index snapshot_by_view on snapshot (view, id);
        create table build (
          id integer primary key, module text not null, kind text not null, row_count integer not null, seconds real not null,
          built_at integer not null);
        pragma application_id = \(applicationID);
        pragma user_version = \(schema);
        """)
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.read(body) } catch { throw Self.storeError(error, path) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.write(body) } catch { throw Self.storeError(error, path) }
  }

  private static func storeError(_ error: any Error, _ path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else { return .unavailable(path: path, reason: "\(error)") }
    let reason = error.message ?? "\(error)"
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(path: path, reason: reason)
    default: .unavailable(path: path, reason: reason)
    }
  }
}
