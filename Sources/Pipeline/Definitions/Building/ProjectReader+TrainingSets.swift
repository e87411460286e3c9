import Diagnostics

extension ProjectReader {
  func trainingSet(_ fields: Fields) -> TrainingSet? {
    let spineFields = fields.fields("spine")
    let spineKeys = spineFields.map(entityKeys) ?? [:]
    let spine = spineFields.flatMap { self.spine($0, entityKeys: spineKeys) }
    let selections = selections(fields, spineKeys)
    let split = fields.fields("split").flatMap { self.split($0, spineKeys) }
    let scoringFields = fields.fields("scoring")
    if let spine, let spineFields {
      let columns = OutputColumns(spine: spine, selections: selections, views: views, hasStatus: fields.flag("status_columns"))
      let spineModule = spineFields.text("module").flatMap { modules[$0.value] }
      columns.reportMistakes(subject: fields.subject, spineModule: spineModule, self)
      let module = scoringFields?.text("module").flatMap { modules[$0.value] }
      if let scoringFields, let module, module.name.value != spineModule?.name.value {
        columns.reportInputsKnownLater(scoringFields.subject, module, self)
      }
    }
    guard let name = fields.name, let spine else { return nil }
    return TrainingSet(
      name: name, spine: spine, features: selections, boundary: fields.choice("boundary")?.value ?? .closed,
      knowledge: fields.choice("knowledge")?.value ?? .asKnown, statusColumns: fields.flag("status_columns"), split: split,
      format: fields.choice("format") ?? Located(.zip, at: name.location), scoring: scoringFields.flatMap(scoring),
      allowsInSample: fields.flag("allow_in_sample") ? true : nil, about: fields.about)
  }

  private func scoring(_ fields: Fields) -> Scoring? {
    let saysOrigin = fields.says("module") || fields.says("file")
    let origin = saysOrigin ? spineOrigin(fields) : nil
    if saysOrigin, origin == nil { return nil }
    return Scoring(
      location: fields.location, origin: origin, asOf: fields.fields("as_of").flatMap(timeColumn), predicate: fields.text("where"))
  }

  private func spine(_ fields: Fields, entityKeys: [String: [Located<String>]]) -> Spine? {
    let from = fields.text("from").flatMap { moment($0, of: "\"from\" of \(fields.subject)") }
    let until = fields.text("until")
    let end = until.flatMap { moment($0, of: "\"until\" of \(fields.subject)") }
    if let from, let until, let end, from >= end { report(.emptyRange(until, fields.subject)) }
    for key in ["keep", "inputs", "order_by"] { reportRepeats(fields.texts(key), in: "\"\(key)\" of \(fields.subject)") }
    let origin = spineOrigin(fields)
    let module = fields.text("module").flatMap { modules[$0.value] }
    let labels = fields.list("label").compactMap { label($0, module) }
    reportRepeats(labels.map(\.column), in: "\"label\" of \(fields.subject)")
    guard let origin, let asOf = fields.fields("as_of").flatMap(timeColumn) else { return nil }
    return Spine(
      location: fields.location, origin: origin, asOf: asOf, entityKeys: entityKeys, predicate: fields.text("where"),
      fromMicroseconds: from, untilMicroseconds: end, keep: fields.texts("keep"), inputs: fields.texts("inputs"), labels: labels,
      orderBy: fields.texts("order_by"))
  }

  private func spineOrigin(_ fields: Fields) -> Spine.Origin? {
    switch (fields.says("module"), fields.says("file")) {
    case (true, true):
      report(.conflict(fields.subject, "file", "module", at: fields.place(of: "file"), hint: "keep one of them"))
      return nil
    case (false, false):
      report(.spineWithoutOrigin(fields.subject, at: fields.location))
      return nil
    case (true, _):
      guard let module = fields.text("module") else { return nil }
      reportUnknownModule(module, for: fields.subject)
      return .module(module)
    case (_, true):
      return fields.text("file").map { path in
        .file(path.map { ProjectFiles(root: root).absolute($0, besides: path.location) })
      }
    }
  }

  private func label(_ fields: Fields, _ module: Module?) -> Label? {
    fields.name.map { name in
      let own = fields.fields("known_time").flatMap(timeColumn)
      return Label(column: name, knownTime: own ?? module?.column(name.value)?.knownTime)
    }
  }

  /// What `entities:` of a spine or a selection says: the spine's columns for each entity's key, in key order.
  func entityKeys(_ fields: Fields) -> [String: [Located<String>]] {
    var keys: [String: [Located<String>]] = [:]
    for pair in fields.names("entities") {
      let subject = "\"entities\" of \(fields.subject)"
      guard let entity = entities.find(pair.key, for: subject, findings) else { continue }
      switch pair.value {
      case .text(let column) where entity.key.count == 1: keys[pair.key.value] = [column]
      case .text(let column): report(.needsMapping(column, entity, subject))
      case .names(let pairs, _):
        keys[pair.key.value] = keyColumns(of: entity, mapped: pairs, subject: subject, unmappedAt: pair.key.location)
      default: continue
      }
    }
    return keys
  }
}

// Words for training sets and spines.
extension Diagnostic {
  fileprivate static func spineWithoutOrigin(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) lacks \"module\" or \"file\"", rule: "missing-key",
      hint: "add `module: booked_shipments`, or `file: labels.csv`")
  }

  fileprivate static func emptyRange(_ until: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: until.location, "\"until\" of \(subject) is \"\(until.value)\", which is not after \"from\"", rule: "empty-range",
      hint: "let it be later than \"from\"")
  }

  fileprivate static func needsMapping(_ column: Located<String>, _ entity: Entity, _ subject: String) -> Diagnostic {
    let names = entity.key.map(\.name.value)
    return Diagnostic(
      at: column.location,
      "\(subject) gives one column for entity \"\(entity.name.value)\", whose key has \(names.count)", rule: "wrong-type",
      hint: "write a mapping, as in `{\(names.map { "\($0): \($0)" }.joined(separator: ", "))}`")
  }
}
