import Diagnostics

/// The columns that a training set comes out with; no two may have one name, and no label may be an input.
struct OutputColumns {
  let spine: Spine
  let selections: [FeatureSelection]
  let views: Catalog<FeatureView>
  let hasStatus: Bool

  private var labels: [String: Located<String>] {
    Dictionary(spine.labels.map { ($0.column.value, $0.column) }, uniquingKeysWith: { first, _ in first })
  }

  func reportMistakes(subject: String, spineModule: Module?, _ reader: ProjectReader) {
    reportLeaks(subject, spineModule, reader)
    reportTwice(subject, reader)
    reportFeatureNames(subject, reader)
  }

  private func reportLeaks(_ subject: String, _ spineModule: Module?, _ reader: ProjectReader) {
    for column in spine.keep + spine.inputs {
      if let label = labels[column.value] { reader.report(.labelAsInput(column, label, subject)) }
    }
    let known = Dictionary(
      (selections.flatMap(\.keyColumns) + [spine.asOf.column]).map { ($0.value, $0) }, uniquingKeysWith: { first, _ in first })
    for label in spine.labels {
      if let column = known[label.column.value] { reader.report(.labelAsInput(label.column, column, subject)) }
    }
    if let spineModule { reportInputsKnownLater(subject, spineModule, reader) }
  }

  /// - Parameter module: has the rows.
  func reportInputsKnownLater(_ subject: String, _ module: Module, _ reader: ProjectReader) {
    for input in spine.inputs where labels[input.value] == nil {
      guard let column = module.column(input.value), column.knownTime != nil else { continue }
      reader.report(.inputKnownLater(input, column, subject))
    }
  }

  private func reportTwice(_ subject: String, _ reader: ProjectReader) {
    for input in spine.inputs {
      guard let kept = spine.keep.first(where: { $0.value == input.value }) else { continue }
      reader.report(.outputTwice(input, subject, first: kept.location))
    }
  }

  private func reportFeatureNames(_ subject: String, _ reader: ProjectReader) {
    let features = featureNames
    for column in spine.keep + spine.inputs + spine.labels.map(\.column) + [spine.asOf.column] + selections.flatMap(\.keyColumns) {
      if let place = features[column.value] { reader.report(.outputTwice(column, subject, first: place)) }
    }
  }

  private var featureNames: [String: SourceLocation] {
    var names: [String: SourceLocation] = [:]
    for selection in selections {
      guard let columns = views[selection.view.value]?.columns else { continue }
      for index in selection.columns {
        let name = "\(selection.alias)__\(columns[index].name)"
        names[name] = selection.location
        if hasStatus, case .lookup = columns[index].kind { names["\(name)__status"] = selection.location }
      }
    }
    return names
  }
}

extension Diagnostic {
  fileprivate static func labelAsInput(_ column: Located<String>, _ other: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: column.location, "\(subject) has \"\(column.value)\" both as its label and as another column (\(other.location))",
      rule: "label-as-input", hint: "remove it here or there: a model that sees its label learns nothing")
  }

  fileprivate static func inputKnownLater(_ input: Located<String>, _ column: ModuleColumn, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: input.location,
      "\(subject) has the input \"\(input.value)\", which is filled in later than its row (\(column.name.location))",
      rule: "input-known-later", hint: "move it to \"keep\", or look it up through a feature view, which knows since when it is known")
  }

  fileprivate static func outputTwice(_ column: Located<String>, _ subject: String, first: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: column.location, "\(subject) would have the column \"\(column.value)\" twice, first at \(first)", rule: "duplicate-column",
      hint: "remove it here or there")
  }
}
