import GRDBSQLite

/// What SQLite says when a file cannot be written.
struct WriteFailure: Error, CustomStringConvertible {
  let description: String
}

/// A new SQLite file that is filled once. There is no journal: a run that is broken off leaves a file that nobody takes for whole.
@safe
final class NewDatabase {
  private let handle: OpaquePointer

  init(path: String) throws(WriteFailure) {
    var handle: OpaquePointer?
    let code = unsafe sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else { throw WriteFailure(description: "cannot make \(path)") }
    unsafe self.handle = unsafe handle
    for pragma in ["journal_mode = off", "synchronous = off", "locking_mode = exclusive"] { try run("pragma \(pragma)") }
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  func run(_ sql: String) throws(WriteFailure) { try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil)) }

  /// Makes a table, and a statement that fills it.
  func table(_ name: String, _ columns: [(name: String, type: String)]) throws(WriteFailure) -> TableWriter {
    try run("create table \(name) (\(columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")))")
    var statement: OpaquePointer?
    let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    try check(unsafe sqlite3_prepare_v2(handle, "insert into \(name) values (\(places))", -1, &statement, nil))
    guard let statement = unsafe statement else { throw WriteFailure(description: "there is no statement") }
    return unsafe TableWriter(self, statement)
  }

  fileprivate func check(_ code: Int32) throws(WriteFailure) {
    if code != SQLITE_OK && code != SQLITE_DONE {
      throw WriteFailure(description: unsafe String(cString: sqlite3_errmsg(handle)))
    }
  }
}

/// Inserts rows, value by value.
@safe
final class TableWriter {
  private let database: NewDatabase
  private let statement: OpaquePointer
  private var place: Int32 = 0

  fileprivate init(_ database: NewDatabase, _ statement: OpaquePointer) {
    self.database = database
    unsafe self.statement = unsafe statement
  }

  deinit { unsafe sqlite3_finalize(statement) }

  func bind(_ value: Int) {
    place += 1
    unsafe sqlite3_bind_int64(statement, place, Int64(value))
  }

  func bind(_ value: Double?) {
    place += 1
    if let value {
      unsafe sqlite3_bind_double(statement, place, value)
    } else {
      unsafe sqlite3_bind_null(statement, place)
    }
  }

  func bind(_ value: String) {
    place += 1
    // Safe because: SQLITE_TRANSIENT (-1) has SQLite copy the text before it returns.
    let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    unsafe sqlite3_bind_text(statement, place, value, -1, copied)
  }

  func endRow() throws(WriteFailure) {
    try database.check(unsafe sqlite3_step(statement))
    unsafe sqlite3_reset(statement)
    place = 0
  }
}

/// The library that writes, which is the one that gangway reads with.
var sqliteVersion: String { unsafe String(cString: sqlite3_libversion()) }
