package import Foundation

/// A world as the files of a project, in exactly the form of DESIGN.md section 4.
package struct ProjectFiles: Sendable {
  /// gangway.yml
  package var project: String
  /// features/world.yml
  package var definitions: String
  /// SQL that makes the warehouse.
  package var warehouse: String

  package func write(to folder: URL) throws {
    let features = folder.appendingPathComponent("features")
    try FileManager.default.createDirectory(at: features, withIntermediateDirectories: true)
    try project.write(to: folder.appendingPathComponent("gangway.yml"), atomically: true, encoding: .utf8)
    try definitions.write(to: features.appendingPathComponent("world.yml"), atomically: true, encoding: .utf8)
    try warehouse.write(to: folder.appendingPathComponent("warehouse.sql"), atomically: true, encoding: .utf8)
  }
}

extension World {
  /// What follows `export set`.
  package var exportArguments: [String] {
    self.set.knownBy.map { ["--known-by", utcText($0)] } ?? []
  }

  package func write(to folder: URL) throws { try files.write(to: folder) }

  package var files: ProjectFiles {
    ProjectFiles(
      project: "project: world\nwarehouse: {sqlite: warehouse.sqlite}\ntimezone: \(zone)\n",
      definitions: (entityLines + moduleLines + viewLines + setLines).joined(separator: "\n") + "\n",
      warehouse: modules.flatMap(\.sqlLines).joined(separator: "\n") + "\n")
  }

  private var entityLines: [String] {
    entities.isEmpty ? [] : ["entities:"] + entities.map { "  - {name: \($0.name), key: \(list($0.key))}" }
  }

  private var moduleLines: [String] { ["modules:"] + modules.flatMap(\.yamlLines) }

  private var viewLines: [String] {
    ["feature_views:"] + views.flatMap { $0.yamlLines(entityKey: $0.entity.map { entity($0).key } ?? []) }
  }

  private var setLines: [String] {
    var lines = ["training_sets:", "  - name: set", "    spine:"]
    lines.append("      module: \(set.module)")
    lines.append("      as_of: \(set.asOf.yaml)")
    if !set.entities.isEmpty { lines.append("      entities: \(roles(set.entities))") }
    if let condition = set.where { lines.append("      where: \(quoted(condition.sql))") }
    if let from = set.from { lines.append("      from: \(quoted(from))") }
    if let until = set.until { lines.append("      until: \(quoted(until))") }
    if !set.keep.isEmpty { lines.append("      keep: \(list(set.keep))") }
    if !set.inputs.isEmpty { lines.append("      inputs: \(list(set.inputs))") }
    if !set.labels.isEmpty { lines.append("      label: [\(set.labels.map(\.yaml).joined(separator: ", "))]") }
    if let order = set.orderBy { lines.append("      order_by: \(list(order))") }
    lines.append("    features:")
    lines += set.uses.map { "      - \(yaml($0))" }
    if set.isOpen { lines.append("    boundary: open") }
    if set.asRevised { lines.append("    knowledge: as_revised") }
    if set.hasStatusColumns { lines.append("    status_columns: true") }
    if let split = set.split { lines.append("    split: \(split.yaml)") }
    return lines
  }

  private func yaml(_ use: Use) -> String {
    guard use.alias != nil || use.features != nil || !use.entities.isEmpty else { return use.view }
    var parts = ["view: \(use.view)"]
    if let alias = use.alias { parts.append("as: \(alias)") }
    if !use.entities.isEmpty { parts.append("entities: \(roles(use.entities))") }
    if let features = use.features { parts.append("features: \(list(features))") }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  /// `{name there: name here}`, here being the spine.
  private func roles(_ roles: [String: [String]]) -> String {
    let pairs = roles.keys.sorted().map { name in
      let keys = zip(entity(name).key, roles[name]!).map { "\($0): \($1)" }
      return "\(name): {\(keys.joined(separator: ", "))}"
    }
    return "{" + pairs.joined(separator: ", ") + "}"
  }
}

extension Module {
  fileprivate var yamlLines: [String] {
    var lines = ["  - name: \(name)", "    relation: \(name)"]
    if let eventTime { lines.append("    event_time: \(eventTime.yaml)") }
    if let knownTime { lines.append("    known_time: \(knownTime.yaml)") }
    if let delay { lines.append("    delay: \(delay.text)") }
    if let recordID { lines.append("    record_id: \(recordID)") }
    if let deleted { lines.append("    deleted: \(deleted)") }
    if let period { lines.append("    period: \(period.rawValue)") }
    if skipsNullTimes { lines.append("    on_null_time: skip") }
    let described = columns.filter { $0.type != nil || $0.knownTime != nil }
    if !described.isEmpty { lines.append("    columns:") }
    return lines + described.map { "      - \($0.yaml)" }
  }

