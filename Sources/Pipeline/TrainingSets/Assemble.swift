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
package struct Assembly: Sendable {
  package let table: TrainingTable
  private let spine: SpineRows
  private let answers: [(selection: SelectionPlan, view: ViewAnswers)]
  private let labels: [MatureLabel]
  private let parts: Parts
  private let workers: Int

  /// - Parameters:
  ///   - views: by name, all that the plan's selections use.
  ///   - knownBy: a cutoff of knowledge, microseconds since the epoch.
  ///   - valuesAtOnce: of a view's rows, that need to fit into memory for each worker.
  /// - Throws: keys of different types, aggregates of what is no number.
  package init(
    _ spine: SpineRows, views: [String: ViewInUse], knownBy: Int64?, workers: Int, valuesAtOnce: Int
  ) throws(Diagnostics) {
    let plan = spine.plan
    try checkKeyTypes(spine, views)
    self.spine = spine
    self.workers = workers
    var columns = plan.columns.map { TrainingColumn(name: $0.name, role: $0.role, type: spine.column($0).type) }
    let knowledge = Knowledge(mode: plan.set.knowledge, boundary: plan.set.boundary, cutoff: knownBy)
    var answers: [(selection: SelectionPlan, view: ViewAnswers)] = []
    for selection in plan.selections {
      guard let view = views[selection.view.name.value] else { preconditionFailure("the caller brings every view") }
      let found = try ViewAnswers(
        plan: view.plan, rows: view.rows, columns: selection.selection.columns, knowledge: knowledge, valuesAtOnce: valuesAtOnce)
      answers.append((selection, found))
      for feature in found.columns {
        let name = "\(selection.selection.alias)__\(feature.name)"
        columns.append(TrainingColumn(name: name, role: .feature, type: feature.type))
        if plan.set.statusColumns, feature.hasStatus {
          columns.append(TrainingColumn(name: "\(name)__status", role: .status, type: .string))
        }
      }
    }
    self.answers = answers
    labels = plan.labels.map { MatureLabel($0, spine: spine, cutoff: knownBy) }
    columns += labels.map { TrainingColumn(name: $0.plan.name, role: .label, type: $0.column.type) }
    parts = Parts(spine: spine, labels: labels)
    table = TrainingTable(columns: columns, rowCount: spine.rowCount, parts: parts.parts)
  }

  /// Stretches of rows of which one fits into memory beside the spine.
  ///
  /// - Parameter memory: bytes that blocks may take.
  package func blocks(memory: Int) -> [Range<Int>] {
    let columnCount = table.columns.count
    // An answer takes nine bytes, a text twice its own; hash, time and place of the questions.
    let perRow = 20 * columnCount + 64
    let size = max(16_384, memory / perRow)
    return stride(from: 0, to: max(1, spine.rowCount), by: size).map { $0..<min($0 + size, spine.rowCount) }
  }

  /// - Parameter progress: called with how much of the block's work is done, of a total; it may throw to stop it.
  /// - Throws: sums beyond the range of their type, damaged rows.
  package func block(
    _ rows: Range<Int>, progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> TrainingBlock {
    let plan = spine.plan
    var values: [TrainingBlock.Values] = plan.columns.map { .ofTable(spine.column($0)) }
    var features: [TrainingReport.FeatureReport] = []
    var questions: [[Int]: Questions] = [:]
    for (number, (selection, view)) in answers.enumerated() {
      let asked = questions[selection.keys] ?? spine.questions(keys: selection.keys, rows: rows, workers: workers)
      questions[selection.keys] = asked
      let found = try view.answers(
        to: asked, workers: workers, withStatuses: plan.set.statusColumns
      ) { done, total throws(Diagnostics) in try progress(number * total + done, answers.count * total) }
      for feature in found {
        values.append(.ofBlock(feature.column))
        if let statuses = feature.statuses { values.append(.picked(statusColumn, rows: Buffer(statusRows(statuses)))) }
        let name = "\(selection.selection.alias)__\(feature.name)"
        features.append(.init(name: name, statusCounts: feature.statusCounts, onBoundary: feature.onBoundary))
      }
    }
    values += labels.map { .ofTable($0.column) }
    return TrainingBlock(rows: rows, values: values, features: features)
  }

  /// What the training set rests on.
  ///
  /// - Parameter features: of all blocks, added up.
  package func report(_ features: FeatureReports) -> TrainingReport {
    var report = TrainingReport()
    report.spineRows = spine.rowCount
    report.newestDecision = spine.newestDecision
    report.oldestDecision = spine.oldestDecision
    for (output, column) in zip(spine.plan.outputs, spine.columns) where column.nonFinite > 0 {
      report.nonFinite[output.text] = column.nonFinite
    }
    report.features = features.all
    report.labels = labels.map(\.report)
    report.leftOut = parts.leftOut
    report.vintage = vintage(labels, parts.parts) ?? report.newestDecision
    return report
  }
}

/// The blocks' accounts of their features, added up.
package struct FeatureReports: Sendable {
  fileprivate var all: [TrainingReport.FeatureReport] = []

  package init() {}

  package mutating func add(_ block: TrainingBlock) {
    if all.isEmpty {
      all = block.features
      return
    }
    for (i, feature) in block.features.enumerated() {
      for status in feature.statusCounts.indices { all[i].statusCounts[status] += feature.statusCounts[status] }
      all[i].onBoundary += feature.onBoundary
    }
  }
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
