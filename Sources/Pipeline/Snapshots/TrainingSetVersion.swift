package import Columns
import Foundation
import GRDB

/// A training set as it was exported once: what it takes to make it again, byte for byte.
package struct TrainingSetVersion: Sendable, Hashable {
  package let id: Int64
  package let name: String
  /// Third in this store: `eta@3`.
  package let number: Int
  /// Of the content, anywhere: `eta@3f9a1c2e` by its first digits.
  package let digest: String
  /// The resolved definitions, as whoever computes training sets wrote them.
  package let definition: String
  let spineSegment: String
  package let rowCount: Int
  /// Microseconds since the epoch.
  package let createdAt: Int64
  /// Up to when a model that is trained on it knows the world; nil: an older gangway did not note it.
  package let vintage: Int64?
}

/// Which version of a training set is meant.
package enum VersionSelector: Sendable, Hashable {
  case newest
  case number(Int)
  /// The first digits of a digest, eight or more.
  case digest(String)

  /// Reads what stands behind the `@` of a name.
  package init?(_ text: String) {
    if text.count >= 8, text.count <= 64, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) {
      self = .digest(text)
    } else if let number = Int(text), number > 0 {
      self = .number(number)
    } else {
      return nil
    }
  }
}

extension SnapshotStore {
  /// Pins a training set: its snapshots, its spine, its definitions. One of the same content is pinned once.
  ///
  /// - Parameter shelf: may have the spine's columns.
  /// - Precondition: the caller holds the writer lock.
  package func pin(
    _ name: String, digest: String, definition: String, spine: Columns.Table, spineMetadata: [(String, String)], shelf: ColumnShelf? = nil,
    snapshots: [Snapshot], vintage: Int64?, now: Int64
  ) throws(StoreError) -> (version: TrainingSetVersion, isNew: Bool) {
    let known = try version(of: name, .digest(digest))
    if let known, known.vintage != vintage {
      try catalog.write { try $0.execute(sql: "update training_set set vintage = ? where id = ?", arguments: [vintage, known.id]) }
    }
    if let known, known.definition == definition { return (known, false) }
    let segment = try write(spine, metadata: spineMetadata, from: shelf)
    if let known {
      // The same content, described in other words: it is made again as it was described last.
      if segment == known.spineSegment {
        try catalog.write { try $0.execute(sql: "update training_set set definition = ? where id = ?", arguments: [definition, known.id]) }
      }
      return (known, false)
    }
    return try catalog.write { database in
      let number = 1 + (try Int.fetchOne(database, sql: "select max(number) from training_set where name = ?", arguments: [name]) ?? 0)
      try database.execute(
        sql: """
          insert into training_set (name, number, digest, definition, spine_segment, row_count, created_at, vintage)
          values (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [name, number, digest, definition, segment, spine.rowCount, now, vintage])
      let id = database.lastInsertedRowID
      for snapshot in snapshots {
        try database.execute(sql: "insert into training_set_snapshot values (?, ?)", arguments: [id, snapshot.id])
      }
      let version = TrainingSetVersion(
        id: id, name: name, number: number, digest: digest, definition: definition, spineSegment: segment, rowCount: spine.rowCount,
        createdAt: now, vintage: vintage)
      return (version, true)
    }
  }

  package func version(of name: String, _ selector: VersionSelector) throws(StoreError) -> TrainingSetVersion? {
    try catalog.read { database in
      let row: Row? =
        switch selector {
        case .newest:
          try Row.fetchOne(database, sql: "select * from training_set where name = ? order by number desc limit 1", arguments: [name])
        case .number(let number):
          try Row.fetchOne(database, sql: "select * from training_set where name = ? and number = ?", arguments: [name, number])
        case .digest(let digits):
          try Row.fetchOne(
            database, sql: "select * from training_set where name = ? and substr(digest, 1, ?) = ? order by number desc limit 1",
            arguments: [name, digits.count, digits])
        }
      return row.map(TrainingSetVersion.init)
    }
  }

  /// All versions, by name and number.
  package func versions() throws(StoreError) -> [TrainingSetVersion] {
    try catalog.read { database in
      try Row.fetchAll(database, sql: "select * from training_set order by name, number").map(TrainingSetVersion.init)
    }
  }

  /// The snapshots that a version pins, by view.
  package func snapshots(of version: TrainingSetVersion) throws(StoreError) -> [String: Snapshot] {
    try catalog.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          select snapshot.* from snapshot join training_set_snapshot pin on pin.snapshot = snapshot.id where pin.training_set = ?
          """,
        arguments: [version.id])
      return Dictionary(
        uniqueKeysWithValues: try rows.map {
          let snapshot = try Snapshot($0, database)
          return (snapshot.view, snapshot)
        })
    }
  }

  /// - Parameter shelf: gives its memory back.
  package func spine(
    of version: TrainingSetVersion, _ shelf: ColumnShelf? = nil
  ) throws(StoreError) -> (table: Columns.Table, metadata: [String: String]) {
    try read(version.spineSegment, shelf)
  }
}

extension TrainingSetVersion {
  fileprivate init(_ row: Row) {
    self.init(
      id: row["id"], name: row["name"], number: row["number"], digest: row["digest"], definition: row["definition"],
      spineSegment: row["spine_segment"], rowCount: row["row_count"], createdAt: row["created_at"], vintage: row["vintage"])
  }
}
