import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import SQLiteWarehouse
import Snapshots
import TrainingSets
import Warehouses

/// The rows that an export asks about, planned and read.
extension Workspace {
  func spine(
    _ asked: AskedRows, knownBy: Int64?, _ planner: inout Planner, _ views: [String: ViewPlan], _ rows: [String: any ViewRows],
    _ shelf: ColumnShelf
  ) throws -> (TrainingSetPlan, SpineRows) {
    let set = asked.set
    let source: SpineSource
    switch (asked.file, set.spine.origin) {
    case (let path?, _): source = try csvSpine(path, displayName: path, asked, views, rows)
    case (nil, .file(let path)): source = try csvSpine(path.value, displayName: relative(path.value), asked, views, rows)
    case (nil, .module): source = try planner.spineSource(of: set)
    }
    let plan = try planner.plan(set, spine: source, scoring: asked.scoring)
    let scan = try scan(source, plan, at: set.spine.location, shelf)
    return (
      plan,
      try SpineRows(scan, plan: plan, knownBy: knownBy) { column throws(Diagnostics) in
        if shelf.isEmpty { return column }
        return try inStore { () throws(StoreError) in try shelf.place(column) }
      }
    )
  }

  /// The spine's rows, on disk if they would take much of the memory.
  private func scan(
    _ source: SpineSource, _ plan: TrainingSetPlan, at location: SourceLocation, _ shelf: ColumnShelf
  ) throws -> ScanResult {
    let request = ScanRequest(relation: plan.relation, outputs: plan.outputs, predicate: plan.scanPredicate, zone: plan.zone)
    let shelved = ShelvedScan(shelf: shelf, budget: resources.memory / 8, threads: resources.threads)
    func refused(_ error: WarehouseError) -> Diagnostics {
      Diagnostics(
        Warehouses.diagnostics(for: error, at: location, of: plan.spineName) { plan.outputLocations[$0.output] },
        isBusy: error.isBusy)
    }
    let outcome: ScanOutcome
    do throws(ScanError<Diagnostics>) {
      let batchRows = resources.batchRows(columns: plan.outputs.count)
      outcome = try source.warehouse.scan(request, threads: resources.threads, batchRows: batchRows) { batch throws(Diagnostics) in
        try checkInterruption()
        try inStore { () throws(StoreError) in try shelved.take(batch) }
      }
    } catch {
      switch error {
      case .stopped(let diagnostics): throw diagnostics
      case .warehouse(let error): throw refused(error)
      }
    }
    switch try shelved.finish(outcome, request) {
    case .success(let scan): return scan
    case .failure(let error): throw refused(error)
    }
  }

  /// A CSV file beside the warehouse, its keys typed as the entities' are; of rows to score, the rest as the training set's.
  private func csvSpine(
    _ path: String, displayName: String, _ asked: AskedRows, _ views: [String: ViewPlan], _ rows: [String: any ViewRows]
  ) throws -> SpineSource {
    var types: [String: DataType] = [:]
    for selection in asked.set.features {
      guard let view = views[selection.view.value], let read = rows[selection.view.value] else { continue }
      for (i, column) in selection.keyColumns.enumerated() where read.rowCount > 0 {
        types[column.value] = types[column.value] ?? view.entity?.key[i].type ?? read.keys[i].type
      }
    }
    let warehouse = try SQLiteWarehouse.temporary(
      csv: path, displayName: displayName, table: "spine", columnTypes: types.merging(asked.scoring?.types ?? [:]) { own, _ in own })
    return SpineSource(warehouse: warehouse, relation: "spine", module: nil, displayName: "file \(displayName)")
  }
}
