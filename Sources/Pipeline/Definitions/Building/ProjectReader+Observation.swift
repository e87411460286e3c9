import Diagnostics

extension ProjectReader {
  /// - Precondition: the module says `history: observe`.
  func observation(_ fields: Fields) -> Observation? {
    guard let history = fields.text("history") else { return nil }
    var earlierNames: [String: [String]] = [:]
    for column in fields.list("columns") {
      let earlier = column.texts("was").map(\.value)
      if let name = column.name?.value, !earlier.isEmpty { earlierNames[name] = earlier }
    }
    return Observation(
      firstSeen: fields.choice("first_seen")?.value ?? .eventTime, earlierNames: earlierNames, location: history.location)
  }

  /// What goes with `history: observe`, and what only goes with it.
  func reportObservation(_ fields: Fields, _ observes: Bool) {
    let renamed = fields.list("columns").filter { $0.says("was") }
    if observes {
      if let history = fields.text("history"), !fields.says("grain") { report(.observedWithoutGrain(fields.subject, at: history.location)) }
      let keys = ["known_time", "record_id", "deleted"].filter { fields.says($0) }
      if let place = keys.compactMap({ fields.place(of: $0) }).min() { report(.observedKnowledge(fields.subject, keys, at: place)) }
      reportEarlierNames(renamed)
    } else if !fields.isBroken("history") {
      for (owner, key) in [(fields, "first_seen")] + renamed.map({ ($0, "was") }) {
        if let place = owner.place(of: key) { report(.onlyObserved(owner.subject, key, at: place)) }
      }
    }
  }

  /// One column's history cannot be two columns' history.
  private func reportEarlierNames(_ columns: [Fields]) {
    var heirs: [String: Located<String>] = [:]
    for column in columns {
      for earlier in column.texts("was") {
        if earlier.value == column.name?.value { report(.renamedToItself(column.subject, at: earlier.location)) }
        if let heir = heirs[earlier.value] { report(.inheritedTwice(column.subject, earlier, heir)) }
        heirs[earlier.value] = heirs[earlier.value] ?? column.name
      }
    }
  }
}

// Words for modules that are observed.
extension Diagnostic {
  fileprivate static func observedWithoutGrain(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is observed, but has no \"grain\" by which a row is the same row at the next look", rule: "missing-key",
      hint: "add the columns of which it has one row each, as in `grain: customer_id`")
  }

  /// What a look decides is no column's to say.
  static func observedKnowledge(_ subject: String, _ keys: [String], at location: SourceLocation) -> Diagnostic {
    let names = keys.map { "\"\($0)\"" }.listed(with: "and")
    return Diagnostic(
      at: location, "\(subject) has \(names), but what is observed is known, new or gone when a look finds it so", rule: "conflicting-keys",
      hint: "remove \(keys.count == 1 ? "it" : "them"), or the module's `history: observe` if its rows tell their past themselves")
  }

  fileprivate static func onlyObserved(_ subject: String, _ key: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"\(key)\", but the module is not observed", rule: "missing-key",
      hint: "remove it, or add `history: observe` to the module")
  }

  fileprivate static func renamedToItself(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) was called what it is called", rule: "duplicate-column",
      hint: "remove it, or write what it was called before")
  }

  fileprivate static func inheritedTwice(_ subject: String, _ earlier: Located<String>, _ heir: Located<String>) -> Diagnostic {
    Diagnostic(
      at: earlier.location, "\(subject) was \"\(earlier.value)\", and so was \"\(heir.value)\" (\(heir.location))",
      rule: "duplicate-column", hint: "keep it in the column that it has become")
  }
}
