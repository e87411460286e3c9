import Columns
import Definitions
import Diagnostics
import Engine
import Outputs
import Snapshots

/// All rows that were ever registered of an output, in the columns that it has today.
struct OutputRows {
  let output: ModelOutput
  let record: OutputRecord
  /// The key's columns, the output's, and the times of the predictions; in the order of registration.
  let columns: [Column]
  /// Of each row its batch, by its place in the record.
  let batches: ContiguousArray<Int32>
  let registered: RegisteredRows
  let history: ShownHistory

  var rowCount: Int { batches.count }

  /// - Parameter tables: of the record's batches, by segment.
  init(_ output: ModelOutput, _ record: OutputRecord, tables: [String: Table]) throws(Diagnostics) {
    self.output = output
    self.record = record
    let lineup = try OutputLineup(output, record) { tables[$0.segment]?.fields ?? [] }
    let parts = record.batches.map { tables[$0.segment] }
    let fields = output.fields
    columns = fields.indices.map { place in
      let field = fields[place]
      return Column.concatenated(
        zip(record.batches, parts).compactMap { batch, table in
          guard let table, table.rowCount > 0 else { return nil }
          let column = lineup.name(of: field.name, in: batch).flatMap { table[$0] }
          return (column ?? Column.nulls(field.type, count: table.rowCount), 0..<table.rowCount)
        }, type: field.type)
    }
    let rowCount = columns.first?.count ?? 0
    let keys = KeyColumns(Array(columns.prefix(output.key.count)))
    var registered = RegisteredRows()
    registered.entities = EntityNumbers(keys, rowCount: rowCount).ofRows
    if case .timestamp(let times)? = columns.last?.values { registered.predictedAt = times.elements(0..<rowCount) }
    let versions = Dictionary(record.versions.enumerated().map { ($1.name, Int32($0)) }) { first, _ in first }
    var batches = ContiguousArray<Int32>()
    for (number, (batch, table)) in zip(record.batches, parts).enumerated() {
      let count = table?.rowCount ?? 0
      batches.append(contentsOf: repeatElement(Int32(number), count: count))
      registered.versions.append(contentsOf: repeatElement(versions[batch.version] ?? 0, count: count))
      registered.endedAt.append(contentsOf: repeatElement(batch.endedAt ?? .max, count: count))
      if !output.isKnownWhenPredicted { registered.knownAt.append(contentsOf: repeatElement(batch.effectiveAt, count: count)) }
    }
    if output.isKnownWhenPredicted { registered.knownAt = registered.predictedAt }
    self.batches = batches
    self.registered = registered
    history = ShownHistory(
      registered, promotions: record.promotions.map { Promotion(at: $0.at, versions: $0.versions.compactMap { versions[$0] }) })
  }

  /// The model versions of which something was ever shown.
  var shownVersions: [String] {
    let shown = Set(history.rows.map { registered.versions[Int($0)] })
    return record.versions.enumerated().filter { shown.contains(Int32($0.offset)) }.map(\.element.name)
  }
}

extension ModelOutput {
  /// The key's columns, the output's, and the time of the prediction.
  var fields: [Field] {
    key.map { Field($0.name.value, $0.type ?? .string) } + columns.map { Field($0.name.value, $0.type) }
      + [Field(Self.predictedAtColumn, .timestamp)]
  }
}

/// Under which names the batches of an output have the columns of today.
struct OutputLineup {
  private let names: [String: [String: String]]

  /// - Parameter fields: of a batch.
  /// - Throws: a column that was retyped or dropped, or added without allowing nulls: batches of before would be others.
  init(_ output: ModelOutput, _ record: OutputRecord, fields: (OutputBatch) -> [Field]) throws(Diagnostics) {
    var names: [String: [String: String]] = [:]
    var mistakes: [Diagnostic] = []
    for batch in record.batches {
      let there = fields(batch)
      if there.isEmpty { continue }
      var own: [String: String] = [:]
      for field in output.fields {
        let earlier = output.columns.first { $0.name.value == field.name }?.earlierNames.map(\.value) ?? []
        guard let found = ([field.name] + earlier).compactMap({ name in there.first { $0.name == name } }).first else {
          if let column = output.columns.first(where: { $0.name.value == field.name }), !column.isRequired { continue }
          mistakes.append(.addedColumn(field.name, output, batch))
          continue
        }
        own[field.name] = found.name
        if found.type != field.type { mistakes.append(.retypedColumn(field, was: found.type, output, batch)) }
      }
      for field in there where !own.values.contains(field.name) { mistakes.append(.droppedColumn(field.name, output, batch)) }
      names[batch.segment] = own
    }
    var seen = Set<String>()
    mistakes = mistakes.filter { seen.insert($0.message).inserted }
    if !mistakes.isEmpty { throw Diagnostics(mistakes) }
    self.names = names
  }

  /// - Returns: nil where the batch does not have the column.
  func name(of column: String, in batch: OutputBatch) -> String? { names[batch.segment]?[column] }
}

// Words for definitions that no longer fit what was registered.
extension Diagnostic {
  fileprivate static func retypedColumn(_ field: Field, was type: DataType, _ output: ModelOutput, _ batch: OutputBatch) -> Diagnostic {
    Diagnostic(
      at: output.columns.first { $0.name.value == field.name }?.name.location ?? output.entity.location,
      "column \"\(field.name)\" of output \"\(output.name.value)\" is \(field.type.rawValue), and was \(type.rawValue) when batches were registered",
      rule: "retyped-column",
      hint: "give the column its type again, and the new one another name; or define another output")
  }

  fileprivate static func droppedColumn(_ name: String, _ output: ModelOutput, _ batch: OutputBatch) -> Diagnostic {
    Diagnostic(
      at: output.name.location,
      "output \"\(output.name.value)\" has no column \"\(name)\" any more, which batches were registered with", rule: "dropped-column",
      hint: "keep it without `not_null`, so that new batches may leave it out; or say `was: \(name)` at the column that it has become")
  }

  fileprivate static func addedColumn(_ name: String, _ output: ModelOutput, _ batch: OutputBatch) -> Diagnostic {
    Diagnostic(
      at: output.columns.first { $0.name.value == name }?.name.location ?? output.entity.location,
      "column \"\(name)\" of output \"\(output.name.value)\" is not in batches that were registered before", rule: "added-column",
      hint: "remove its `not_null`: older batches have no value for it")
  }
}
