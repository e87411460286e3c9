import Foundation
import GRDB
import GRDBSQLite

/// A SQLite file that holds a sample, or will.
struct SampleFile {
  let path: String

  /// Which tables are a sample's own, and of which sample.
  private static let mark = "_gangway_sample"

  /// Replaces the sample's tables in one transaction. A file that this made and could not fill is removed.
  func replaceTables(
    writtenBy sample: FreightSample, _ body: ((RawRow) throws -> Void) throws -> Void
  ) throws(SampleError) -> [(table: String, rows: Int)] {
    let wasThere = FileManager.default.fileExists(atPath: path)
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(2)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      var counts: [(table: String, rows: Int)] = []
      try queue.writeWithoutTransaction { database in
        try database.inTransaction(.exclusive) {
          try clear(database)
          try announce(sample, in: database)
          counts = try fill(database, body)
          return .commit
        }
      }
      try queue.close()
      return counts
    } catch {
      let error = SampleError(error, path: path)
      // Another writer may have made it in the meantime.
      if !wasThere, !error.isBusy { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
  }

  /// Drops the tables of an earlier sample; refuses if any table could be somebody's.
  private func clear(_ database: Database) throws {
    let found = try String.fetchAll(
      database,
      sql: "select name from sqlite_schema where type in ('table', 'view') and name not glob 'sqlite_*' order by name")
    let own = try database.tableExists(Self.mark) ? Set(String.fetchAll(database, sql: "select table_name from \(Self.mark)")) : []
    if own.isEmpty && !found.isEmpty { throw SampleError.foreign(path: path, tables: found) }
    let taken = RawTable.allCases.map(\.name).filter { found.contains($0) && !own.contains($0) }
    if !taken.isEmpty { throw SampleError.foreign(path: path, tables: taken) }
    for table in RawTable.allCases where own.contains(table.name) { try database.execute(sql: "drop table if exists \(table.name)") }
    try database.execute(sql: "drop table if exists \(Self.mark)")
  }

  private func announce(_ sample: FreightSample, in database: Database) throws {
    try database.execute(sql: "create table \(Self.mark) (table_name text, sample text, shipments integer, seed text)")
    for table in RawTable.allCases {
      try database.execute(sql: table.creation)
      try database.execute(
        sql: "insert into \(Self.mark) values (?, 'freight', ?, ?)", arguments: [table.name, sample.shipments, "\(sample.seed)"])
    }
  }

  private func fill(
    _ database: Database, _ body: ((RawRow) throws -> Void) throws -> Void
  ) throws -> [(table: String, rows: Int)] {
    let statements = try RawTable.allCases.map { try database.makeStatement(sql: $0.insertion) }
    var counts = Array(repeating: 0, count: statements.count)
    try body { row in
      try unsafe insert(row, with: statements[row.table.rawValue].sqliteStatement, database)
      counts[row.table.rawValue] += 1
    }
    return zip(RawTable.allCases, counts).map { ($0.name, $1) }
  }

  /// Bound by hand: GRDB's arguments would take most of the time of a million shipments.
  ///
  // Safe because: the statement lives as long as the loop that calls this, and SQLite copies each text before it returns.
  private func insert(_ row: RawRow, with statement: OpaquePointer, _ database: Database) throws {
    for (index, value) in row.values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .null: unsafe sqlite3_bind_null(statement, place)
      case .integer(let integer): unsafe sqlite3_bind_int64(statement, place, Int64(integer))
      case .real(let real): unsafe sqlite3_bind_double(statement, place, real)
      case .text(var text):
        text.withUTF8 { bytes in
          let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
          unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
            _ = unsafe sqlite3_bind_text(statement, place, characters.baseAddress, Int32(characters.count), copied)
          }
        }
      }
    }
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    if code != SQLITE_DONE {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: unsafe String(cString: sqlite3_errmsg(database.sqliteConnection)))
    }
  }
}
