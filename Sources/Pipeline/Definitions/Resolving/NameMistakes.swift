import Diagnostics

// Words for names that lead nowhere, or to two things.

extension Diagnostic {
  static func unknownName(
    _ reference: Located<String>, of kind: DefinitionKind, among names: [Located<String>], for subject: String
  ) -> Diagnostic {
    Diagnostic(
      at: reference.location, "\(subject) uses \(kind.title) \"\(reference.value)\", which no file defines",
      rule: "unknown-\(kind.ruleName)", hint: nameHint(reference.value, among: names) ?? "define it, as in `\(kind.listExample)`")
  }

  /// The nearest name with its place, else all names if they are few.
  static func nameHint(_ wrong: String, among names: [Located<String>]) -> String? {
    if let near = nearestName(to: wrong, among: names.map(\.value)), let name = names.first(where: { $0.value == near }) {
      return "did you mean \"\(near)\" (\(name.location))?"
    }
    return existing(names.map(\.value))
  }

  static func existing(_ names: [String]) -> String? {
    guard !names.isEmpty, names.count <= 8 else { return nil }
    return "use \(names.map { "\"\($0)\"" }.listed(with: "or"))"
  }

  static func duplicateName(_ fields: Fields, _ name: Located<String>, first: Fields) -> Diagnostic {
    let other = first.kind.title == fields.kind.title ? "" : " for a \(first.kind.title)"
    return Diagnostic(
      at: name.location, "the name of \(fields.subject) is used twice, first\(other) at \(first.location)", rule: "duplicate-name",
      hint: "rename one of them")
  }
}

extension DefinitionKind {
  fileprivate var ruleName: String {
    switch title {
    case "feature view": "view"
    default: title
    }
  }

  fileprivate var listExample: String {
    let key = DefinitionKeys.file.keys.first {
      if case .list(.mapping(let kind), _) = $0.shape { kind.title == title } else { false }
    }
    return key?.example ?? example
  }
}
