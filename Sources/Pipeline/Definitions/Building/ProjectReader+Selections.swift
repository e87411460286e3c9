import Diagnostics

extension ProjectReader {
  func selections(_ set: Fields, _ spineKeys: [String: [Located<String>]]) -> [FeatureSelection] {
    var first: [String: SourceLocation] = [:]
    return set.list("features").compactMap { fields in
      guard let reference = fields.text("view") else { return nil }
      let alias = fields.text("as") ?? reference
      if let place = first[alias.value], !fields.isBroken("as") {
        report(.duplicateAlias(alias, reference, set.subject, first: place))
      } else {
        first[alias.value] = alias.location
      }
      let ownKeys = entityKeys(fields)
      guard let view = views.find(reference, for: set.subject, findings) else { return nil }
      reportUnusedEntities(fields, view, set.subject)
      return FeatureSelection(
        location: reference.location, view: reference, alias: alias.value,
        keyColumns: spineColumns(for: view, at: reference.location, ownKeys, spineKeys), columns: columns(of: view, taken: fields))
    }
  }

  private func spineColumns(
    for view: FeatureView, at location: SourceLocation, _ ownKeys: [String: [Located<String>]],
    _ spineKeys: [String: [Located<String>]]
  ) -> [Located<String>] {
    guard let entity = view.entity?.value else { return [] }
    return ownKeys[entity] ?? spineKeys[entity] ?? ownNames(of: entity, at: location)
  }

  /// An entity's key columns under their own names.
  func ownNames(of entity: String, at location: SourceLocation) -> [Located<String>] {
    (entities[entity]?.key ?? []).map { Located($0.name.value, at: location) }
  }

  private func reportUnusedEntities(_ fields: Fields, _ view: FeatureView, _ subject: String) {
    for pair in fields.names("entities") where pair.key.value != view.entity?.value {
      // One that is not known is reported as such.
      guard entities[pair.key.value] != nil else { continue }
      report(.unusedEntity(pair.key, view, subject))
    }
  }

  /// A column by its full name, else all that its stem gives.
  private func columns(of view: FeatureView, taken fields: Fields) -> [Int] {
    let owners = view.features.flatMap { feature in feature.columns.map { (column: $0.name, feature: feature.name) } }
    guard fields.says("features") else { return Array(owners.indices) }
    var taken: [Int] = []
    for name in fields.texts("features") {
      let exact = owners.indices.filter { owners[$0].column == name.value }
      let found = exact.isEmpty ? owners.indices.filter { owners[$0].feature.value == name.value } : exact
      if found.isEmpty { report(.unknownFeature(name, view, owners.map { Located($0.column, at: $0.feature.location) })) }
      if found.contains(where: taken.contains) { report(.takenTwice(name, view)) }
      taken += found.filter { !taken.contains($0) }
    }
    return taken
  }
}

// Words for selections.
extension Diagnostic {
  fileprivate static func duplicateAlias(
    _ alias: Located<String>, _ view: Located<String>, _ subject: String, first: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      at: alias.location, "\(subject) takes two views under the name \"\(alias.value)\", first at \(first)", rule: "duplicate-alias",
      hint: "give one of them a name of its own, as in `{view: \(view.value), as: \(view.value)_2}`")
  }

  fileprivate static func unusedEntity(_ entity: Located<String>, _ view: FeatureView, _ subject: String) -> Diagnostic {
    let own = view.entity.map { "is of entity \"\($0.value)\"" } ?? "has no entity"
    return Diagnostic(
      at: entity.location, "\(subject) maps entity \"\(entity.value)\" for view \"\(view.name.value)\", which \(own)",
      rule: "unused-entity", hint: view.entity.map { "map \"\($0.value)\" instead" } ?? "remove it")
  }

  fileprivate static func unknownFeature(_ name: Located<String>, _ view: FeatureView, _ columns: [Located<String>]) -> Diagnostic {
    let stems = view.features.map(\.name)
    return Diagnostic(
      at: name.location, "feature view \"\(view.name.value)\" has no feature \"\(name.value)\"", rule: "unknown-feature",
      hint: nameHint(name.value, among: columns + stems) ?? existing(Set(stems.map(\.value)).sorted())
        ?? "see `gangway show \(view.name.value)` for what it has")
  }

  fileprivate static func takenTwice(_ name: Located<String>, _ view: FeatureView) -> Diagnostic {
    Diagnostic(
      at: name.location, "\"\(name.value)\" of feature view \"\(view.name.value)\" is taken twice", rule: "duplicate-feature",
      hint: "remove it here")
  }
}
