import Definitions
import Diagnostics
import Times
import Warehouses

extension TrainingSetPlan {
  /// What the set's definition comes to, in words: equal texts over equal snapshots and spines give equal training sets.
  ///
  /// - Parameter views: the plans of all views that the set uses, by name.
  package func definitionText(views: [String: ViewPlan]) -> String {
    let spine = set.spine
    var lines = ["training set \(set.name.value)", "knowledge \(set.knowledge.rawValue)", "boundary \(set.boundary.rawValue)"]
    lines.append("status columns \(set.statusColumns)")
    lines.append(
      "spine \(relation) where \(scanPredicate ?? "") from \(spine.fromMicroseconds ?? .min) until \(spine.untilMicroseconds ?? .max)")
    for column in columns { lines.append("\(column.role.rawValue) \(column.name) \(column.output.map { outputs[$0].text } ?? "as of")") }
    lines.append("order \(orderBy.map { $0.map { outputs[$0].text } ?? "as of" })")
    for selection in selections {
      guard let plan = views[selection.view.name.value] else { continue }
      lines.append(
        "view \(plan.view.name.value) as \(selection.selection.alias) keys \(selection.keys.map { outputs[$0].text }) "
          + "reads \(plan.readDigest) ttl \(plan.view.ttl?.value.microseconds ?? -1)")
      for index in selection.selection.columns { lines.append("feature \(plan.columns[index].definitionText)") }
    }
    for label in labels {
      lines.append(
        "label \(label.name) known \(label.knownTime.map { outputs[$0].text } ?? "at once") delay \(label.delayMicroseconds)")
    }
    if let split = set.split {
      lines.append("split \(split.kind.definitionText) embargo \(split.embargo?.microseconds ?? 0)")
    }
    if let scoring {
      lines.append("scoring as of \(scoring.decidedAt.map(String.init) ?? asOf.map { outputs[$0].text } ?? "")")
    }
    return lines.joined(separator: "\n")
  }
}

extension FeaturePlan {
  fileprivate var definitionText: String {
    switch kind {
    case .lookup(let value): "\(name) value \(value) known with \(knownWith)"
    case .aggregate(let function, let window, let operands, let filter):
      "\(name) \(function.definitionText) of \(operands) over \(window.text) where \(filter ?? -1) known with \(knownWith)"
    }
  }
}

extension AggregateFunction {
  fileprivate var definitionText: String {
    if case .percentile(let p, _) = self { "percentile \(p)" } else { displayName }
  }
}

extension Split.Kind {
  /// For digests and for people.
  package var definitionText: String {
    switch self {
    case .byDate(let validation, let test): "by time, validation \(validation?.text ?? "none"), test \(test?.text ?? "none")"
    case .bySpan(let validation, let test): "by time, validation \(validation?.text ?? "none"), test \(test?.text ?? "none")"
    case .byEntity(let name, _, let train, let validation, let test, let seed):
      "by \(name.value), train \(train), validation \(validation), test \(test), seed \(seed)"
    }
  }
}
