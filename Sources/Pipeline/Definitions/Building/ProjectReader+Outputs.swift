import Columns
import Diagnostics
import Times

extension ProjectReader {
  func output(_ fields: Fields) -> ModelOutput? {
    let entity = fields.text("entity").flatMap { entities.find($0, for: fields.subject, findings) }
    let columns = fields.list("columns").compactMap(outputColumn)
    reportRepeats(columns.map(\.name) + columns.flatMap(\.earlierNames), in: "\"columns\" of \(fields.subject)", ignoringCase: true)
    reportTakenNames(columns, of: fields, entity)
    reportUntypedKey(fields, entity)
    let isKnownWhenPredicted = fields.text("known_time")?.value == "predicted_at"
    if isKnownWhenPredicted, !fields.says("predicted_at"), let place = fields.place(of: "known_time") {
      report(.knownWhenPredicted(fields.subject, at: place))
    }
    let limits = fields.fields("unknown_entities")
    let graduation = fields.fields("graduated").flatMap { self.graduation($0, of: columns, entity) }
    guard let name = fields.name, let entity, let reference = fields.text("entity") else { return nil }
    if let relation = graduation?.relation, ModelOutput.relations(of: name.value).contains(relation.value.lowercased()) {
      report(.graduatedToItself(relation, fields.subject))
    }
    return ModelOutput(
      name: name, entity: reference, key: entity.key, model: fields.text("model"),
      predictedAt: fields.fields("predicted_at").flatMap(timeColumn), isKnownWhenPredicted: isKnownWhenPredicted, columns: columns,
      unknownEntities: UnknownEntities(
        warn: limits?.located("warn", RowLimit.init)?.value ?? .rows(0),
        error: limits?.located("error", RowLimit.init)?.value ?? .share(0.01)),
      leastRows: fields.fields("rows").flatMap { atLeast(0, $0, "min") } ?? 1, graduation: graduation, about: fields.about)
  }

  /// What an output is to whoever reads it: the log of what was shown, a version of its record at each change.
  func module(of output: ModelOutput) -> Module {
    func located(_ column: String) -> Located<String> { Located(column, at: output.name.location) }
    func time(_ column: String) -> TimeColumn {
      TimeColumn(column: located(column), unit: .us, timezone: "UTC", ambiguous: nil, delay: nil, atMicroseconds: nil)
    }
    return Module(
      name: output.name, origin: .output, materialized: nil, layer: nil, grain: output.key.map(\.name),
      time: TimeSettings(
        eventTime: time(ModelOutput.predictedAtColumn), knownTime: time("valid_from"), delay: nil, period: nil),
      recordID: output.key.map(\.name), deleted: located(ModelOutput.withdrawnColumn), onNullTime: .error, lookback: nil, observation: nil,
      columns: output.columns.map { ModuleColumn(name: $0.name, type: $0.type, description: $0.description, knownTime: nil) },
      about: output.about)
  }

  private func outputColumn(_ fields: Fields) -> ModelOutputColumn? {
    guard let name = fields.name, let type = fields.choice("type", DataType.self)?.value else { return nil }
    let (least, greatest) = (limit(fields, "min", type), limit(fields, "max", type))
    if let least, let greatest, !least.value.isAtMost(greatest.value) { report(.emptyLimits(fields.subject, at: greatest.location)) }
    if type != .string, let place = fields.place(of: "max_length") { report(.lengthOfNoText(fields.subject, type, at: place)) }
    for value in fields.texts("accepted_values") where !type.reads(value.value) { report(.notOfType(fields.subject, value, type)) }
    return ModelOutputColumn(
      name: name, type: type, description: fields.text("description")?.value, isRequired: fields.flag("not_null"), least: least,
      greatest: greatest, acceptedValues: fields.texts("accepted_values"), maxLength: atLeast(1, fields, "max_length"),
      earlierNames: fields.texts("was"))
  }

  private func limit(_ fields: Fields, _ key: String, _ type: DataType) -> Located<Limit>? {
    guard let text = fields.text(key) else { return nil }
    if type == .string || type == .boolean {
      report(.limitOfNoNumber(fields.subject, key, type, at: text.location))
      return nil
    }
    if let limit = Limit(text.value, type) { return Located(limit, at: text.location) }
    report(.notOfType(fields.subject, text, type))
    return nil
  }

  private func atLeast(_ least: Int, _ fields: Fields, _ key: String) -> Int? {
    guard let text = fields.text(key), let number = Int(text.value) else { return nil }
    if number >= least { return number }
    report(
      Diagnostic(
        at: text.location, "\"\(key)\" of \(fields.subject) is \(number), but must be at least \(least)", rule: "wrong-type",
        hint: "write a larger number, or remove it"))
    return nil
  }

  /// The key and what Gangway itself adds stand in the same relations.
  private func reportTakenNames(_ columns: [ModelOutputColumn], of fields: Fields, _ entity: Entity?) {
    for column in columns {
      for name in [column.name] + column.earlierNames {
        if ModelOutput.reservedColumns.contains(where: { $0 == name.value.lowercased() }) {
          report(.takenName(name, fields.subject, "which its relations have for \(reservedPurpose(name.value.lowercased()))"))
        } else if let key = entity?.key.first(where: { $0.name.value.lowercased() == name.value.lowercased() }) {
          report(.takenName(name, fields.subject, "which is in the key of entity \"\(entity?.name.value ?? "")\" (\(key.name.location))"))
        }
      }
    }
  }