  fileprivate var sqlLines: [String] {
    let columns = columns.map { $0.declared.isEmpty ? $0.name : "\($0.name) \($0.declared)" }
    return ["create table \(name) (\(columns.joined(separator: ", ")));"]
      + rows.map { "insert into \(name) values (\($0.map(\.sql).joined(separator: ", ")));" }
  }
}

extension Column {
  fileprivate var yaml: String {
    var parts = ["name: \(name)"]
    if let type { parts.append("type: \(type.rawValue)") }
    if let knownTime { parts.append("known_time: \(knownTime.yaml)") }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

extension TimeColumn {
  fileprivate var yaml: String {
    var parts = ["column: \(column)"]
    if let unit { parts.append("unit: \(unit.rawValue)") }
    if let delay { parts.append("delay: \(delay.text)") }
    if let ambiguous { parts.append("ambiguous: \(ambiguous)") }
    if let at { parts.append("at: \(quoted(at))") }
    return parts.count == 1 ? column : "{" + parts.joined(separator: ", ") + "}"
  }
}

extension View {
  fileprivate func yamlLines(entityKey: [String]) -> [String] {
    var lines = ["  - name: \(name)"]
    if let entity { lines.append("    entity: \(entity)") }
    let renamed = zip(entityKey, key).filter { $0 != $1 }.map { "\($0): \($1)" }
    if !renamed.isEmpty { lines.append("    key: {\(renamed.joined(separator: ", "))}") }
    lines.append("    module: \(module)")
    if let condition = `where` { lines.append("    where: \(quoted(condition.sql))") }
    if isTimeless { lines.append("    timeless: true") }
    if let eventTime { lines.append("    event_time: \(eventTime.yaml)") }
    if let knownTime { lines.append("    known_time: \(knownTime.yaml)") }
    if let delay { lines.append("    delay: \(delay.text)") }
    if let period { lines.append("    period: \(period.rawValue)") }
    if let ttl { lines.append("    ttl: \(ttl.text)") }
    return lines + ["    features:"] + features.map { "      - \($0.yaml)" }
  }
}

extension Feature {
  fileprivate var yaml: String {
    switch self {
    case .lookUp(let lookUp): lookUp.yaml
    case .aggregate(let aggregate): aggregate.yaml
    }
  }
}

extension LookUp {
  fileprivate var yaml: String {
    var parts = ["name: \(name)"]
    if case .column(let column) = source {
      if column != name { parts.append("column: \(column)") }
    } else {
      parts.append("expr: \(quoted(source.sql))")
    }
    if let type { parts.append("type: \(type.rawValue)") }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

extension Aggregate {
  fileprivate var yaml: String {
    var parts = ["name: \(stem)", "aggregate: \(list(functions.map(\.keyword)))"]
    for case .percentile(let p) in functions { parts.append("p: \(p)") }
    let operands = of.map { operand in
      if case .column(let name) = operand { return name }
      return quoted(operand.sql)
    }
    if !of.isEmpty, operands != [stem] || functions.contains(.count) { parts.append("of: \(list(operands))") }
    parts.append("windows: \(list(windows.map(\.text)))")
    if let condition = `where` { parts.append("where: \(quoted(condition.sql))") }
    if let named { parts.append("as: \(quoted(named))") }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

extension Label {
  fileprivate var yaml: String {
    knownTime.map { "{name: \(name), known_time: \($0.yaml)}" } ?? "{name: \(name)}"
  }
}

extension Split {
  fileprivate var yaml: String {
    var parts = ["by: time"]
    if let validation { parts.append("validation: \(validation.yaml)") }
    parts.append("test: \(test.yaml)")
    if let embargo { parts.append("embargo: \(embargo.text)") }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

extension Split.Border {
  fileprivate var yaml: String {
    switch self {
    case .date(let date): date
    case .span(let span): span.text
    }
  }
}

/// Where a one-element list may stand, so may the element.
private func list(_ items: [String]) -> String {
  items.count == 1 ? items[0] : "[" + items.joined(separator: ", ") + "]"
}

private func quoted(_ text: String) -> String {
  "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
}
