import Columns
package import Definitions
package import Diagnostics
import Times
package import Warehouses

/// Where a spine is read from: the project's warehouse, or a CSV file that was loaded beside it.
package struct SpineSource: Sendable {
  package let warehouse: any Warehouse
  package let relation: String
  /// Known for a module.
  package let module: Module?
  package let displayName: String

  package init(warehouse: any Warehouse, relation: String, module: Module?, displayName: String) {
    self.warehouse = warehouse
    self.relation = relation
    self.module = module
    self.displayName = displayName
  }
}

extension Planner {
  /// The spine's relation as its definition says it.
  ///
  /// - Precondition: the spine is a module.
  package mutating func spineSource(of set: TrainingSet) throws(Diagnostics) -> SpineSource {
    guard case .module(let name) = set.spine.origin, let module = project.module(name.value) else {
      preconditionFailure("a spine file is loaded by the caller")
    }
    let relation = try relation(of: module)
    return SpineSource(
      warehouse: warehouse, relation: relation.name, module: module, displayName: "module \"\(module.name.value)\"")
  }

  /// - Parameter scoring: what the rows are asked for; nil: to learn from them.
  /// - Throws: every mistake that the spine's columns reveal, each at its place.
  package func plan(
    _ set: TrainingSet, spine source: SpineSource, scoring: ScoringQuestion? = nil
  ) throws(Diagnostics) -> TrainingSetPlan {
    var found: Relation?
    do { found = try source.warehouse.relation(source.relation) } catch { throw Diagnostics(error, at: set.spine.location) }
    guard let relation = found else {
      throw Diagnostics(
        .missingRelation(source.relation, warehouse: source.warehouse.displayName), at: set.spine.location, of: source.displayName)
    }
    var reader = RelationReader(
      warehouse: source.warehouse, relation: relation, subject: source.displayName, module: source.module, zone: zone)
    let asOf = (scoring?.time ?? .column(set.spine.asOf)).column.flatMap { reader.time($0, role: .decision) }
    let draft = SpineDraft(set: set, project: project, types: scoring?.types ?? [:])
    let selections = draft.selections(in: &reader)
    let splitKeys = draft.splitKeys(in: &reader)
    let columns = draft.columns(in: &reader)
    let labels = draft.labels(in: &reader)
    let orderBy = set.spine.orderBy.map { term in
      term.value == set.spine.asOf.column.value ? nil : reader.value(term)
    }
    if let predicate = set.spine.predicate { _ = reader.facts(of: predicate) }
    guard reader.mistakes.isEmpty else { throw Diagnostics(reader.mistakes) }
    return TrainingSetPlan(
      set: set, zone: zone, spineName: source.displayName, relation: relation.name, outputs: reader.outputs,
      outputLocations: reader.locations, scanPredicate: set.spine.predicate?.value, asOf: asOf, columns: columns, labels: labels,
      orderBy: orderBy, selections: selections, splitKeys: splitKeys, scoring: scoring.map { ScoringPlan(decidedAt: $0.time.instant) })
  }
}

private struct SpineDraft {
  let set: TrainingSet
  let project: Project
  /// By column, for rows to score: what they are in the training set.
  let types: [String: DataType]

  private var asOfName: String { self.set.spine.asOf.column.value }

  func selections(in reader: inout RelationReader) -> [SelectionPlan] {
    set.features.map { selection in
      guard let view = project.featureView(selection.view.value) else { preconditionFailure("definitions resolve") }
      let entity = view.entity.flatMap { project.entity($0.value) }
      let keys = zip(selection.keyColumns, entity?.key ?? []).map { key($0, part: $1, in: &reader) }
      return SelectionPlan(selection: selection, view: view, entity: entity, keys: keys.compactMap(\.self))
    }
  }

  func splitKeys(in reader: inout RelationReader) -> [Int] {
    guard case .byEntity(let name, let columns, _, _, _, _)? = set.split?.kind, let entity = project.entity(name.value) else {
      return []
    }
    return zip(columns, entity.key).compactMap { key($0, part: $1, in: &reader) }
  }

