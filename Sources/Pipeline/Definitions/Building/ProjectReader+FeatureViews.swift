import Diagnostics
import Times

extension ProjectReader {
  func featureView(_ fields: Fields) -> FeatureView? {
    let module = fields.text("module").flatMap { findModule($0, for: fields.subject) }
    let entityReference = fields.text("entity")
    let entity = entityReference.flatMap { entities.find($0, for: fields.subject, findings) }
    let own = timeSettings(fields)
    let isTimeless = fields.flag("timeless")
    let time = module.map { own.over($0.time) } ?? own
    if isTimeless {
      reportTimes(ofTimeless: fields)
    } else if let module, module.observation == nil, time.eventTime == nil, !fields.isBroken("event_time"), !fields.isBroken("timeless") {
      report(.missingEventTime(fields))
    }
    if module?.observation != nil, let place = fields.place(of: "known_time") {
      report(.observedKnowledge(fields.subject, ["known_time"], at: place))
    }
    let features = features(of: fields)
    if isTimeless { reportAggregates(features, of: fields) }
    let keyColumns = viewKey(fields, entity)
    guard let name = fields.name, module != nil, let reference = fields.text("module"), entityReference == nil || entity != nil
    else { return nil }
    return FeatureView(
      name: name, entity: entityReference, keyColumns: keyColumns, module: reference, predicate: fields.text("where"), time: time,
      ttl: fields.span("ttl"), timeless: isTimeless, features: features, about: fields.about)
  }

  /// The module's columns for the entity's key, in key order.
  private func viewKey(_ fields: Fields, _ entity: Entity?) -> [Located<String>] {
    guard fields.says("entity") else {
      if let place = fields.place(of: "key") { report(.keyWithoutEntity(fields.subject, at: place)) }
      return []
    }
    guard let entity, let reference = fields.text("entity") else { return [] }
    return keyColumns(of: entity, mapped: fields.names("key"), subject: "\"key\" of \(fields.subject)", unmappedAt: reference.location)
  }

  /// - Parameter unmappedAt: who asks for the key columns that are not mapped and so go by their own names.
  func keyColumns(of entity: Entity, mapped: [Fields.Pair], subject: String, unmappedAt: SourceLocation) -> [Located<String>] {
    for pair in mapped where !entity.key.contains(where: { $0.name.value == pair.key.value }) {
      report(.unknownKeyColumn(pair, of: entity, in: subject))
    }
    return entity.key.map { column in
      for pair in mapped where pair.key.value == column.name.value {
        if case .text(let here) = pair.value { return here }
      }
      return Located(column.name.value, at: unmappedAt)
    }
  }

  private func reportTimes(ofTimeless fields: Fields) {
    let keys = ["event_time", "known_time", "delay", "period", "ttl"].filter { fields.says($0) }
    guard let place = keys.compactMap({ fields.place(of: $0) }).min() else { return }
    report(.timelessConflict(fields.subject, keys, at: place))
  }

  private func reportAggregates(_ features: [Feature], of fields: Fields) {
    for feature in features {
      if case .aggregates = feature.kind { report(.timelessAggregate(feature.name, fields.subject)) }
    }
  }
}

// Words for feature views.
extension Diagnostic {
  fileprivate static func missingEventTime(_ fields: Fields) -> Diagnostic {
    Diagnostic(
      at: fields.location, "neither \(fields.subject) nor its module has an event_time", rule: "missing-event-time",
      hint: "add `event_time:` with the column that says when a row was true, or `timeless: true` if the rows are constants")
  }

  fileprivate static func timelessConflict(_ subject: String, _ keys: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is timeless, but has \(keys.map { "\"\($0)\"" }.listed(with: "and"))", rule: "timeless-conflict",
      hint: "remove \(keys.count == 1 ? "it" : "them"), or remove `timeless: true`")
  }

  fileprivate static func timelessAggregate(_ name: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: name.location, "\(subject) is timeless, but its feature \"\(name.value)\" aggregates over windows of time",
      rule: "timeless-conflict", hint: "look the value up instead, or give the view an event_time")
  }

  fileprivate static func keyWithoutEntity(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has a \"key\", but no \"entity\"", rule: "key-without-entity",
      hint: "add `entity:`, or remove the key: without entity a view is one series for everything")
  }

  fileprivate static func unknownKeyColumn(_ pair: Fields.Pair, of entity: Entity, in subject: String) -> Diagnostic {
    Diagnostic(
      at: pair.key.location, "\(subject) names \"\(pair.key.value)\", which is no key column of entity \"\(entity.name.value)\"",
      rule: "unknown-key-column", hint: keyHint(pair, entity.key.map(\.name.value)))
  }

  /// The likeliest mistake is that the two sides of the colon are confused.
  private static func keyHint(_ pair: Fields.Pair, _ names: [String]) -> String {
    if case .text(let here) = pair.value, names.contains(here.value) {
      return "turn it round: `{\(here.value): \(pair.key.value)}` reads {name there: name here}"
    }
    if let near = nearestName(to: pair.key.value, among: names) { return "did you mean \"\(near)\"?" }
    return "use \(names.map { "\"\($0)\"" }.listed(with: "or")), as in `{\(names.first ?? ""): name_here}`"
  }
}
