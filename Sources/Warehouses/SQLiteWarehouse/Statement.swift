internal import GRDBSQLite
internal import Warehouses

/// SQLITE_TRANSIENT, a cast that C's importer leaves out: SQLite keeps a copy of what it is given.
private var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

/// A prepared statement and the row it stands on.
@safe
final class Statement {
  let connection: Connection
  let handle: OpaquePointer

  /// Prepares `sql`, which must be one whole statement; text after it is for the caller to judge.
  init(_ sql: String, on connection: Connection, tail: ((String) -> Void)? = nil) throws(SQLFailure) {
    self.connection = connection
    var handle: OpaquePointer?
    var rest = ""
    var sql = sql
    let code = sql.withUTF8 { text in
      var end: UnsafePointer<CChar>?
      let start = unsafe UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
      let code = unsafe sqlite3_prepare_v2(connection.handle, start, Int32(text.count), &handle, &end)
      if let start = unsafe start, let end = unsafe end, tail != nil {
        // Safe because: SQLite sets `end` into the text that it was given.
        rest = unsafe String(decoding: text[(end - start)...], as: UTF8.self)
      }
      return code
    }
    guard code == SQLITE_OK, let handle = unsafe handle else {
      let message = code == SQLITE_OK ? "there is no statement" : unsafe String(cString: sqlite3_errmsg(connection.handle))
      throw SQLFailure(code: code == SQLITE_OK ? SQLITE_ERROR : code, message: message)
    }
    unsafe self.handle = unsafe handle
    tail?(rest)
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// - Returns: whether there is another row.
  func step() throws(WarehouseError) -> Bool {
    do throws(SQLFailure) { return try stepOnce() } catch { throw connection.failure(error.code, saying: error.message) }
  }

  func stepOnce() throws(SQLFailure) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw SQLFailure(code: code, message: unsafe String(cString: sqlite3_errmsg(connection.handle)))
    }
  }

  /// Runs to the end and makes the statement ready for other values.
  func runAgain() throws(SQLFailure) {
    let code = unsafe sqlite3_step(handle)
    guard code == SQLITE_DONE else {
      throw SQLFailure(code: code, message: unsafe String(cString: sqlite3_errmsg(connection.handle)))
    }
    unsafe sqlite3_reset(handle)
  }

  func reset() { unsafe sqlite3_reset(handle) }

  var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }

  func columnName(_ index: Int) -> String { unsafe String(cString: sqlite3_column_name(handle, Int32(index))) }

  func bind(_ text: String, at index: Int32) {
    var text = text
    text.withUTF8 { bytes in
      _ = unsafe sqlite3_bind_text(
        handle, index, UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
        copied)
    }
  }

  func bindNull(at index: Int32) { unsafe sqlite3_bind_null(handle, index) }
  func bind(_ value: Int64, at index: Int32) { unsafe sqlite3_bind_int64(handle, index, value) }
  func bind(_ value: Double, at index: Int32) { unsafe sqlite3_bind_double(handle, index, value) }

  func bind(utf8 text: Span<UInt8>, at index: Int32) {
    unsafe text.withUnsafeBufferPointer { bytes in
      // An empty span may have no address, which SQLite would take for null.
      if let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self) {
        _ = unsafe sqlite3_bind_text(handle, index, start, Int32(bytes.count), copied)
      } else {
        _ = unsafe sqlite3_bind_text(handle, index, "", 0, copied)
      }
    }
  }

  func integer(_ index: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(index)) }

  /// A value as text for people or for names; nil for null.
  func text(_ index: Int) -> String? {
    let index = Int32(index)
    switch unsafe sqlite3_column_type(handle, index) {
    case SQLITE_NULL: return nil
    case SQLITE_BLOB: return "a blob of \(unsafe sqlite3_column_bytes(handle, index)) bytes"
    case SQLITE_FLOAT: return unsafe String(sqlite3_column_double(handle, index))
    default:
      guard let start = unsafe sqlite3_column_text(handle, index) else { return nil }
      let count = Int(unsafe sqlite3_column_bytes(handle, index))
      // Safe because: SQLite keeps that many bytes until the next step.
      return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
  }
}

extension Statement {
  /// Hands one cell of the row to a column's reader, without a detour over a value of ours.
  @inline(__always)
  func readCell(_ index: Int, into reader: inout CellReader) -> CellProblem? {
    let index = Int32(truncatingIfNeeded: index)
    switch unsafe sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return reader.append(integer: unsafe sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return reader.append(real: unsafe sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      let start = unsafe sqlite3_column_text(handle, index)
      let count = Int(unsafe sqlite3_column_bytes(handle, index))
      // Safe because: SQLite keeps that many bytes until the next step, and the reader copies what it needs.
      return reader.append(utf8: unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
    case SQLITE_BLOB: return reader.appendBlob()
    default:
      reader.appendNull()
      return nil
    }
  }
}