  private func reservedPurpose(_ column: String) -> String {
    switch column {
    case "predicted_at": "the time of each prediction"
    case "model_version", "batch": "where a row comes from"
    default: "the times at which a row was shown"
    }
  }

  /// A file of predictions has no types: without them 007 and 7 could be one shipment, or two.
  private func reportUntypedKey(_ fields: Fields, _ entity: Entity?) {
    guard let entity, let reference = fields.text("entity") else { return }
    for part in entity.key where part.type == nil {
      report(
        Diagnostic(
          at: reference.location,
          "\(fields.subject) is of entity \"\(entity.name.value)\", whose key column \"\(part.name.value)\" has no type (\(part.name.location))",
          rule: "untyped-key", hint: "say it at the entity, as in `key: [{name: \(part.name.value), type: string}]`"))
    }
  }

  private func graduation(_ fields: Fields, of columns: [ModelOutputColumn], _ entity: Entity?) -> Graduation? {
    let own = columns.map(\.name.value) + (entity?.key.map(\.name.value) ?? []) + [ModelOutput.predictedAtColumn]
    var names: [String: Located<String>] = [:]
    for pair in fields.names("columns") {
      guard case .text(let here) = pair.value else { continue }
      if !own.contains(here.value) {
        report(.unknownOutputColumn(here, pair.key, own: own, in: "\"columns\" of \(fields.subject)"))
      }
      names[here.value] = pair.key
    }
    let since = fields.text("since").flatMap { moment($0, of: "\"since\" of \(fields.subject)") }
    guard let relation = fields.text("relation"), let since else { return nil }
    return Graduation(relation: relation, since: since, columns: names, location: fields.location)
  }
}

extension Limit {
  /// - Returns: nil unless `text` is a value of the type.
  init?(_ text: String, _ type: DataType) {
    switch type {
    case .int64:
      guard let value = Int64(text) else { return nil }
      self = .int64(value)
    case .float64:
      guard let value = Double(text), value.isFinite else { return nil }
      self = .float64(value)
    case .date:
      var text = text
      guard let days = text.withUTF8({ unsafe parseDate(utf8: Span(_unsafeElements: $0)) }) else { return nil }
      self = .date(days)
    case .timestamp:
      guard case .time(let time) = parseInstant(text, zone: .utc) else { return nil }
      self = .timestamp(time)
    case .string, .boolean: return nil
    }
  }

  fileprivate func isAtMost(_ other: Limit) -> Bool {
    switch (self, other) {
    case (.int64(let a), .int64(let b)), (.timestamp(let a), .timestamp(let b)): a <= b
    case (.float64(let a), .float64(let b)): a <= b
    case (.date(let a), .date(let b)): a <= b
    default: true
    }
  }
}

extension DataType {
  fileprivate func reads(_ text: String) -> Bool {
    switch self {
    case .string: true
    case .boolean: text == "true" || text == "false"
    default: Limit(text, self) != nil
    }
  }
}

// Words for outputs.
extension Diagnostic {
  fileprivate static func knownWhenPredicted(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is known when it is predicted, but has no \"predicted_at\"", rule: "missing-key",
      hint: "add the column of the files that says when, as in `predicted_at: predicted_at`")
  }

  fileprivate static func graduatedToItself(_ relation: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: relation.location, "\(subject) has graduated to \"\(relation.value)\", which is made of it", rule: "graduated-to-itself",
      hint: "name the table that the product writes")
  }

  fileprivate static func emptyLimits(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has a \"max\" below its \"min\"", rule: "empty-range", hint: "let it be at least as great as \"min\"")
  }

  fileprivate static func lengthOfNoText(_ subject: String, _ type: DataType, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"max_length\", but is of type \(type.rawValue)", rule: "conflicting-keys",
      hint: "remove it: only texts have a length")
  }

  fileprivate static func limitOfNoNumber(_ subject: String, _ key: String, _ type: DataType, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"\(key)\", but is of type \(type.rawValue)", rule: "conflicting-keys",
      hint: "remove it, or list what it may be under `accepted_values:`")
  }

  fileprivate static func notOfType(_ subject: String, _ text: Located<String>, _ type: DataType) -> Diagnostic {
    let example =
      switch type {
      case .int64: "12"
      case .float64: "0.5"
      case .boolean: "true"
      case .string: "low"
      case .date: "2024-01-31"
      case .timestamp: "2024-01-31T05:00:00Z"
      }
    return Diagnostic(
      at: text.location, "\(subject) is of type \(type.rawValue), which \"\(text.value)\" is not", rule: "wrong-type",
      hint: "write it like \(example), or change the type")
  }

  fileprivate static func takenName(_ name: Located<String>, _ subject: String, _ why: String) -> Diagnostic {
    Diagnostic(
      at: name.location, "\(subject) has a column \"\(name.value)\", \(why)", rule: "duplicate-column",
      hint: "call it otherwise, or remove it")
  }

  fileprivate static func unknownOutputColumn(
    _ here: Located<String>, _ there: Located<String>, own: [String], in subject: String
  ) -> Diagnostic {
    let hint =
      own.contains(there.value)
      ? "turn it round: `{\(here.value): \(there.value)}` reads {name there: name here}"
      : nearestName(to: here.value, among: own).map { "did you mean \"\($0)\"?" } ?? existing(own) ?? "name a column of the output"
    return Diagnostic(
      at: here.location, "\(subject) gives a column to \"\(here.value)\", which the output does not have", rule: "unknown-column",
      hint: hint)
  }
}
