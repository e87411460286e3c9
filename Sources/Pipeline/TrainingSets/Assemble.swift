import Columns
import Definitions
package import Diagnostics
package import Engine
package import Planning
import Warehouses

/// A view as a training set uses it: its plan and its rows.
package struct ViewInUse: Sendable {
  package let plan: ViewPlan
  package let rows: any ViewRows

  package init(plan: ViewPlan, rows: any ViewRows) {
    self.plan = plan
    self.rows = rows
  }
}

/// Puts a training set together: every spine row once, beside it each feature as it was known then.
///
/// - Parameters:
///   - views: by name, all that the plan's selections use.
///   - knownBy: a cutoff of knowledge, microseconds since the epoch.
///   - progress: called with how much of the work is done, of a total; it may throw to stop it.
/// - Throws: keys of different types, sums beyond their type, aggregates of what is no number.
package func assemble(
  _ spine: SpineRows, views: [String: ViewInUse], knownBy: Int64?, workers: Int,
  progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
) throws(Diagnostics) -> TrainingTable {
  let plan = spine.plan
  try checkKeyTypes(spine, views)
  var report = TrainingReport()
  report.spineRows = spine.rowCount
  report.newestDecision = spine.newestDecision
  report.oldestDecision = spine.oldestDecision
  for (output, column) in zip(plan.outputs, spine.columns) where column.nonFinite > 0 {
    report.nonFinite[output.text] = column.nonFinite
  }
  var columns = plan.columns.map { TrainingColumn(name: $0.name, role: $0.role, column: spine.column($0), rows: nil) }

  let knowledge = Knowledge(mode: plan.set.knowledge, boundary: plan.set.boundary, cutoff: knownBy)
  var questions: [[Int]: Questions] = [:]
  for (number, selection) in plan.selections.enumerated() {
    guard let view = views[selection.view.name.value] else { preconditionFailure("the caller brings every view") }
    let asked = questions[selection.keys] ?? spine.questions(keys: selection.keys, workers: workers)
    questions[selection.keys] = asked
    let answers = ViewAnswers(
      plan: view.plan, rows: view.rows, columns: selection.selection.columns, questions: asked, knowledge: knowledge)
    let features = try answers.answers(workers: workers, withStatuses: plan.set.statusColumns) { done, total throws(Diagnostics) in
      try progress(number * total + done, plan.selections.count * total)
    }
    for feature in features {
      let name = "\(selection.selection.alias)__\(feature.name)"
      columns.append(TrainingColumn(name: name, role: .feature, column: feature.column, rows: nil))
      if let statuses = feature.statuses {
        columns.append(TrainingColumn(name: "\(name)__status", role: .status, column: statusColumn, rows: Buffer(statusRows(statuses))))
      }
      report.features.append(.init(name: name, statusCounts: feature.statusCounts, onBoundary: feature.onBoundary))
    }
  }

  let labels = plan.labels.map { MatureLabel($0, spine: spine, cutoff: knownBy) }
  columns += labels.map { TrainingColumn(name: $0.plan.name, role: .label, column: $0.column, rows: nil) }
  report.labels = labels.map(\.report)
  let parts = Parts(spine: spine, labels: labels)
  report.leftOut = parts.leftOut
  report.vintage = vintage(labels, parts.parts) ?? report.newestDecision
  return TrainingTable(columns: columns, rowCount: spine.rowCount, parts: parts.parts, report: report)
}

/// The newest known time of the labels that are there; nil if a label declares none, or none is known.
private func vintage(_ labels: [MatureLabel], _ parts: [TrainingTable.Part]) -> Int64? {
  guard !labels.isEmpty, labels.allSatisfy({ $0.knownTime != nil }) else { return nil }
  var newest: Int64?
  for part in parts {
    let rows = part.rows.span
    for i in rows.indices {
      for label in labels {
        if let time = label.knownTime?[Int(rows[i])], time != .max { newest = max(newest ?? .min, time) }
      }
    }
  }
  return newest
}

/// The statuses' texts, one a row, so that a status column is a look-up in them.
private let statusColumn: Column = {
  var builder = ColumnBuilder(.string)
  for status in CellStatus.allCases { builder.append(status.text) }
  return builder.finish()
}()

private func statusRows(_ statuses: Buffer<UInt8>) -> ContiguousArray<Int32> {
  let span = statuses.span
  var rows = ContiguousArray<Int32>()
  rows.reserveCapacity(span.count)
  for i in span.indices { rows.append(Int32(span[i])) }
  return rows
}

/// Keys are compared as typed values: a text 7 never equals a number 7, so other types are an error, not silence (rule R2).
private func checkKeyTypes(_ spine: SpineRows, _ views: [String: ViewInUse]) throws(Diagnostics) {
  var mistakes: [Diagnostic] = []
  for selection in spine.plan.selections {
    guard let view = views[selection.view.name.value], view.rows.rowCount > 0 else { continue }
    for (i, key) in selection.keys.enumerated() {
      let own = spine.columns[key]
      let other = view.rows.keys[i].type
      guard !own.isUntyped, own.column.type != other else { continue }
      let place = view.plan.outputLocations[view.plan.keys[i]]
      mistakes.append(
        Diagnostic(
          at: spine.plan.outputLocations[key],
          "key column \"\(spine.plan.outputs[key].text)\" of \(spine.plan.spineName) is \(own.column.type.rawValue), and view "
            + "\"\(selection.view.name.value)\" has it as \(other.rawValue) (\(place))",
          rule: "key-type", hint: "cast one of them in a module's SQL, or declare `type:` for the entity's key"))
    }
  }
  if !mistakes.isEmpty { throw Diagnostics(mistakes) }
}
