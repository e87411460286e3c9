import Diagnostics

extension ProjectReader {
  /// - Returns: the mart, and the module that it is to whoever reads it.
  func mart(_ fields: Fields) -> (mart: Mart, module: Module)? {
    let entity = fields.text("entity").flatMap { entities.find($0, for: fields.subject, findings) }
    let origin = martOrigin(fields)
    let time = timeSettings(fields)
    guard let name = fields.name, let entity, let reference = fields.text("entity"), let origin else { return nil }
    var composition: Composition?
    if case .composition(let found) = origin { composition = found }
    let described = (composition?.columns ?? []) + (composition?.joins.flatMap { $0.columns ?? [] } ?? [])
    // A join's names have their prefix in front only in the mart, where a description would lead nowhere without it.
    let columns = described.filter { $0.description != nil }.map {
      ModuleColumn(name: $0.name, type: nil, description: $0.description, knownTime: nil)
    }
    let module = Module(
      name: name, origin: origin,
      // A SELECT may say for itself how it is materialized.
      materialized: fields.choice("materialized") ?? (composition == nil ? nil : Located(.table, at: name.location)), layer: "mart",
      grain: entity.key.map { Located($0.name.value, at: reference.location) }, time: time, recordID: [], deleted: nil, onNullTime: .error,
      lookback: nil, observation: nil, columns: composition == nil ? columns : [], about: fields.about)
    return (Mart(name: name, entity: reference, composition: composition), module)
  }

  private func martOrigin(_ fields: Fields) -> Module.Origin? {
    switch (fields.says("base"), fields.says("sql")) {
    case (true, true):
      report(
        .conflict(
          fields.subject, "sql", "base", at: fields.place(of: "sql"),
          hint: "keep \"base\" if it is put together from modules, \"sql\" if a SELECT does it"))
      return nil
    case (false, false):
      report(
        Diagnostic(
          at: fields.location, "\(fields.subject) lacks \"base\" or \"sql\"", rule: "missing-key",
          hint: "add `base: stg_shipments`, the module that sets its rows, or `sql: marts/name.sql`"))
      return nil
    case (_, true):
      for key in ["columns", "join"] where fields.says(key) {
        report(.conflict(fields.subject, key, "sql", at: fields.place(of: key), hint: "remove it: the SELECT says it all"))
      }
      return fields.text("sql").flatMap { sqlOrigin($0, of: fields.subject) }
    case (true, _): return composition(fields).map(Module.Origin.composition)
    }
  }

  private func composition(_ fields: Fields) -> Composition? {
    guard let base = fields.text("base") else { return nil }
    reportUnknownModule(base, for: fields.subject)
    let columns = fields.says("columns") ? composedColumns(fields) : nil
    let joins = fields.list("join").compactMap { join($0, of: fields.subject) }
    return Composition(base: base, columns: columns, joins: joins)
  }

  private func composedColumns(_ fields: Fields) -> [ComposedColumn] {
    let columns = fields.list("columns").compactMap { column in
      column.name.map {
        ComposedColumn(name: $0, description: column.text("description")?.value, earlierNames: column.texts("was"))
      }
    }
    reportRepeats(columns.map(\.name) + columns.flatMap(\.earlierNames), in: "\"columns\" of \(fields.subject)")
    return columns
  }

  private func join(_ fields: Fields, of subject: String) -> MartJoin? {
    let named = ["module", "output", "view"].filter { fields.says($0) }
    guard named.count == 1, let key = named.first else {
      let place = named.dropFirst().first.flatMap { fields.place(of: $0) } ?? fields.location
      report(
        Diagnostic(
          at: place, "a join of \(subject) has \(named.isEmpty ? "no \"module\", \"output\" or \"view\"" : "more than one of \(named)")",
          rule: named.isEmpty ? "missing-key" : "conflicting-keys",
          hint: "name one relation that is joined, as in `{module: shipment_accounting}`"))
      return nil
    }
    guard let name = fields.text(key), let source = joined(name, key, subject) else { return nil }
    if let place = fields.place(of: "as_of"), case .module = source {
      report(
        Diagnostic(
          at: place, "a join of \(subject) with module \"\(name.value)\" has \"as_of\", but a module is joined as it is now",
          rule: "conflicting-keys", hint: "define a feature view over it with `publish: true`, and join `view:` as of then"))
    }
    let pairs = fields.names("key").compactMap { pair -> MartJoin.KeyPair? in
      if case .text(let here) = pair.value { MartJoin.KeyPair(there: pair.key, here: here) } else { nil }
    }
    return MartJoin(
      location: name.location, source: source, key: pairs, columns: fields.says("columns") ? composedColumns(fields) : nil,
      prefix: fields.text("prefix")?.value ?? "", asOf: fields.fields("as_of").flatMap(timeColumn))
  }

  /// - Returns: nil where the name leads nowhere, which is reported.
  private func joined(_ name: Located<String>, _ key: String, _ subject: String) -> MartJoin.Source? {
    switch key {
    case "view":
      views.reportIfUnknown(name, for: subject, findings)
      if views.declares(name.value), !published.contains(where: { $0.value == name.value }) {
        report(
          Diagnostic(
            at: name.location, "\(subject) joins feature view \"\(name.value)\", which is not published", rule: "not-published",
            hint: "add `publish: true` to the view: then its values are in the warehouse"))
      }
      return .view(name)
    case "output":
      outputs.reportIfUnknown(name, for: subject, findings)
      return .output(name)
    default:
      reportUnknownModule(name, for: subject)
      // An output is a module too, and is joined as such: what is shown now.
      return outputs.declares(name.value) ? .output(name) : .module(name)
    }
  }
}
