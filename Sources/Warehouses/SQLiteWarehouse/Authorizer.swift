internal import GRDBSQLite

/// One thing that a statement would do, as SQLite names it while preparing.
struct SQLAction {
  enum Kind {
    case select
    /// Reads a column; of a table without naming any column of it (`count(*)`), the column is empty.
    case read(table: String, column: String)
    case function(String)
    case recursion
    case other
  }

  let kind: Kind
  /// The view or trigger on whose behalf; nil for what the text itself says.
  let inner: String?

  var isReadOnlyQuery: Bool {
    if case .other = kind { false } else { true }
  }
}

extension Connection {
  /// Asks `refusal` about every action of the statements that `body` prepares; what it returns becomes the failure's words.
  func authorizing<Result>(
    _ refusal: (SQLAction) -> String?, while body: () throws(SQLFailure) -> Result
  ) throws(SQLFailure) -> Result {
    try withoutActuallyEscaping(refusal) { refusal throws(SQLFailure) in
      let authorizer = Authorizer(refusal)
      // Safe because: the authorizer outlives its registration, which ends below on every path.
      unsafe sqlite3_set_authorizer(handle, authorize, Unmanaged.passUnretained(authorizer).toOpaque())
      defer {
        unsafe sqlite3_set_authorizer(handle, nil, nil)
        withExtendedLifetime(authorizer) {}
      }
      do throws(SQLFailure) { return try body() } catch {
        throw authorizer.reason.map { SQLFailure(code: SQLITE_AUTH, message: $0) } ?? error
      }
    }
  }
}

private final class Authorizer {
  let refusal: (SQLAction) -> String?
  /// The first refusal's words.
  var reason: String?

  init(_ refusal: @escaping (SQLAction) -> String?) { self.refusal = refusal }
}

private func authorize(
  context: UnsafeMutableRawPointer?, code: Int32, first: UnsafePointer<CChar>?, second: UnsafePointer<CChar>?,
  database: UnsafePointer<CChar>?, inner: UnsafePointer<CChar>?
) -> Int32 {
  guard let context = unsafe context else { return SQLITE_DENY }
  let authorizer = unsafe Unmanaged<Authorizer>.fromOpaque(context).takeUnretainedValue()
  func text(_ pointer: UnsafePointer<CChar>?) -> String { unsafe pointer.map { unsafe String(cString: $0) } ?? "" }
  let kind: SQLAction.Kind =
    switch code {
    case SQLITE_SELECT: .select
    case SQLITE_READ: .read(table: unsafe text(first), column: unsafe text(second))
    case SQLITE_FUNCTION: .function(unsafe text(second))
    case SQLITE_RECURSIVE: .recursion
    default: .other
    }
  let inner = unsafe inner.map { unsafe String(cString: $0) }
  guard let reason = authorizer.refusal(SQLAction(kind: kind, inner: inner)) else { return SQLITE_OK }
  if authorizer.reason == nil { authorizer.reason = reason }
  return SQLITE_DENY
}
