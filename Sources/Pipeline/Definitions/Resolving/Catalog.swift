import Diagnostics

/// The names of one kind that the files declare, and what they stand for once that is built.
struct Catalog<Model> {
  let kind: DefinitionKind
  /// In file order, the first of equal ones.
  let names: [Located<String>]
  /// Whether a name may be missing for a mistake that is reported already: an unreadable file, a misspelt key.
  let isIncomplete: Bool
  private let places: [String: SourceLocation]
  private var models: [String: Model] = [:]

  init(_ kind: DefinitionKind, of definitions: [Fields], isIncomplete: Bool) {
    self.kind = kind
    var places: [String: SourceLocation] = [:]
    names = definitions.compactMap(\.name).filter { name in
      defer { places[name.value] = places[name.value] ?? name.location }
      return places[name.value] == nil
    }
    self.places = places
    self.isIncomplete = isIncomplete || definitions.contains { $0.name == nil }
  }

  /// What `name` stands for: nil if nothing, or something broken.
  subscript(name: String) -> Model? { models[name] }

  /// Of several definitions of one name the first counts.
  mutating func define(_ name: Located<String>, as model: Model) {
    if places[name.value] == name.location { models[name.value] = model }
  }

  /// Looks up what `subject` refers to and reports a name that no file declares; a broken definition stays silent.
  func find(_ reference: Located<String>, for subject: String, _ findings: Findings) -> Model? {
    if let model = models[reference.value] { return model }
    reportIfUnknown(reference, for: subject, findings)
    return nil
  }

  func reportIfUnknown(_ reference: Located<String>, for subject: String, _ findings: Findings) {
    guard !isIncomplete, !declares(reference.value) else { return }
    findings.report(.unknownName(reference, of: kind, among: names, for: subject))
  }

  func declares(_ name: String) -> Bool { places[name] != nil }
}

/// Reports names that are used twice; the first definition counts.
func reportDuplicates(among definitions: [Fields], _ findings: Findings) {
  var first: [String: Fields] = [:]
  for fields in definitions {
    guard let name = fields.name else { continue }
    if let other = first[name.value] {
      findings.report(.duplicateName(fields, name, first: other))
    } else {
      first[name.value] = fields
    }
  }
}
