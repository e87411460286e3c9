import Definitions
import Diagnostics
import Engine
import Planning
import Times
import TrainingSets

extension TrainingSetExport {
  /// The few lines that say what the training set rests on: the data card's, and what an export says. No clock: a snapshot's age is not
  /// among them.
  package var foundations: [String] {
    var lines: [String] = []
    if let vintage = report.vintage { lines.append("data known up to \(timestampText(vintage))") }
    let assumed = names { $0.assumesKnowledge }
    if !assumed.isEmpty { lines.append("knowledge time assumed to be event time: \(assumed)") }
    let observed = names { $0.isObserved }
    if !observed.isEmpty { lines.append("known since a look at the module found it so: \(observed)") }
    let firstLook = names { $0.firstLookAssumesKnowledge }
    if !firstLook.isEmpty { lines.append("rows of the first look assumed known from their event time: \(firstLook)") }
    let timeless = names { $0.isTimeless }
    if !timeless.isEmpty { lines.append("joined without time: \(timeless)") }
    for (view, versions) in views.compactMap({ name, view in view.counts.modelVersions.map { (name, $0) } }).sorted(by: { $0.0 < $1.0 }) {
      lines.append("\(view): predictions of \(versions.isEmpty ? "no model version yet" : versions.joined(separator: ", "))")
    }
    let inputs = plan.set.spine.inputs.map(\.value)
    if !inputs.isEmpty { lines.append("inputs, not checked for time: \(inputs.joined(separator: ", "))") }
    let onBoundary = report.features.reduce(0) { $0 + $1.onBoundary }
    if onBoundary > 0 { lines.append("looked-up cells exactly on the boundary: \(grouped(onBoundary))") }
    for label in report.labels {
      if label.immature > 0 { lines.append("label \(label.name): \(grouped(label.immature)) rows not known yet, null") }
      if label.isAssumedKnown { lines.append("label \(label.name): known time not declared, taken as known at once") }
    }
    for part in report.leftOut {
      let reasons = [(part.lateLabels, "label known only after the next part begins"), (part.embargoed, "within the embargo")]
      for (rows, reason) in reasons where rows > 0 { lines.append("left out of \(part.part): \(grouped(rows)) rows, \(reason)") }
    }
    for (column, count) in report.nonFinite.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      lines.append("\(grouped(count)) values of \(column) not finite, made null")
    }
    return lines
  }

  private func names(where isWanted: (ViewPlan) -> Bool) -> String {
    views.values.map(\.plan).filter(isWanted).map(\.view.name.value).sorted().joined(separator: ", ")
  }
}
