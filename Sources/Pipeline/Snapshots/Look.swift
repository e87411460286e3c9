import Foundation
import GRDB

/// A look at an observed module that found something: the rows of its log that it wrote, and what they come to.
package struct Look: Sendable, Hashable {
  package let module: String
  /// The known time of what it found, microseconds since the epoch, as declared.
  package let observedAt: Int64
  /// By the clock.
  package let recordedAt: Int64
  /// By which rows were told apart, as the columns were called then.
  package let grain: [String]
  package let newRows: Int
  package let changedRows: Int
  package let goneRows: Int
  /// Of the module.
  package let rowCount: Int
  /// nil: it was the first, and there were no rows.
  let segment: String?
}

extension SnapshotStore {
  /// All looks at all modules, or at one, the oldest first.
  package func looks(at module: String? = nil) throws(StoreError) -> [Look] {
    try catalog.read { database in
      let all = "select * from observation"
      let rows =
        if let module {
          try Row.fetchAll(database, sql: "\(all) where module = ? order by id", arguments: [module])
        } else {
          try Row.fetchAll(database, sql: "\(all) order by id")
        }
      return try rows.map { try Look($0) }
    }
  }

  /// The rows that a look wrote.
  func table(of look: Look) throws(StoreError) -> ObservedTable? {
    guard let segment = look.segment else { return nil }
    do throws(StoreError) { return ObservedTable(try read(segment).table) } catch {
      if case .segment(let damage) = error { throw .log(module: look.module, damage) }
      throw error
    }
  }

  /// - Precondition: the caller holds the writer lock.
  func record(_ look: Look) throws(StoreError) {
    try catalog.write { database in
      try database.execute(
        sql: """
          insert into observation (module, observed_at, recorded_at, grain, new_rows, changed_rows, gone_rows, row_count, segment)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          look.module, look.observedAt, look.recordedAt, jsonText(look.grain), look.newRows, look.changedRows, look.goneRows, look.rowCount,
          look.segment,
        ])
    }
  }
}

extension Look {
  fileprivate init(_ row: Row) throws {
    let grain: String = row["grain"]
    self.init(
      module: row["module"], observedAt: row["observed_at"], recordedAt: row["recorded_at"],
      grain: try JSONDecoder().decode([String].self, from: Data(grain.utf8)), newRows: row["new_rows"], changedRows: row["changed_rows"],
      goneRows: row["gone_rows"], rowCount: row["row_count"], segment: row["segment"])
  }
}
