internal import Columns
internal import Warehouses

/// What a scan asks of one state of a file, settled: the same for every connection that sees this state.
struct ScanSource: Sendable {
  let request: ScanRequest
  let relation: StoredRelation
  /// Further columns whose values name a row to people.
  private let keyColumns: [String]
  private let declaredTypes: [DataType?]

  init(_ request: ScanRequest, keyColumns: [String] = [], connection: Connection) throws(WarehouseError) {
    self.request = request
    self.keyColumns = keyColumns
    relation = try Schema(connection).existing(request.relation)
    var types: [DataType?] = []
    for output in request.outputs {
      var declared: DataType?
      if case .column(let name) = output.source {
        guard let column = relation.column(name) else { throw .missingColumn(name, relation: relation.relation.name) }
        declared = column.declaredType
      }
      types.append(declared)
    }
    declaredTypes = types
  }

  func cellReaders(batchRows: Int) -> [CellReader] {
    zip(request.outputs, declaredTypes).map {
      CellReader($0.reading, declared: $1, zone: request.zone, batchRows: batchRows)
    }
  }

  /// The row id, or a 1 where there is none, so that outputs keep their places; then the outputs.
  ///
  /// Where there are row ids, rows come in their order, those between the statement's two parameters. No index may serve instead of the
  /// table: it has another order, and a covering one would be taken.
  ///
  /// - Parameter withKeys: whether the further columns follow.
  func sql(withKeys: Bool) -> String {
    let all = [relation.rowID ?? "1"] + outputs + (withKeys ? keyColumns.map(columnSQL) : [])
    let from = "select \(all.joined(separator: ", ")) from \(quoted(relation.relation.name))"
    let condition = condition.map { "(\($0)) is true" }
    guard let rowID = relation.rowID else { return condition.map { "\(from) where \($0)" } ?? from }
    let conditions = ["\(rowID) between ?1 and ?2"] + (condition.map { [$0] } ?? [])
    return "\(from) not indexed where \(conditions.joined(separator: " and ")) order by 1"
  }

  /// The same rows of a table, which the condition hands to a sink: there is a row of the result whenever a block is full.
  func sql(rowID: String, into sink: RowSink) -> String {
    let taken = sink.condition(rowID: rowID, cells: outputs)
    // A row that is not wanted must not be handed over, in whatever order SQLite asks conditions.
    let condition = condition.map { "case when (\($0)) is true then \(taken) end" } ?? taken
    return "select 1 from \(quoted(relation.relation.name)) not indexed where \(rowID) between ?1 and ?2 and \(condition) order by \(rowID)"
  }

  /// Which rows are wanted; nil: all.
  private var condition: String? {
    // The line break, so that a comment at the end cannot eat the parenthesis.
    let conditions = [request.predicate.map { "(\($0)\n)" }, request.since?.condition].compactMap(\.self)
    return conditions.isEmpty ? nil : conditions.joined(separator: " and ")
  }

  private var outputs: [String] {
    request.outputs.map { output in
      switch output.source {
      case .column(let name): columnSQL(name)
      case .expression(let text): "(\(text)\n)"
      }
    }
  }

  private func columnSQL(_ name: String) -> String { quoted(relation.column(name)?.name ?? name) }

  /// Which columns of the statement name a row.
  var keyPlaces: [Int] {
    request.keyOutputs.map { $0 + 1 } + keyColumns.indices.map { request.outputs.count + 1 + $0 }
  }

  /// Which expression is at fault: each is tried alone. None: the relation itself, a view that has lost what it reads.
  func blame(_ failure: SQLFailure, _ connection: Connection) -> WarehouseError {
    guard failure.isOfStatement else { return connection.failure(failure.code, saying: failure.message) }
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
    return .sql(relation: name, reason: failure.message)
  }
}
