import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots
import Times
import TrainingSets

extension Workspace {
  /// The few lines that say what a training set rests on.
  func foundations(_ table: TrainingTable, _ plan: TrainingSetPlan, _ set: ResolvedSet) -> [String] {
    let report = table.report
    var lines: [String] = []
    if let vintage = report.vintage { lines.append("data known up to \(timestampText(vintage))") }
    lines.append("snapshots: \(ages(set))")
    let assumed = names(set) { $0.assumesKnowledge }
    if !assumed.isEmpty { lines.append("knowledge time assumed to be event time: \(assumed)") }
    let timeless = names(set) { $0.isTimeless }
    if !timeless.isEmpty { lines.append("joined without time: \(timeless)") }
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
    for (column, count) in report.nonFinite.sorted(by: { $0.key < $1.key }) {
      lines.append("\(count) values of \(column) not finite, made null")
    }
    return lines
  }

  private func names(_ set: ResolvedSet, where isWanted: (ViewPlan) -> Bool) -> String {
    set.resolved.views.values.filter(isWanted).map(\.view.name.value).sorted().joined(separator: ", ")
  }

  private func ages(_ set: ResolvedSet) -> String {
    let now = surroundings.now()
    return set.snapshots.values.sorted { $0.view < $1.view }.map { "\($0.view) \(age(now &- $0.readAt))" }.joined(separator: ", ")
  }

  private func age(_ microseconds: Int64) -> String {
    switch microseconds / 1_000_000 {
    case ..<60: "just read"
    case let seconds where seconds < 3_600: "\(seconds / 60) min old"
    case let seconds where seconds < 172_800: "\(seconds / 3_600) h old"
    case let seconds: "\(seconds / 86_400) days old"
    }
  }
}
