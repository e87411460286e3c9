import Foundation
import GRDB

/// What garbage collection removed, or would remove.
package struct Collection: Sendable {
  package struct Removal: Sendable, Hashable {
    package let thing: String
    package let bytes: Int
  }

  package var removals: [Removal] = []

  package var bytes: Int { removals.reduce(0) { $0 + $1.bytes } }
}

extension SnapshotStore {
  /// Removes snapshots that nothing needs, segments that no snapshot and no version names, and what killed commands left.
  ///
  /// Each view's newest snapshot stays, whatever a version of a training set pins, the log of every observed module, and every batch of an
  /// output, withdrawn ones too.
  ///
  /// - Parameters:
  ///   - youngest: snapshots made at or after this moment stay, microseconds since the epoch.
  ///   - isDry: only tell.
  /// - Precondition: the caller holds the writer and the collector lock.
  package func collect(olderThan youngest: Int64, isDry: Bool) throws(StoreError) -> Collection {
    let garbage = try catalog.read { database in
      try Row.fetchAll(
        database,
        sql: """
          select * from snapshot
          where created_at < ? and id not in (select snapshot from training_set_snapshot)
            and id not in (select max(id) from snapshot group by view)
          order by id
          """,
        arguments: [youngest]
      ).map { try Snapshot($0, database) }
    }
    var collection = Collection()
    if !isDry, !garbage.isEmpty {
      try catalog.write { database in
        for snapshot in garbage {
          try database.execute(sql: "delete from snapshot_segment where snapshot = ?", arguments: [snapshot.id])
          try database.execute(sql: "delete from snapshot where id = ?", arguments: [snapshot.id])
        }
        try database.execute(
          sql: "delete from segment where digest not in (select segment from snapshot_segment union all select segment from output_batch)")
      }
    }
    let doomed = Set(garbage.map(\.id))
    let kept = try catalog.read { database in
      let snapshots = try Row.fetchAll(database, sql: "select snapshot, segment from snapshot_segment")
        .filter { !doomed.contains($0["snapshot"]) }
      return Set(snapshots.map { $0["segment"] as String })
        .union(try String.fetchAll(database, sql: "select spine_segment from training_set"))
        .union(try String.fetchAll(database, sql: "select segment from observation where segment is not null"))
        .union(try String.fetchAll(database, sql: "select segment from output_batch"))
    }
    for name in try files(in: "segments") where !kept.contains(name.replacing(".arrow", with: "")) {
      collection.removals.append(try remove("segments/\(name)", isDry: isDry))
    }
    for name in try files(in: "") where name.hasPrefix("scratch-") && ScratchFolder.isAbandoned("\(folder)/\(name)") {
      collection.removals.append(try remove(name, isDry: isDry))
    }
    return collection
  }

  private func files(in part: String) throws(StoreError) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted() } catch {
      throw .unavailable(path: folder, reason: error.localizedDescription)
    }
  }

  private func remove(_ name: String, isDry: Bool) throws(StoreError) -> Collection.Removal {
    let path = "\(folder)/\(name)"
    let size = ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
    if !isDry {
      do { try FileManager.default.removeItem(atPath: path) } catch {
        throw .unavailable(path: path, reason: error.localizedDescription)
      }
    }
    return Collection.Removal(thing: name, bytes: size)
  }
}
