import Diagnostics

// Words for mistakes against the table of keys.

extension Diagnostic {
  static func unknownKey(_ key: Located<String>, in kind: DefinitionKind, _ subject: String) -> Diagnostic {
    let hint =
      switch kind.keyMeant(by: key.value) {
      case let meant? where key.value.hasPrefix("\(meant):"): "put a space after the colon of \"\(meant)\""
      case let meant?: "did you mean \"\(meant)\"?"
      case nil: "remove it; \(kind.titleWithArticle) has the keys \(kind.keys.map(\.name).listed(with: "and"))"
      }
    return Diagnostic(at: key.location, "\(subject) has an unknown key \"\(key.value)\"", rule: "unknown-key", hint: hint)
  }

  static func mergeKey(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "the merge key \"<<\" is not read", rule: "unknown-key",
      hint: "write the keys out, or let an alias stand for the whole value, as in `spine: *spine`")
  }

  static func missing(_ keys: [DefinitionKey], _ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) lacks \(keys.map { "\"\($0.name)\"" }.listed(with: "and"))", rule: "missing-key",
      hint: "add \(keys.map { "`\($0.example)`" }.listed(with: "and"))")
  }

  static func noValue(_ subject: String, _ key: DefinitionKey, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has no value", rule: "no-value",
      hint: "remove it, or give it one, as in `\(key.example)`")
  }

  static func emptyList(_ subject: String, _ key: DefinitionKey, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is an empty list", rule: "no-value",
      hint: key.isRequired ? "name at least one, as in `\(key.example)`" : "remove it, or name at least one, as in `\(key.example)`")
  }

  static func wrongShape(_ subject: String, _ tree: Tree, wanted: String, example: String, at location: SourceLocation)
    -> Diagnostic
  {
    Diagnostic(
      at: location, "\(subject) is \(tree.found), but must be \(wanted)", rule: "wrong-type", hint: "write it as in `\(example)`")
  }
}

extension DefinitionKind {
  /// The key that a misspelt one most likely stands for.
  func keyMeant(by text: String) -> String? {
    let names = keys.map(\.name)
    return names.first { text.hasPrefix("\($0):") } ?? nearestName(to: text, among: names)
  }
}
