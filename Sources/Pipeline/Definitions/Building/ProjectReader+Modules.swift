import Columns
import Diagnostics
import Times

extension ProjectReader {
  func module(_ fields: Fields) -> Module? {
    let observes = fields.text("history")?.value == Module.History.observe.rawValue
    reportObservation(fields, observes)
    let recordID = observes ? fields.texts("grain") : fields.texts("record_id")
    if let deleted = fields.place(of: "deleted"), !fields.says("record_id"), !observes {
      report(.deletedWithoutRecordID(fields.subject, at: deleted))
    }
    if let materialized = fields.place(of: "materialized"), fields.says("relation"), !fields.says("sql") {
      report(.materializedRelation(fields.subject, at: materialized))
    }
    reportRepeats(fields.texts("grain"), in: "\"grain\" of \(fields.subject)")
    reportRepeats(fields.texts("record_id"), in: "\"record_id\" of \(fields.subject)")
    let columns = fields.list("columns").compactMap(moduleColumn)
    reportRepeats(columns.map(\.name), in: "\"columns\" of \(fields.subject)")
    let lookback = lookback(fields)
    guard let origin = origin(fields), let name = fields.name else { return nil }
    return Module(
      name: name, origin: origin, materialized: fields.choice("materialized"), layer: fields.text("layer")?.value,
      grain: fields.texts("grain"), time: timeSettings(fields), recordID: recordID, deleted: fields.text("deleted"),
      onNullTime: fields.choice("on_null_time")?.value ?? .error, lookback: lookback,
      observation: observes ? observation(fields) : nil, columns: columns, about: fields.about)
  }

  private func lookback(_ fields: Fields) -> TimeSpan? {
    guard fields.text("history")?.value == "append" else {
      if let place = fields.place(of: "lookback") { report(.lookbackWithoutAppend(fields.subject, at: place)) }
      return nil
    }
    let place = fields.place(of: "history")
    if !fields.says("known_time") { report(.appendWithout("known_time", fields.subject, at: place)) }
    if !fields.says("lookback") { report(.appendWithout("lookback", fields.subject, at: place)) }
    return fields.span("lookback")?.value
  }

  private func moduleColumn(_ fields: Fields) -> ModuleColumn? {
    guard let name = fields.name else { return nil }
    return ModuleColumn(
      name: name, type: fields.choice("type")?.value, description: fields.text("description")?.value,
      knownTime: fields.fields("known_time").flatMap(timeColumn))
  }

  private func origin(_ fields: Fields) -> Module.Origin? {
    switch (fields.says("sql"), fields.says("relation")) {
    case (true, true):
      report(
        .conflict(
          fields.subject, "relation", "sql", at: fields.place(of: "relation"),
          hint: "keep \"sql\" if we build it, \"relation\" if another tool does"))
      return nil
    case (false, false):
      report(.noOrigin(fields.subject, at: fields.location))
      return nil
    case (_, true): return fields.text("relation").map(Module.Origin.relation)
    case (true, _): return fields.text("sql").flatMap { sqlOrigin($0, of: fields.subject) }
    }
  }

  func sqlOrigin(_ path: Located<String>, of subject: String) -> Module.Origin? {
    let files = ProjectFiles(root: root)
    let absolute = files.absolute(path.value, besides: path.location)
    guard ProjectFiles.isFile(absolute) else {
      report(.missingSQL(path, absolute, of: subject))
      return nil
    }
    guard let text = files.readText(absolute) else {
      report(.unreadableSQL(path, of: subject))
      return nil
    }
    return .sql(file: Located(absolute, at: path.location), text: text)
  }

  /// Reports a module that no file defines, with a word on sources, which are none.
  func reportUnknownModule(_ reference: Located<String>, for subject: String) {
    let source = definitions.sources.first { $0.name?.value == reference.value }?.name
    if let source, !modules.declares(reference.value) {
      report(.sourceAsModule(reference, source, for: subject))
    } else {
      modules.reportIfUnknown(reference, for: subject, findings)
    }
  }

  func findModule(_ reference: Located<String>, for subject: String) -> Module? {
    if let module = modules[reference.value] { return module }
    reportUnknownModule(reference, for: subject)
    return nil
  }
}

// Words for modules.
extension Diagnostic {
  /// Two keys of which only one may stand.
  static func conflict(_ subject: String, _ key: String, _ other: String, at location: SourceLocation?, hint: String) -> Diagnostic {
    Diagnostic(at: location, "\(subject) has both \"\(other)\" and \"\(key)\"", rule: "conflicting-keys", hint: hint)
  }

  fileprivate static func noOrigin(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) lacks \"sql\" or \"relation\"", rule: "missing-key",
      hint: "add `sql: modules/name.sql` if we build it, `relation: table_name` if another tool does")
  }

  fileprivate static func deletedWithoutRecordID(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"deleted\", but no \"record_id\" that says what is deleted", rule: "missing-key",
      hint: "add the column that names a record, as in `record_id: shipment_id`")
  }

  fileprivate static func appendWithout(_ key: String, _ subject: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"history: append\", but no \"\(key)\"", rule: "missing-key",
      hint: key == "lookback"
        ? "say how late rows may come, as in `lookback: 2d`; that much is read again each time"
        : "name the column that says when a row became known, as in `known_time: loaded_at`, or remove `history`")
  }

  fileprivate static func lookbackWithoutAppend(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"lookback\", which belongs to \"history: append\"", rule: "conflicting-keys",
      hint: "add `history: append`, or remove it")
  }

  fileprivate static func materializedRelation(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"materialized\", but is built elsewhere", rule: "conflicting-keys",
      hint: "remove it, or name our SELECT with \"sql\" instead of \"relation\"")
  }

  fileprivate static func missingSQL(_ path: Located<String>, _ absolute: String, of subject: String) -> Diagnostic {
    let name = absolute.split(separator: "/").last.map(String.init) ?? ""
    let near = nearestName(to: name, among: ProjectFiles.neighbours(of: absolute))
    let meant = near.map { path.value.dropLast(name.count) + $0 }
    return Diagnostic(
      at: path.location, "\(subject) is built by \"\(path.value)\", but there is no such file beside this one", rule: "missing-file",
      hint: meant.map { "did you mean \"\($0)\"?" } ?? "create \(absolute)")
  }

  fileprivate static func unreadableSQL(_ path: Located<String>, of subject: String) -> Diagnostic {
    Diagnostic(
      at: path.location, "\(subject) is built by \"\(path.value)\", which cannot be read as UTF-8 text", rule: "unreadable-file",
      hint: "make it readable for you and save it with the encoding UTF-8")
  }

  fileprivate static func sourceAsModule(_ reference: Located<String>, _ source: Located<String>, for subject: String) -> Diagnostic {
    Diagnostic(
      at: reference.location, "\(subject) uses module \"\(reference.value)\", but that is a source (\(source.location))",
      rule: "unknown-module", hint: "define a module over it, as in `modules: [{name: stg_x, relation: \(reference.value)}]`")
  }
}
