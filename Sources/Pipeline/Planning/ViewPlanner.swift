import Columns
package import Definitions
package import Diagnostics
import Times
import Warehouses

extension Planner {
  /// - Throws: every mistake that the warehouse's facts reveal in the view, each at its place.
  package mutating func plan(_ view: FeatureView) throws(Diagnostics) -> ViewPlan {
    guard let module = project.module(view.module.value) else { preconditionFailure("definitions resolve") }
    let source = try source(of: module)
    var reader = RelationReader(
      warehouse: source.warehouse, relation: source.relation, subject: "module \"\(module.name.value)\"", module: module,
      zone: zone)
    var draft = ViewDraft(view: view, module: module)
    let entity = view.entity.flatMap { project.entity($0.value) }
    let keys = zip(view.keyColumns, entity?.key ?? []).map { draft.key($0, of: $1, in: &reader) }
    let isTimeless = view.timeless
    let log = isTimeless ? nil : module.observation.map { LogColumns(beside: reader.relation, of: $0) }
    var eventTime = isTimeless ? nil : view.time.eventTime.flatMap { reader.time($0, role: .event, period: view.time.period?.value) }
    var knownTime = isTimeless ? nil : view.time.knownTime.flatMap { reader.time($0, role: .known) }
    let recordID = isTimeless ? [] : module.recordID.compactMap { reader.value($0) }
    var deleted = isTimeless ? nil : module.deleted.flatMap { reader.flag(column: $0) }
    if let log {
      knownTime = reader.logged(log.knownTime, as: .time(TimeReader(role: .known, unit: .us, zone: .utc)))
      deleted = reader.logged(log.deleted, as: .flag)
      if view.time.eventTime == nil { eventTime = reader.logged(log.knownTime, as: .time(TimeReader(role: .event, unit: .us, zone: .utc))) }
    }
    let hasVersions = !recordID.isEmpty
    var serves: Int?
    var servesWhenKnown: [Int] = []
    if let predicate = view.predicate, let facts = reader.facts(of: predicate) {
      servesWhenKnown = draft.lateColumns(named: facts.columns, in: &reader)
      if hasVersions { serves = reader.expression(predicate, as: .flag) }
    }
    for feature in view.features { draft.add(feature, in: &reader) }
    if !reader.mistakes.isEmpty { throw Diagnostics(reader.mistakes) }
    return ViewPlan(
      view: view, module: module, entity: entity, zone: zone, relation: reader.relation.name, outputs: reader.outputs,
      outputLocations: reader.locations, scanPredicate: hasVersions ? nil : view.predicate?.value, keys: keys.compactMap(\.self),
      eventTime: eventTime, knownTime: knownTime,
      delayMicroseconds: isTimeless ? 0 : (view.time.knownTime?.delay?.microseconds ?? 0) + (view.time.delay?.value.microseconds ?? 0),
      recordID: recordID, deleted: deleted, serves: serves, servesWhenKnown: servesWhenKnown, values: draft.values,
      filters: draft.filters, lateColumns: draft.late, columns: draft.columns)
  }
}

/// A view's plan while its features are being added.
private struct ViewDraft {
  let view: FeatureView
  let module: Module
  var values: [ValuePlan] = []
  var filters: [FilterPlan] = []
  var late: [LateColumnPlan] = []
  var columns: [FeaturePlan] = []

  func key(_ column: Located<String>, of part: KeyColumn, in reader: inout RelationReader) -> Int? {
    let type = part.type ?? reader.module?.column(column.value)?.type
    guard reader.require(column) else { return nil }
    let stored = reader.relation.column(column.value)?.declaredType
    if let type = type ?? stored, let problem = keyTypeProblem(declared: type, stored: stored) {
      reader.report(
        Diagnostic(
          at: column.location,
          "key column \"\(column.value)\" of \(reader.subject) \(problem), and entity key \"\(part.name.value)\" is "
            + "\(part.type?.rawValue ?? "compared exactly") (\(part.name.location))",
          rule: "key-type", hint: "cast one of them in a module's SQL, or correct `type:`"))
      return nil
    }
    return reader.value(column, type: type)
  }

