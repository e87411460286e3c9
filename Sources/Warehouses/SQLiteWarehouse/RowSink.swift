internal import GRDBSQLite
internal import Warehouses

/// Takes a table's rows into blocks, many within one step: the statement's condition calls a function with a row's cells, which is false until
/// a block is full.
///
/// A third of the time of reading is a step for each row and looking each of its cells up; a function is handed all cells at once. For tables
/// only: conditions inside a view may be asked after this one.
@safe
final class RowSink {
  private let connection: Connection
  // Safe because: SQLite frees it with the functions: when the connection, which is kept here, is closed, or another sink takes it over.
  private let target: UnsafeMutablePointer<RowTarget>
  private let shares: [Range<Int>]

  /// Takes the connection over from an earlier sink.
  init(columnCount: Int, _ connection: Connection) throws(SQLFailure) {
    self.connection = connection
    // One argument is the row's number.
    let limit = Int(unsafe sqlite3_limit(connection.handle, SQLITE_LIMIT_FUNCTION_ARG, -1)) - 1
    shares = stride(from: 0, to: max(1, columnCount), by: limit).map { $0..<min($0 + limit, columnCount) }
    unsafe target = .allocate(capacity: 1)
    unsafe target.initialize(to: RowTarget())
    for (number, columns) in shares.enumerated() {
      let share = UnsafeMutablePointer<RowShare>.allocate(capacity: 1)
      unsafe share.initialize(to: RowShare(target: target, columns: columns, isLast: number == shares.count - 1))
      // Not to be called by what stands in the file.
      let code = unsafe sqlite3_create_function_v2(
        connection.handle, Self.name(number), -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, share, takeCells, nil, nil, forget)
      guard code == SQLITE_OK else { throw SQLFailure(code: code, message: unsafe String(cString: sqlite3_errmsg(connection.handle))) }
    }
  }

  private static func name(_ number: Int) -> String { "gangway__take_\(number)" }

  /// SQL that hands over a row.
  func condition(rowID: String, cells: [String]) -> String {
    shares.enumerated().map { number, columns in
      let arguments = cells[columns] + (number == shares.count - 1 ? [rowID] : [])
      return "\(Self.name(number))(\(arguments.joined(separator: ", ")))"
    }.joined(separator: " + ")
  }

  /// Reads rows, until there are `rowLimit` or the block is full.
  ///
  /// - Parameter statement: one with this sink's condition.
  /// - Returns: whether there may be more rows.
  func fill(_ block: inout CellBlock, from statement: Statement, rowLimit: Int) throws(SQLFailure) -> Bool {
    block.removeAll()
    return try fill(
      count: &block.rowCount, rowLimit: min(rowLimit, CellBlock.rowLimit), rowNumbers: &block.rowNumbers, kinds: &block.kinds,
      values: &block.values, lengths: &block.lengths, text: &block.text, statement)
  }

  private func fill(
    count: inout Int, rowLimit: Int, rowNumbers: inout ContiguousArray<Int64>, kinds: inout ContiguousArray<UInt8>,
    values: inout ContiguousArray<Int64>, lengths: inout ContiguousArray<Int32>, text: inout ContiguousArray<UInt8>, _ statement: Statement
  ) throws(SQLFailure) -> Bool {
    // Safe because: the functions that write to these pointers are called by this step only.
    let outcome = unsafe kinds.withUnsafeMutableBufferPointer { kinds in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe lengths.withUnsafeMutableBufferPointer { lengths in
          unsafe rowNumbers.withUnsafeMutableBufferPointer { rowNumbers in
            unsafe withUnsafeMutablePointer(to: &text) { text in
              unsafe target.pointee = unsafe RowTarget(
                kinds: kinds, values: values, lengths: lengths, rowNumbers: rowNumbers, text: text, rowLimit: rowLimit)
              defer { unsafe target.pointee.rowLimit = 0 }
              return Result { () throws(SQLFailure) in try statement.stepOnce() }
            }
          }
        }
      }
    }
    count = unsafe target.pointee.row
    return try outcome.get()
  }
}