  private func key(_ column: Located<String>, part: KeyColumn, in reader: inout RelationReader) -> Int? {
    guard reader.require(column) else { return nil }
    let stored = reader.relation.column(column.value)?.declaredType
    if let type = part.type, let problem = keyTypeProblem(declared: type, stored: stored) {
      reader.report(
        Diagnostic(
          at: column.location,
          "key column \"\(column.value)\" of \(reader.subject) \(problem), and entity key \"\(part.name.value)\" is "
            + "\(type.rawValue) (\(part.name.location))",
          rule: "key-type", hint: "cast one of them in a module's SQL, or correct `type:`"))
      return nil
    }
    return reader.value(column, type: part.type ?? types[column.value])
  }

  /// Entity keys, then the decision time, where they are not kept or inputs; then what is kept, then inputs.
  func columns(in reader: inout RelationReader) -> [SpineColumnPlan] {
    let spine = set.spine
    let listed = Set((spine.keep + spine.inputs).map(\.value))
    var seen = listed
    var result: [SpineColumnPlan] = []
    let keyColumns = set.features.flatMap(\.keyColumns) + splitColumns
    for column in keyColumns where seen.insert(column.value).inserted {
      result.append(plan(column, as: .key, in: &reader))
    }
    if seen.insert(asOfName).inserted { result.append(plan(spine.asOf.column, as: .time, in: &reader)) }
    result += spine.keep.map { plan($0, as: .keep, in: &reader) }
    result += spine.inputs.map { plan($0, as: .input, in: &reader) }
    return result
  }

  private var splitColumns: [Located<String>] {
    if case .byEntity(_, let columns, _, _, _, _)? = set.split?.kind { columns } else { [] }
  }

  private func plan(_ column: Located<String>, as role: ColumnRole, in reader: inout RelationReader) -> SpineColumnPlan {
    let description = reader.module?.column(column.value)?.description
    if column.value == asOfName { return SpineColumnPlan(name: column.value, role: role, output: nil, description: description) }
    // A key is read as its entity wants it, whatever its role.
    let keyType = (keyTypeByColumn[column.value] ?? nil) ?? typeAsTrained(column, in: &reader)
    return SpineColumnPlan(
      name: column.value, role: role, output: reader.value(column, type: keyType) ?? -1, description: description)
  }

  /// What a column of rows to score is in the training set, if the rows can have it so.
  private func typeAsTrained(_ column: Located<String>, in reader: inout RelationReader) -> DataType? {
    guard let type = types[column.value] else { return nil }
    let declared = reader.module?.column(column.value)?.type
    let problem =
      if let declared { declared == type ? nil : "is \(declared.rawValue)" } else {
        typeProblem(wanted: type, stored: reader.relation.column(column.value)?.declaredType)
      }
    if let problem { reader.report(.otherType(column, of: reader.subject, problem, as: type, in: set)) }
    return problem == nil ? type : nil
  }

  private var keyTypeByColumn: [String: DataType?] {
    var types: [String: DataType?] = [:]
    for selection in set.features {
      guard let view = project.featureView(selection.view.value), let entity = view.entity.flatMap({ project.entity($0.value) })
      else { continue }
      for (column, part) in zip(selection.keyColumns, entity.key) { types[column.value] = part.type }
    }
    return types
  }

  func labels(in reader: inout RelationReader) -> [LabelPlan] {
    set.spine.labels.map { label in
      let output = reader.value(label.column) ?? -1
      let known = label.knownTime.flatMap { reader.time($0, role: .known) }
      return LabelPlan(
        name: label.column.value, output: output, knownTime: known, delayMicroseconds: label.knownTime?.delay?.microseconds ?? 0,
        description: reader.module?.column(label.column.value)?.description)
    }
  }
}

extension Diagnostic {
  fileprivate static func otherType(
    _ column: Located<String>, of subject: String, _ problem: String, as type: DataType, in set: TrainingSet
  ) -> Diagnostic {
    Diagnostic(
      at: set.spine.origin.location,
      "column \"\(column.value)\" of \(subject) \(problem), and training set \"\(set.name.value)\" has it as \(type.rawValue) "
        + "(\(column.location))",
      rule: "scoring-type", hint: "a model reads what it was trained on: cast it in the module's SQL, or declare `type:` there")
  }
}
