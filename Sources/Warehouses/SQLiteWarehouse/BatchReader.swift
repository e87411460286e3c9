internal import Columns
internal import Warehouses

/// Reads rows of one relation on one connection, batch by batch.
struct BatchReader {
  /// Bytes of text after which a column's batch ends: far from the limit of its offsets, whatever the next block brings, and not much more
  /// than as many numbers would be.
  private let textLimit: Int

  enum Failure: Error {
    /// A cell does not fit, or the cells of several readers do not fit together.
    case misfit
    case statement(SQLFailure)
  }

  private let statement: Statement
  /// Takes the rows of a table; nil: the statement gives them one by one.
  private let sink: RowSink?
  private let hasRowIDs: Bool
  private let reader: Int
  private let batchRows: Int
  private var columns: [CellReader]
  private var block: CellBlock
  private var rowNumbers: ContiguousArray<Int64> = []
  /// Whether the statement has come to its end.
  private(set) var isDone = false
  /// Rows of earlier batches.
  private(set) var rowCount = 0

  init(_ source: ScanSource, _ connection: Connection, reader: Int, batchRows: Int) throws(Failure) {
    do throws(SQLFailure) {
      if let rowID = source.relation.rowID {
        let sink = try RowSink(columnCount: source.request.outputs.count, connection)
        self.sink = sink
        statement = try Statement(source.sql(rowID: rowID, into: sink), on: connection)
      } else {
        sink = nil
        statement = try Statement(source.sql(withKeys: false), on: connection)
      }
    } catch {
      throw .statement(error)
    }
    hasRowIDs = source.relation.rowID != nil
    self.reader = reader
    self.batchRows = batchRows
    textLimit = min(256 << 20, max(1 << 20, batchRows * 64))
    columns = source.cellReaders(batchRows: batchRows)
    block = CellBlock(columnCount: columns.count)
    if hasRowIDs { begin(.min ... .max) }
  }

  var facts: [CellFacts] { columns.map(\.facts) }

  /// Goes to a range of row ids.
  mutating func begin(_ range: ClosedRange<Int64>) {
    statement.reset()
    statement.bindRowIDs(range)
    isDone = false
  }

  /// - Returns: nil if no row is left.
  mutating func next() throws(Failure) -> ScanBatch? {
    for i in columns.indices { columns[i].forgetValues() }
    rowNumbers.removeAll(keepingCapacity: true)
    var count = 0
    while !isDone && count < batchRows && columns.allSatisfy({ $0.textCount < textLimit }) {
      do throws(SQLFailure) { isDone = try !fillBlock(rowLimit: batchRows - count) } catch { throw .statement(error) }
      count += block.rowCount
      try takeBlock()
    }
    guard count > 0 else { return nil }
    defer { rowCount += count }
    return ScanBatch(
      number: hasRowIDs ? Int(rowNumbers[0]) : rowCount, reader: reader, columns: columns.map { $0.column() }, rowCount: count,
      rowNumbers: hasRowIDs ? .init(rowNumbers) : .from(Int64(rowCount + 1)))
  }

  private mutating func fillBlock(rowLimit: Int) throws(SQLFailure) -> Bool {
    if let sink { return try sink.fill(&block, from: statement, rowLimit: rowLimit) }
    return try statement.fill(&block, rowLimit: rowLimit)
  }

  private mutating func takeBlock() throws(Failure) {
    for i in columns.indices where !columns[i].append(block, column: i) { throw .misfit }
    if hasRowIDs { for row in 0..<block.rowCount { rowNumbers.append(block.rowNumbers[row]) } }
  }
}

extension RowNumbers {
  /// - Parameter numbers: increasing.
  fileprivate init(_ numbers: ContiguousArray<Int64>) {
    let isDense = numbers[numbers.count - 1] &- numbers[0] == numbers.count - 1
    self = isDense ? .from(numbers[0]) : .listed(Buffer(numbers))
  }
}
