internal import GRDBSQLite
internal import Glibc
internal import Warehouses

/// One open connection: owned by one call, closed with its last reference.
@safe
final class Connection {
  let file: DatabaseFile
  let handle: OpaquePointer
  private let isForWriting: Bool

  init(_ file: DatabaseFile, forWriting: Bool) throws(WarehouseError) {
    self.file = file
    isForWriting = forWriting
    try checkAccess(file, forWriting: forWriting)
    var handle: OpaquePointer?
    // Never SQLITE_OPEN_CREATE: a misspelt path must not become an empty warehouse.
    let flags = (forWriting ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX
    // A path that looks like a URI is meant as a path.
    let path = file.path.hasPrefix("file:") ? "./\(file.path)" : file.path
    let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
    guard let handle = unsafe handle else { throw .unavailable(warehouse: file.displayName, reason: "out of memory") }
    unsafe self.handle = unsafe handle
    guard code == SQLITE_OK else { throw failure(code) }
    // Debian's SQLite takes an unknown double-quoted name for a text; a missing column must be an error.
    unsafe _disableDoubleQuotedStringLiterals(handle)
    unsafe sqlite3_busy_timeout(handle, file.busyTimeoutMilliseconds)
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Runs one statement to its end, whatever rows it has.
  func run(_ sql: String) throws(WarehouseError) {
    let statement = try prepare(sql)
    while try statement.step() {}
  }

  /// Begins a read transaction, in which all reads see one state of the file.
  ///
  /// What a writer that was killed has left half-written is undone first.
  func beginReading() throws(WarehouseError) {
    do throws(WarehouseError) { try beginToRead() } catch {
      guard !isForWriting, unsafe sqlite3_extended_errcode(handle) == readOnlyRollback else { throw error }
      try rollBack()
      // A connection that only reads may not; one that may write does so before its first read.
      try Connection(file, forWriting: true).beginToRead()
      try beginToRead()
    }
  }

  private func beginToRead() throws(WarehouseError) {
    try run("begin")
    // A transaction begins to see one state only with its first read.
    try run("select 1 from sqlite_schema limit 1")
  }

  /// Ends a transaction, if there is one.
  func rollBack() throws(WarehouseError) {
    if unsafe sqlite3_get_autocommit(handle) == 0 { try run("rollback") }
  }

  /// Changes whenever another connection has changed the file.
  func dataVersion() throws(WarehouseError) -> Int64 {
    let statement = try prepare("pragma data_version")
    return try statement.step() ? statement.integer(0) : 0
  }

  /// By which a table's column compares texts; nil if there is no such column.
  func collation(of column: String, in table: String) -> String? {
    var name: UnsafePointer<CChar>?
    let code = unsafe sqlite3_table_column_metadata(handle, "main", table, column, nil, &name, nil, nil, nil)
    return unsafe code == SQLITE_OK ? name.map { unsafe String(cString: $0) } : nil
  }

  /// - Parameter isPatient: whether to wait for somebody else's lock, or to say at once that the file is busy.
  func waitForLocks(_ isPatient: Bool) {
    unsafe sqlite3_busy_timeout(handle, isPatient ? file.busyTimeoutMilliseconds : 0)
  }

  func prepare(_ sql: String) throws(WarehouseError) -> Statement {
    do throws(SQLFailure) { return try Statement(sql, on: self) } catch { throw failure(error.code, saying: error.message) }
  }

  func failure(_ code: Int32) -> WarehouseError {
    failure(code, saying: unsafe String(cString: sqlite3_errmsg(handle)))
  }

  func failure(_ code: Int32, saying message: String) -> WarehouseError {
    let name = file.displayName
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy(warehouse: name)
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(warehouse: name, reason: message)
    case SQLITE_READONLY where isForWriting: return .io(warehouse: name, reason: message)
    case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      return .unavailable(warehouse: name, reason: isInWALMode(file.path) ? "\(message)\(walHint)" : message)
    default: return .io(warehouse: name, reason: message)
    }
  }
}

private let walHint =
  " (the file is in WAL mode: reading it needs its -wal and -shm files beside it, or the right to create them in its folder)"

/// `SQLITE_READONLY_ROLLBACK`, an expression that C's importer leaves out: the file's journal is that of a writer that was killed.
private let readOnlyRollback = SQLITE_READONLY | 3 << 8

/// What SQLite says about a statement.
struct SQLFailure: Error {
  let code: Int32
  let message: String

  /// Whether the statement is at fault, rather than the file.
  var isOfStatement: Bool {
    switch code & 0xFF {
    case SQLITE_ERROR, SQLITE_AUTH, SQLITE_SCHEMA, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_MISUSE: true
    default: false
    }
  }
}

/// SQLite says "unable to open database file" to many things; people want to know which.
private func checkAccess(_ file: DatabaseFile, forWriting: Bool) throws(WarehouseError) {
  var status = stat()
  guard unsafe stat(file.path, &status) == 0 else {
    throw .unavailable(
      warehouse: file.displayName, reason: errno == ENOENT ? "there is no such file" : unsafe String(cString: strerror(errno)))
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw .unavailable(warehouse: file.displayName, reason: "it is a folder")
  }
  guard unsafe access(file.path, R_OK) == 0 else {
    throw .unavailable(warehouse: file.displayName, reason: unsafe String(cString: strerror(errno)))
  }
  if forWriting, unsafe access(file.path, W_OK) != 0 {
    throw .io(warehouse: file.displayName, reason: unsafe String(cString: strerror(errno)))
  }
}

/// Bytes 18 and 19 of a file's header are 2 in WAL mode (sqlite.org/fileformat2.html).
private func isInWALMode(_ path: String) -> Bool {
  let descriptor = unsafe open(path, O_RDONLY)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  var versions: [UInt8] = [0, 0]
  return unsafe pread(descriptor, &versions, 2, 18) == 2 && versions == [2, 2]
}

/// A name as SQL, whatever it holds.
func quoted(_ name: String) -> String {
  "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
}
