import Columns
import Diagnostics

extension ProjectReader {
  /// The features of a view; their columns' names are unique.
  func features(of view: Fields) -> [Feature] {
    var first: [String: SourceLocation] = [:]
    var features: [Feature] = []
    for fields in view.list("features") {
      for feature in self.features(fields) {
        features.append(feature)
        for column in feature.columns {
          if let place = first[column.name] {
            // Twice within one entry is a mistake of its template, which is reported there.
            guard place != fields.location else { continue }
            report(.duplicateFeature(column.name, fields, view.subject, first: place))
          } else {
            first[column.name] = fields.location
          }
        }
      }
    }
    return features
  }

  /// One entry; more than one feature if some of its functions count rows and others take a column.
  private func features(_ fields: Fields) -> [Feature] {
    guard fields.says("aggregate") else { return lookup(fields).map { [$0] } ?? [] }
    return aggregates(fields)
  }

  private func lookup(_ fields: Fields) -> Feature? {
    let foreign = ["of", "where", "windows", "p", "as"].filter { fields.says($0) }
    if let place = foreign.compactMap({ fields.place(of: $0) }).min() {
      report(.needsAggregate(fields.subject, foreign, at: place))
    }
    if let place = fields.place(of: "expr"), fields.says("column") {
      report(.conflict(fields.subject, "expr", "column", at: place, hint: "keep one of them"))
    }
    guard let name = fields.text("name") else { return nil }
    let source = fields.text("column")?.map(ValueSource.column) ?? fields.text("expr")?.map(ValueSource.expression)
    return Feature(
      name: name, kind: .lookup(source ?? name.map(ValueSource.column)), type: fields.choice("type")?.value,
      description: fields.text("description")?.value, columns: [FeatureColumn(name: name.value, kind: .lookup)])
  }
}

// Words for features.
extension Diagnostic {
  fileprivate static func duplicateFeature(_ column: String, _ fields: Fields, _ view: String, first: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: fields.location, "\(view) gives the column \"\(column)\" twice, first at \(first)", rule: "duplicate-feature",
      hint: "rename one of them, or remove it")
  }

  fileprivate static func needsAggregate(_ subject: String, _ keys: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \(keys.map { "\"\($0)\"" }.listed(with: "and")), but no \"aggregate\"", rule: "needs-aggregate",
      hint: "add a function, as in `aggregate: mean`, or remove \(keys.count == 1 ? "it" : "them")")
  }
}
