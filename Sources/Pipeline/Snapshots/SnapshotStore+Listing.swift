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
    try catalog.read { try Row.fetchAll($0, sql: "select * from snapshot order by id desc").map(Snapshot.init) }
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

  /// A snapshot's key, times and values, for people to look at.
  ///
  /// - Precondition: the caller holds the reader lock as long as the columns are in use.
  package func readableColumns(of snapshot: Snapshot) throws(StoreError) -> [SnapshotColumn] {
    SegmentLayout.readableColumns(try read(snapshot.segment).table)
  }
}
