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

// MARK: Cells

extension Statement {
  /// The first two parameters.
  func bindRowIDs(_ range: ClosedRange<Int64>) {
    bind(range.lowerBound, at: 1)
    bind(range.upperBound, at: 2)
  }

  func real(_ index: Int) -> Double { unsafe sqlite3_column_double(handle, Int32(index)) }

  func isNull(_ index: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL }

  /// One of ``CellBlock/Kind``.
  func kind(_ index: Int) -> UInt8 {
    switch unsafe sqlite3_column_type(handle, Int32(index)) {
    case SQLITE_INTEGER: CellBlock.Kind.integer
    case SQLITE_FLOAT: CellBlock.Kind.real
    case SQLITE_TEXT: CellBlock.Kind.text
    case SQLITE_BLOB: CellBlock.Kind.blob
    default: CellBlock.Kind.null
    }
  }

  /// The bytes of a text as they are, UTF-8 or not.
  func withText<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    let start = unsafe sqlite3_column_text(handle, Int32(index))
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(index)))
    // Safe because: SQLite keeps that many bytes until the next step.
    return body(unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
  }

  /// Steps on and copies rows, until there are `rowLimit` or the block is full.
  ///
  /// The statement's first column is the row's number; the block's begin behind it.
  ///
  /// - Returns: whether there may be more rows.
  func fill(_ block: inout CellBlock, rowLimit: Int) throws(SQLFailure) -> Bool {
    block.removeAll()
    return try copyRows(
      min(rowLimit, CellBlock.rowLimit), columnCount: block.columnCount, count: &block.rowCount, rowNumbers: &block.rowNumbers,
      kinds: &block.kinds, values: &block.values, lengths: &block.lengths, text: &block.text)
  }

  /// The innermost loop of all reading. Whatever lies in another target is looked up before it.
  private func copyRows(
    _ rowLimit: Int, columnCount: Int, count row: inout Int, rowNumbers: inout ContiguousArray<Int64>,
    kinds: inout ContiguousArray<UInt8>, values: inout ContiguousArray<Int64>, lengths: inout ContiguousArray<Int32>,
    text: inout ContiguousArray<UInt8>
  ) throws(SQLFailure) -> Bool {
    let (columnStride, textLimit) = (CellBlock.rowLimit, CellBlock.textLimit)
    let (integerKind, realKind, textKind) = (CellBlock.Kind.integer, CellBlock.Kind.real, CellBlock.Kind.text)
    let (blobKind, nullKind) = (CellBlock.Kind.blob, CellBlock.Kind.null)
    var rowNumbers = rowNumbers.mutableSpan
    var kinds = kinds.mutableSpan
    var values = values.mutableSpan
    var lengths = lengths.mutableSpan
    while row < rowLimit && text.count < textLimit {
      guard try stepOnce() else { return false }
      rowNumbers[row] = integer(0)
      var place = row
      for column in 0..<Int32(truncatingIfNeeded: columnCount) {
        // A cell costs half by its value's functions of what it costs by those of the column, which look the column up each time.
        // Safe because: such a value is not protected from other threads, and the connection is used by one only.
        let value = unsafe sqlite3_column_value(handle, column &+ 1)
        switch unsafe sqlite3_value_type(value) {
        case SQLITE_INTEGER:
          kinds[place] = integerKind
          values[place] = unsafe sqlite3_value_int64(value)
        case SQLITE_FLOAT:
          kinds[place] = realKind
          values[place] = Int64(bitPattern: unsafe sqlite3_value_double(value).bitPattern)
        case SQLITE_TEXT:
          let start = unsafe sqlite3_value_text(value)
          let length = unsafe sqlite3_value_bytes(value)
          kinds[place] = textKind
          values[place] = Int64(text.count)
          lengths[place] = length
          // Safe because: SQLite keeps that many bytes until the next step.
          unsafe text.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(length)))
        case let type:
          kinds[place] = type == SQLITE_BLOB ? blobKind : nullKind
          values[place] = 0
          lengths[place] = 0
        }
        place &+= columnStride
      }
      row &+= 1
    }
    return true
  }
}