/// Where a row's cells go: a block's memory, while it is filled, and what another target says of it, looked up once.
@safe
private struct RowTarget {
  let columnStride = CellBlock.rowLimit
  let textLimit = CellBlock.textLimit
  let kind = CellKinds()
  var kinds = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  var values = unsafe UnsafeMutableBufferPointer<Int64>(start: nil, count: 0)
  var lengths = unsafe UnsafeMutableBufferPointer<Int32>(start: nil, count: 0)
  var rowNumbers = unsafe UnsafeMutableBufferPointer<Int64>(start: nil, count: 0)
  var text: UnsafeMutablePointer<ContiguousArray<UInt8>>?
  var row = 0
  /// 0: nobody takes rows.
  var rowLimit = 0
}

private struct CellKinds {
  let null = CellBlock.Kind.null
  let integer = CellBlock.Kind.integer
  let real = CellBlock.Kind.real
  let text = CellBlock.Kind.text
  let blob = CellBlock.Kind.blob
}

/// The cells that one function takes: there is a limit to arguments. The last one is given the row's number behind them.
@safe
private struct RowShare {
  let target: UnsafeMutablePointer<RowTarget>
  let columns: Range<Int>
  let isLast: Bool
}

private func forget(_ share: UnsafeMutableRawPointer?) {
  guard let share = unsafe share?.assumingMemoryBound(to: RowShare.self) else { return }
  if unsafe share.pointee.isLast { unsafe share.pointee.target.deallocate() }
  unsafe share.deallocate()
}

private func takeCells(_ context: OpaquePointer?, _ count: Int32, _ cells: UnsafeMutablePointer<OpaquePointer?>?) {
  guard let share = unsafe sqlite3_user_data(context)?.assumingMemoryBound(to: RowShare.self), let cells = unsafe cells else { return }
  let (columns, isLast, target) = unsafe (share.pointee.columns, share.pointee.isLast, share.pointee.target)
  let row = unsafe target.pointee.row
  // Whoever else might call it: nobody is filling a block, or cells are missing.
  guard unsafe row < target.pointee.rowLimit, Int(count) == columns.count + (isLast ? 1 : 0) else {
    return unsafe sqlite3_result_error(context, "no rows are taken here", -1)
  }
  let stride = unsafe target.pointee.columnStride
  var place = columns.lowerBound * stride + row
  for i in 0..<columns.count {
    unsafe take(cells[i], target, at: place)
    place += stride
  }
  guard isLast else { return unsafe sqlite3_result_int(context, 0) }
  unsafe target.pointee.rowNumbers[row] = unsafe sqlite3_value_int64(cells[columns.count])
  unsafe target.pointee.row = row + 1
  let isFull = unsafe row + 1 == target.pointee.rowLimit || target.pointee.text!.pointee.count >= target.pointee.textLimit
  unsafe sqlite3_result_int(context, isFull ? 1 : 0)
}

/// Safe because: such a value is not protected from other threads, and the connection is used by one only.
@inline(__always)
@unsafe
private func take(_ cell: OpaquePointer?, _ target: UnsafeMutablePointer<RowTarget>, at place: Int) {
  switch unsafe sqlite3_value_type(cell) {
  case SQLITE_INTEGER:
    unsafe target.pointee.kinds[place] = target.pointee.kind.integer
    unsafe target.pointee.values[place] = unsafe sqlite3_value_int64(cell)
  case SQLITE_FLOAT:
    unsafe target.pointee.kinds[place] = target.pointee.kind.real
    unsafe target.pointee.values[place] = Int64(bitPattern: unsafe sqlite3_value_double(cell).bitPattern)
  case SQLITE_TEXT:
    let start = unsafe sqlite3_value_text(cell)
    let length = unsafe sqlite3_value_bytes(cell)
    unsafe target.pointee.kinds[place] = target.pointee.kind.text
    unsafe target.pointee.values[place] = Int64(target.pointee.text!.pointee.count)
    unsafe target.pointee.lengths[place] = length
    // Safe because: SQLite keeps that many bytes while the function runs.
    unsafe target.pointee.text!.pointee.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(length)))
  case let type:
    unsafe target.pointee.kinds[place] = type == SQLITE_BLOB ? target.pointee.kind.blob : target.pointee.kind.null
    unsafe target.pointee.values[place] = 0
    unsafe target.pointee.lengths[place] = 0
  }
}
