internal import Columns
internal import Warehouses

/// Says exactly what is wrong with a relation's values: the first of each output in the relation's order, and how many more there are.
///
/// Fast reading only finds out that something is; this reads all once more, cell by cell on one connection, and keeps nothing.
struct ProblemSearch {
  private let source: ScanSource
  private let connection: Connection
  private var readers: [CellReader]
  private var tallies: [ProblemTally]

  init(_ source: ScanSource, _ connection: Connection) {
    self.source = source
    self.connection = connection
    readers = source.cellReaders(batchRows: 0)
    tallies = Array(repeating: ProblemTally(), count: readers.count)
  }

  /// - Returns: nil if nothing is wrong.
  consuming func error() -> WarehouseError? {
    do throws(SQLFailure) { try readRows() } catch { return source.blame(error, connection) }
    let problems = dataProblems
    return problems.isEmpty ? nil : .data(problems)
  }

  private mutating func readRows() throws(SQLFailure) {
    let statement = try Statement(source.sql(withKeys: true), on: connection)
    let hasRowID = source.relation.rowID != nil
    if hasRowID { statement.bindRowIDs(.min ... .max) }
    var count = 0
    while try statement.stepOnce() {
      count += 1
      let row = hasRowID ? statement.integer(0) : Int64(count)
      for i in readers.indices {
        if let problem = statement.readCell(i + 1, into: &readers[i]) {
          note(problem, output: i, row: row, place: count, statement)
        }
        if count & 0x3FF == 0 || readers[i].textCount > 1 << 28 { readers[i].forgetValues() }
      }
    }
  }

  private mutating func note(_ problem: CellProblem, output: Int, row: Int64, place: Int, _ statement: Statement) {
    func here(_ kind: DataProblem.Kind) -> ProblemTally.First {
      .init(
        kind: kind, place: place, row: row, key: source.keyPlaces.map { statement.text($0) ?? "null" },
        value: (statement.text(output + 1) ?? "null").shortened)
    }
    switch problem {
    case .here(let kind):
      if tallies[output].first == nil { tallies[output].first = here(kind) } else { tallies[output].more += 1 }
    case .ifMixed:
      if tallies[output].firstInexact == nil { tallies[output].firstInexact = here(.inexactInteger) }
    case .mixed(let inexactCount): tallies[output].countInexact(inexactCount)
    }
  }

  private var dataProblems: [DataProblem] {
    tallies.indices.compactMap { output in
      guard let first = tallies[output].first else { return nil }
      return DataProblem(
        kind: first.kind, relation: source.relation.relation.name, column: source.request.outputs[output].text, output: output,
        row: first.row, rowIsRowID: source.relation.rowID != nil, key: first.key, value: first.value, more: tallies[output].more)
    }
  }
}

/// The values of one output that do not fit.
private struct ProblemTally {
  struct First {
    let kind: DataProblem.Kind
    /// Among the rows read, from 1.
    let place: Int
    let row: Int64
    let key: [String]
    let value: String
  }

  var first: First?
  var more = 0
  /// The first whole number that is wrong if a fraction comes.
  var firstInexact: First?

  /// The fraction has come. What was counted so far (a text among the numbers) stays counted, behind the number that came first or
  /// before it.
  mutating func countInexact(_ count: Int) {
    guard let firstInexact else { return }
    guard let first else {
      (self.first, more) = (firstInexact, more + count - 1)
      return
    }
    more += count
    if firstInexact.place < first.place { self.first = firstInexact }
  }
}

extension Statement {
  /// Hands one cell of the row to a column's reader.
  fileprivate func readCell(_ index: Int, into reader: inout CellReader) -> CellProblem? {
    switch kind(index) {
    case CellBlock.Kind.integer: return reader.append(integer: integer(index))
    case CellBlock.Kind.real: return reader.append(real: real(index))
    case CellBlock.Kind.text: return withText(index) { reader.append(utf8: $0) }
    case CellBlock.Kind.blob: return reader.appendBlob()
    default:
      reader.appendNull()
      return nil
    }
  }
}
