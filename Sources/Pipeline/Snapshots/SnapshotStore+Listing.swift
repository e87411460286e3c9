import Foundation
import GRDB

// What the store holds, for people who look around. Nothing here writes.
extension SnapshotStore {
  /// The store of a folder, if there is one.
  package static func existing(folder path: String) throws(StoreError) -> SnapshotStore? {
    guard FileManager.default.fileExists(atPath: path + "/catalog.sqlite") else { return nil }
    return try SnapshotStore(folder: path)
  }

  /// All snapshots, the newest first.
  package func snapshots() throws(StoreError) -> [Snapshot] {
    try catalog.read { database in
      try Row.fetchAll(database, sql: "select * from snapshot order by id desc").map { try Snapshot($0, database) }
    }
  }

  /// All builds, the newest first.
  package func builds() throws(StoreError) -> [BuildRecord] {
    try catalog.read { database in
      try Row.fetchAll(database, sql: "select * from build order by id desc").map { row in
        BuildRecord(
          module: row["module"], kind: row["kind"], rowCount: row["row_count"], seconds: row["seconds"], builtAt: row["built_at"])
      }
    }
  }
}
