import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots
import Times
import Warehouses

extension ShowContext {
  mutating func facts(_ view: FeatureView) throws -> [Fact] {
    let module = project.module(view.module.value)
    let relation = try glance.relation(module?.relation ?? "")
    let sets = project.trainingSets.filter { set in set.features.contains { $0.view.value == view.name.value } }.map(\.name.value)
    var facts = [
      Fact("entity", view.entity?.value), Fact("key", view.keyColumns.map(\.value)), Fact("module", view.module.value),
      Fact("where", view.predicate?.value),
      Fact("times", view.timeless ? ["timeless: joined on the key alone"] : view.time.inWords(of: module?.observation)),
      Fact("ttl", view.ttl?.value.text), Fact("training_sets", sets),
      Fact("marts", project.marts(reading: view.name.value) { if case .view = $0 { true } else { false } }),
    ]
    let columns = view.features.flatMap { feature in
      feature.columns.map { column in
        [
          Fact("name", column.name), Fact("what", feature.words(for: column)),
          Fact("type", feature.type(of: column) { name in module?.column(name)?.type ?? relation?.column(name)?.declaredType }?.rawValue),
          Fact("description", feature.description),
        ]
      }
    }
    facts.append(Fact("columns", .table(columns)))
    facts.append(Fact("newest_snapshot", try snapshotFacts(of: view)))
    return facts
  }

  private func snapshotFacts(of view: FeatureView) throws -> FactValue {
    guard let snapshot = contents.newestSnapshot[view.name.value], let store = try workspace.existingStore() else { return .none }
    let counts = snapshot.counts
    let leftOut = [
      ("null_keys", counts.nullKeys), ("null_times", counts.nullTimes), ("deletions", counts.deletions), ("rejected", counts.rejected),
      ("superseded", counts.superseded),
    ]
    let lock = try store.lock(.reader, for: "show \(view.name.value)")
    defer { withExtendedLifetime(lock) {} }
    let columns = try store.readableColumns(of: snapshot)
    let shares = columns.filter { $0.kind == .value }.map { value in
      let count = value.column.count
      return [
        Fact("name", value.name), Fact("type", value.column.type.rawValue),
        Fact("null_share", count == 0 ? .none : .share(Double(value.column.nullCount) / Double(count))),
      ]
    }
    return .facts([
      Fact("digest", .digest(snapshot.digest)), Fact("read", .time(snapshot.createdAt)),
      Fact("up_to_date", try isCurrent(snapshot, of: view).map { .flag($0) } ?? .none), Fact("rows", snapshot.rowCount),
      Fact("rows_read", counts.read), Fact("left_out", .facts(leftOut.filter { $0.1 > 0 }.map { Fact($0.0, $0.1) })),
      Fact("ties", counts.ties == 0 ? .none : .count(counts.ties)), Fact("values", .table(shares)),
    ])
  }
}

extension Workspace {
  func existingStore() throws(StoreError) -> SnapshotStore? { try .existing(folder: project.settings.storeFolder) }
}

extension Feature {
  /// How a column comes about: `max of "heat" over 2h where …`.
  fileprivate func words(for column: FeatureColumn) -> String {
    switch (column.kind, kind) {
    case (.lookup, .lookup(let source)): return source.value.words
    case (.aggregate(let function, let window), .aggregates(let aggregates)):
      let operands = aggregates.operands.map(\.value.words)
      let of = operands.isEmpty ? " of rows" : " of \(operands.joined(separator: " over "))"
      let length = if case .lifetime = window { ", ever" } else { ", last \(window.text)" }
      let condition = aggregates.predicate.map { " where \($0.value)" } ?? ""
      return function.label + of + length + condition
    default: return ""
    }
  }

  /// The column's type as far as definitions and the warehouse tell.
  fileprivate func type(of column: FeatureColumn, typeOfColumn: (String) -> DataType?) -> DataType? {
    func operandType(_ source: ValueSource?) -> DataType? {
      switch source {
      case .column(let name), .columnOrExpression(let name): typeOfColumn(name)
      case .expression, nil: nil
      }
    }
    switch (column.kind, kind) {
    case (.lookup, .lookup(let source)): return type ?? operandType(source.value)
    case (.aggregate(let function, _), .aggregates(let aggregates)):
      return function.type(over: operandType(aggregates.operands.first?.value))
    default: return nil
    }
  }
}

extension ValueSource {
  fileprivate var words: String {
    switch self {
    case .column(let name): "\"\(name)\""
    case .expression(let text), .columnOrExpression(let text): text
    }
  }
}

extension AggregateFunction {
  /// Rule R12.
  fileprivate func type(over operand: DataType?) -> DataType? {
    switch self {
    case .count, .countDistinct: .int64
    case .min, .max, .first, .last: operand
    case .sum: operand == .boolean ? .int64 : operand
    case .mean, .stddev, .variance, .median, .percentile, .ratio, .timeSinceLast: .float64
    }
  }
}
