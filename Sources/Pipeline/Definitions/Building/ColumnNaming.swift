import Diagnostics

/// How the columns of one aggregate entry are called: `<stem>_<function>_<window>`, unless `as` says otherwise.
struct ColumnNaming {
  let fields: Fields
  let stem: String
  let template: Located<String>?

  /// - Returns: nil if the template is broken.
  init?(_ fields: Fields, stem: String, _ reader: ProjectReader) {
    self.fields = fields
    self.stem = stem
    template = fields.text("as")
    if fields.isBroken("as") { return nil }
    guard let template else { return }
    let unknown = template.value.matches(of: #/\{([^}]*)\}?/#).first { !["{window}", "{function}", "{name}"].contains($0.0) }
    if let unknown {
      reader.report(.unknownPlaceholder(String(unknown.0), template, fields.subject))
      return nil
    }
  }

  func column(_ function: AggregateFunction, _ window: Window) -> String {
    (template?.value ?? "{name}_{function}_{window}").replacing("{name}", with: stem)
      .replacing("{function}", with: function.label).replacing("{window}", with: window.text)
  }

  /// - Parameter seen: the entry's columns so far.
  func reportMistakes(in columns: [FeatureColumn], _ seen: inout Set<String>, _ reader: ProjectReader) {
    let place = template?.location ?? fields.location
    for column in columns {
      if !isName(column.name) {
        reader.report(.badColumnName(column.name, fields.subject, at: place))
      } else if !seen.insert(column.name).inserted {
        reader.report(.indistinctTemplate(column.name, fields.subject, at: place))
      }
    }
  }
}

// Words for columns' names.
extension Diagnostic {
  fileprivate static func unknownPlaceholder(_ placeholder: String, _ template: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: template.location, "\"as\" of \(subject) has the unknown placeholder \"\(placeholder)\"", rule: "bad-template",
      hint: nearestName(to: placeholder, among: ["{name}", "{function}", "{window}"]).map { "did you mean \"\($0)\"?" }
        ?? "use {name}, {function} or {window}")
  }

  fileprivate static func badColumnName(_ name: String, _ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) gives a column \"\(name)\", but names are small letters, digits and single underscores, a letter first",
      rule: "bad-name", hint: "name it otherwise with \"as\", as in `as: \"late_rate_{window}\"`")
  }

  fileprivate static func indistinctTemplate(_ name: String, _ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\"as\" of \(subject) calls several columns \"\(name)\"", rule: "bad-template",
      hint: "tell them apart with {function} or {window}, as in `as: \"late_{function}_{window}\"`")
  }
}
