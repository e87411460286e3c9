import Columns
import Definitions
import Diagnostics
import Engine
import Outputs
import Planning
import SQLiteWarehouse
import Snapshots
import Times
import TrainingSets
import Warehouses

extension Workspace {
  /// Refuses a training set in which a prediction is a feature of a moment that its model may have been trained on: such a model knows the
  /// answer, and whoever learns from it learns to believe it.
  ///
  /// - Parameter events: hears of which model versions nobody said what they were trained on.
  func checkVintages(
    of set: TrainingSet, _ spine: SpineRows, _ plans: [String: ViewPlan], _ store: SnapshotStore, events: (Event) -> Void
  ) throws {
    if set.allowsInSample == true { return }
    var mistakes: [Diagnostic] = []
    for output in project.outputs {
      let selections = spine.selections.compactMap { selection in
        plans[selection.view.name.value].flatMap { $0.module.name.value == output.name.value ? (selection, $0) : nil }
      }
      if selections.isEmpty { continue }
      let record = try store.outputRecord(output.name.value)
      let unsaid = record.versions.filter { $0.facts.vintage == nil }.map(\.name)
      if !unsaid.isEmpty {
        events(
          .note(
            "nobody said what \(output.name.value) of \(unsaid.joined(separator: ", ")) was trained on (--trained-on): not checked for "
              + "predictions of its own training data"))
      }
      guard let log = InSampleLog(try OutputRows(output, record, tables: try tables(of: record, store))) else { continue }
      let folder = try ScratchFolder(in: store.folder)
      for (selection, plan) in selections {
        let found = try log.rows(asking: spine, selection, plan, in: folder.path)
        if let first = found.first {
          mistakes.append(
            .inSample(set, output, selection, found.count, of: spine.rowCount, at: first.time, record.versions[Int(first.version)]))
        }
      }
    }
    if !mistakes.isEmpty { throw Diagnostics(mistakes) }
  }
}

/// What was shown of an output before the vintage of its model version, in stretches.
private struct InSampleLog {
  private let rows: OutputRows
  private var places = ContiguousArray<Int32>()
  private var from: [Int64] = []
  private var until: [Int64] = []

  /// - Returns: nil if there is nothing of the kind.
  init?(_ rows: OutputRows) {
    self.rows = rows
    let vintages = rows.record.versions.map { $0.facts.vintage ?? .min }
    let history = rows.history
    for i in 0..<history.count {
      let vintage = vintages[Int(rows.registered.versions[Int(history.rows[i])])]
      guard history.from[i] < vintage else { continue }
      places.append(history.rows[i])
      from.append(history.from[i])
      until.append(min(history.until[i], vintage))
    }
    if places.isEmpty { return nil }
  }

  /// The rows of a spine that would see some of it, as far as key, time and the view's `where` tell.
  func rows(
    asking spine: SpineRows, _ selection: SelectionPlan, _ plan: ViewPlan, in folder: String
  ) throws -> [(time: Int64, version: Int32)] {
    let scan = try scan(plan, in: folder)
    let keys = scan.columns.prefix(plan.keys.count).map(\.column)
    guard case .int64(let numbers)? = scan.columns.last?.column.values else { return [] }
    let asked = spine.keys(of: selection)
    let joined = zip(keys, asked).map { own, other in
      Column.concatenated(
        [(own, 0..<own.count), (other.type == own.type ? other : Column.nulls(own.type, count: other.count), 0..<other.count)],
        type: own.type)
    }
    let count = scan.rowCount
    let entities = EntityNumbers(KeyColumns(joined), rowCount: count + spine.rowCount)
    var stretches: [Int32: [Int]] = [:]
    for row in 0..<count { stretches[entities.ofRows[row], default: []].append(Int(numbers.span[row])) }
    var found: [(time: Int64, version: Int32)] = []
    for row in 0..<spine.rowCount {
      guard let own = stretches[entities.ofRows[count + row]], !joined.contains(where: { $0.isNull(count + row) }) else { continue }
      let time = spine.decisionTime.span[row]
      if let seen = own.first(where: { from[$0] <= time && time < until[$0] }) {
        found.append((time, rows.registered.versions[Int(places[seen])]))
      }
    }
    return found
  }

  /// The view's keys, and which stretch each row is.
  private func scan(_ plan: ViewPlan, in folder: String) throws -> ScanResult {
    let number = "gangway__stretch"
    let output = rows.output
    let relation = Relation(
      name: output.logRelation.name, kind: .table,
      columns: output.logRelation.columns + [RelationColumn(name: number, declaredText: "INTEGER", declaredType: .int64)])
    var isDone = false
    let warehouse = try SQLiteWarehouse.temporary(relation, displayName: "output \(output.name.value)", folder: folder) {
      if isDone { return nil }
      isDone = true
      let numbers = Column(.int64(Buffer(places.indices.map { Int64($0) })))
      return TableRows(
        columns: rows.logColumns(keyRows: places, valueRows: places, from: Buffer(from)) + [numbers], rowCount: places.count)
    }
    return try warehouse.scan(
      ScanRequest(
        relation: relation.name, outputs: plan.keys.map { plan.outputs[$0] } + [ScanOutput(.column(number), as: .value(.int64))],
        predicate: plan.view.predicate?.value, zone: plan.zone))
  }
}

extension Diagnostic {
  fileprivate static func inSample(
    _ set: TrainingSet, _ output: ModelOutput, _ selection: SelectionPlan, _ count: Int, of all: Int, at time: Int64,
    _ version: ModelVersion
  ) -> Diagnostic {
    let vintage = version.facts.vintage.map(timestampText) ?? ""
    return Diagnostic(
      at: selection.selection.location,
      "training set \"\(set.name.value)\" would see predictions of output \"\(output.name.value)\" for moments that their model was trained on: "
        + "\(count) of \(all) rows, the first at \(timestampText(time)) of version \"\(version.name)\", which knows the world up to \(vintage)",
      rule: "in-sample",
      hint: "begin the spine later (`from:`), use predictions of versions that were trained before, or say `allow_in_sample: true`")
  }
}
