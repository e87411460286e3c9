internal import GRDBSQLite
internal import Times
internal import Warehouses

/// A function of SQL that reads times exactly as all other reading does (rule R3).
enum TimeFunction {
  /// `gangway_time(number, value)`: microseconds since the epoch, as the reader of that number reads the value.
  static let name = "gangway_time"
}

extension Connection {
  /// Makes ``TimeFunction`` known to this connection's statements. A view cannot use it: others could not read the view.
  ///
  /// Its value is null where the value is null or no time. What is wrong with values is to be said before, by a scan.
  func defineTimes(_ readers: [TimeReader]) throws(WarehouseError) {
    let context = unsafe Unmanaged.passRetained(TimeReaders(readers)).toOpaque()
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
    // Safe because: SQLite releases the readers with the function, also if it cannot be defined.
    let code = unsafe sqlite3_create_function_v2(handle, TimeFunction.name, 2, flags, context, readTime, nil, nil, releaseReaders)
    guard code == SQLITE_OK else { throw failure(code) }
  }
}

private final class TimeReaders {
  let readers: [TimeReader]

  init(_ readers: [TimeReader]) { self.readers = readers }
}

private func releaseReaders(_ context: UnsafeMutableRawPointer?) {
  if let context = unsafe context { unsafe Unmanaged<TimeReaders>.fromOpaque(context).release() }
}

private func readTime(_ call: OpaquePointer?, _ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
  guard let arguments = unsafe arguments, let context = unsafe sqlite3_user_data(call) else { return }
  // Safe because: SQLite calls with the two arguments that were declared, and keeps the readers while the function is known.
  let (number, value) = unsafe (sqlite3_value_int64(arguments[0]), arguments[1])
  let readers = unsafe Unmanaged<TimeReaders>.fromOpaque(context).takeUnretainedValue().readers
  guard readers.indices.contains(Int(number)), let outcome = unsafe readers[Int(number)].read(value) else {
    unsafe sqlite3_result_null(call)
    return
  }
  switch outcome {
  case .time(let microseconds): unsafe sqlite3_result_int64(call, microseconds)
  case .problem: unsafe sqlite3_result_null(call)
  }
}

extension TimeReader {
  /// - Returns: nil for null and blobs.
  fileprivate func read(_ value: OpaquePointer?) -> TimeOutcome? {
    switch unsafe sqlite3_value_type(value) {
    case SQLITE_INTEGER: return read(integer: unsafe sqlite3_value_int64(value))
    case SQLITE_FLOAT: return read(real: unsafe sqlite3_value_double(value))
    case SQLITE_TEXT:
      let start = unsafe sqlite3_value_text(value)
      let count = Int(unsafe sqlite3_value_bytes(value))
      // Safe because: SQLite keeps that many bytes until the function returns.
      return read(utf8: unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
    default: return nil
    }
  }
}