  mutating func add(_ feature: Feature, in reader: inout RelationReader) {
    switch feature.kind {
    case .lookup(let source):
      guard let operand = operand(source, type: feature.type, in: &reader) else { return }
      columns.append(
        FeaturePlan(
          name: feature.columns[0].name, location: feature.name.location, kind: .lookup(value: operand.value),
          knownWith: operand.knownWith))
    case .aggregates(let aggregates): add(aggregates, columns: feature.columns, at: feature.name.location, in: &reader)
    }
  }

  private mutating func add(
    _ aggregates: Aggregates, columns names: [FeatureColumn], at location: SourceLocation, in reader: inout RelationReader
  ) {
    let operands = aggregates.operands.map { operand($0, type: nil, in: &reader) }
    var filter: Int?
    var knownWith = Set(operands.flatMap { $0?.knownWith ?? [] })
    if let predicate = aggregates.predicate {
      guard let facts = reader.facts(of: predicate) else { return }
      knownWith.formUnion(lateColumns(named: facts.columns, in: &reader))
      let plan = FilterPlan(output: reader.expression(predicate, as: .flag), text: predicate.value)
      filter = filters.place(of: plan)
    }
    guard operands.allSatisfy({ $0 != nil }) else { return }
    for (operand, source) in zip(operands, aggregates.operands) {
      guard let operand, let type = values[operand.value].type else { continue }
      for function in aggregates.functions where !function.accepts(type) {
        reader.report(aggregateTypeMistake(function.displayName, of: source.value.text, type: type, at: source.location))
      }
    }
    for column in names {
      guard case .aggregate(let function, let window) = column.kind else { continue }
      columns.append(
        FeaturePlan(
          name: column.name, location: location,
          kind: .aggregate(function, window, operands: operands.compactMap { $0?.value }, filter: filter), knownWith: knownWith.sorted()))
    }
  }

  private mutating func operand(
    _ source: Located<ValueSource>, type: DataType?, in reader: inout RelationReader
  ) -> (value: Int, knownWith: [Int])? {
    let text = Located(source.value.text, at: source.location)
    let isColumn =
      switch source.value {
      case .column: true
      case .expression: false
      case .columnOrExpression(let text): reader.relation.column(text) != nil || text.isPlainName
      }
    if isColumn {
      guard let output = reader.value(text, type: type) else { return nil }
      let plan = ValuePlan(output: output, text: text.value, type: type ?? reader.knownType(of: text.value))
      return (values.place(of: plan), lateColumns(named: [text.value], in: &reader))
    }
    guard let facts = reader.facts(of: text) else { return nil }
    let plan = ValuePlan(output: reader.expression(text, as: .value(type)), text: text.value, type: type)
    return (values.place(of: plan), lateColumns(named: facts.columns, in: &reader))
  }

  /// Which late columns an expression waits for, into ``late``.
  mutating func lateColumns(named columns: [String], in reader: inout RelationReader) -> [Int] {
    columns.compactMap { name in
      guard let time = module.column(name)?.knownTime, let output = reader.time(time, role: .known) else { return nil }
      let delay = time.delay?.microseconds ?? 0
      return late.place(of: LateColumnPlan(column: name, output: output, delayMicroseconds: delay))
    }.sorted()
  }
}

extension Array where Element: Equatable {
  /// The element's place, at the end if it is new.
  fileprivate mutating func place(of element: Element) -> Int {
    if let index = firstIndex(of: element) { return index }
    append(element)
    return count - 1
  }
}

extension String {
  /// Whether this can only have been meant as a column's name, so that a missing one is named as such.
  var isPlainName: Bool {
    guard let first = utf8.first, !(48...57).contains(first) else { return false }
    return utf8.allSatisfy { $0 == 95 || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
      && !["null", "true", "false"].contains(lowercased())
  }
}
