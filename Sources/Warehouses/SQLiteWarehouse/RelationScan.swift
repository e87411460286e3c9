internal import Columns
internal import Warehouses

/// One scan: one statement, stepped to its end, cells straight into columns.
struct RelationScan {
  private let request: ScanRequest
  private let connection: Connection
  private let relation: StoredRelation
  /// Further columns whose values name a row to people.
  private let keyColumns: [String]
  private var readers: [CellReader]
  private var problems: [ProblemTally]
  private var rowNumbers: ContiguousArray<Int64> = []
  /// Only says whether all values fit; see ``check()``.
  private var keepsValues = true

  init(_ request: ScanRequest, keyColumns: [String] = [], connection: Connection) throws(WarehouseError) {
    self.request = request
    self.keyColumns = keyColumns
    self.connection = connection
    relation = try Schema(connection).existing(request.relation)
    readers = []
    for output in request.outputs {
      var declared: DataType?
      if case .column(let name) = output.source {
        guard let column = relation.column(name) else { throw .missingColumn(name, relation: relation.relation.name) }
        declared = column.declaredType
      }
      readers.append(CellReader(output.reading, declared: declared, zone: request.zone))
    }
    problems = Array(repeating: ProblemTally(), count: request.outputs.count)
  }

  consuming func run() throws(WarehouseError) -> ScanResult {
    let count = try readRows()
    let columns = readers.map { $0.finish() }
    try throwProblems(columns)
    return ScanResult(
      columns: columns, rowCount: count, rowNumbers: Buffer(rowNumbers), rowNumbersAreRowIDs: relation.rowID != nil)
  }

  /// Reads everything, keeps nothing.
  consuming func check() throws(WarehouseError) {
    keepsValues = false
    _ = try readRows()
    try throwProblems([])
  }

  /// Where no row id can be had, the first column is a 1, so that outputs keep their places.
  private var sql: String {
    let outputs = request.outputs.map { output in
      switch output.source {
      case .column(let name): columnSQL(name)
      // The line break, so that a comment at the end cannot eat the parenthesis.
      case .expression(let text): "(\(text)\n)"
      }
    }
    let all = [relation.rowID ?? "1"] + outputs + keyColumns.map(columnSQL)
    let from = "select \(all.joined(separator: ", ")) from \(quoted(relation.relation.name))"
    return request.predicate.map { "\(from) where (\($0)\n) is true" } ?? from
  }

  private func columnSQL(_ name: String) -> String { quoted(relation.column(name)?.name ?? name) }

  private mutating func readRows() throws(WarehouseError) -> Int {
    do throws(SQLFailure) { return try step(through: Statement(sql, on: connection)) } catch {
      if error.isOfStatement { throw blame(error) }
      throw connection.failure(error.code, saying: error.message)
    }
  }

  private mutating func step(through statement: Statement) throws(SQLFailure) -> Int {
    let hasRowID = relation.rowID != nil
    var count = 0
    while try statement.stepOnce() {
      count += 1
      let row = hasRowID ? statement.integer(0) : Int64(count)
      if keepsValues {
        rowNumbers.append(row)
      } else if count & 0xFFFF == 0 {
        for i in readers.indices { readers[i].forgetValues() }
      }
      for i in readers.indices {
        if let problem = statement.readCell(i + 1, into: &readers[i]) {
          note(problem, output: i, row: row, statement)
        }
      }
    }
    return count
  }

  // MARK: Problems

  /// Which expression is at fault: each is tried alone. None: the relation itself, a view that has lost what it reads.
  private func blame(_ error: SQLFailure) -> WarehouseError {
    var texts = request.outputs.compactMap { if case .expression(let text) = $0.source { text } else { nil } }
    texts += request.predicate.map { [$0] } ?? []
    let name = relation.relation.name
    for text in texts {
      do throws(SQLFailure) {
        let statement = try Statement("select (\(text)\n) from \(quoted(name))", on: connection)
        while try statement.stepOnce() {}
      } catch {
        return .expression(text: text, relation: name, reason: error.message)
      }
    }
    return .sql(relation: name, reason: error.message)
  }

  private mutating func note(_ problem: CellProblem, output: Int, row: Int64, _ statement: Statement) {
    switch problem {
    case .here(let kind):
      if problems[output].first != nil {
        problems[output].more += 1
        return
      }
      problems[output].first = .init(
        kind: kind, row: row, index: nil, key: keyPlaces.map { statement.text($0) ?? "null" },
        value: shortened(statement.text(output + 1) ?? "null"))
    case .earlier(let index, let value, let more):
      // What was counted so far (a text among the numbers) stays counted, behind the number that came first or before it.
      let number = ProblemTally.First(kind: .inexactInteger, row: rowNumbers[index], index: index, key: [], value: String(value))
      problems[output].more += more
      if let first = problems[output].first {
        problems[output].more += 1
        if let place = rowNumbers.firstIndex(of: first.row), place < index { return }
      }
      problems[output].first = number
    }
  }

  /// Which columns of the statement name a row.
  private var keyPlaces: [Int] {
    request.keyOutputs.map { $0 + 1 } + keyColumns.indices.map { request.outputs.count + 1 + $0 }
  }

  private func throwProblems(_ columns: [ScannedColumn]) throws(WarehouseError) {
    var all: [DataProblem] = []
    for (output, tally) in problems.enumerated() {
      guard let first = tally.first else { continue }
      let key = first.index.map { index in request.keyOutputs.map { columns[$0].column.messageText(at: index) } } ?? first.key
      all.append(
        DataProblem(
          kind: first.kind, relation: relation.relation.name, column: request.outputs[output].text, output: output, row: first.row,
          rowIsRowID: relation.rowID != nil, key: key, value: first.value, more: tally.more))
    }
    if !all.isEmpty { throw .data(all) }
  }
}

/// The values of one output that do not fit.
private struct ProblemTally {
  struct First {
    let kind: DataProblem.Kind
    let row: Int64
    /// The row's place from 0, where its key has to be looked up later.
    let index: Int?
    let key: [String]
    let value: String
  }

  var first: First?
  var more = 0
}

private func shortened(_ text: String) -> String {
  text.count <= 60 ? text : "\(text.prefix(59))…"
}
