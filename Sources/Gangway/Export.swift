import Archives
import Columns
import Definitions
import Diagnostics
import Engine
import Exports
import Foundation
import Planning
import SQLiteWarehouse
import Snapshots
import Times
import TrainingSets
import Warehouses

/// What an export is asked to do beyond the training set's definition.
public struct ExportOptions: Sendable {
  /// `zip`, `tar.zst` or `tar.gz`; nil: the definition's.
  public var format: String?
  /// The archive's path; nil: a name of its own below the project's exports folder.
  public var out: String?
  /// A CSV file that replaces the spine's rows.
  public var spine: String?
  /// A cutoff of knowledge: an instant, or a date's midnight in the project's zone.
  public var knownBy: String?

  public init(format: String? = nil, out: String? = nil, spine: String? = nil, knownBy: String? = nil) {
    self.format = format
    self.out = out
    self.spine = spine
    self.knownBy = knownBy
  }
}

/// An archive that was written.
public struct ExportReport: Sendable {
  public let trainingSet: String
  public let path: String
  public let bytes: Int
  public let digest: String
  public let columns: Int
  public let parts: [(name: String, rows: Int)]
  public let seconds: Double
}

extension Workspace {
  /// Writes a training set as an archive, materializing what is missing or whose definition has changed.
  ///
  /// - Throws: whatever keeps the set from being right or the archive from being written; nothing is left half-written.
  public func export(
    _ name: String, _ options: ExportOptions = ExportOptions(), events: (Event) -> Void = { _ in }
  ) throws(GangwayError) -> ExportReport {
    try GangwayError.catching {
      let clock = ContinuousClock()
      let start = clock.now
      let set = try find(name, "training set", in: project.trainingSets) { $0.name.value }
      let format = try format(options.format, of: set)
      var planner = Planner(project: project, warehouse: warehouse)
      let knownBy = try instant(options.knownBy, zone: planner.zone)
      let views = try viewsInUse(set, &planner, events)
      let (plan, spine) = try spine(of: set, file: options.spine, knownBy: knownBy, &planner, views)
      let featureCount = plan.selections.reduce(0) { $0 + $1.selection.columns.count }
      let table = try assemble(
        spine, views: views.mapValues { ViewInUse(plan: $0.plan, rows: $0.rows) }, knownBy: knownBy
      ) { events(.progress(work: "match", done: $0, total: featureCount)) }

      let scratch = try ScratchFolder(near: project.settings.storeFolder)
      defer { scratch.remove() }
      let export = TrainingSetExport(
        plan: plan, table: table,
        views: views.mapValues { ExportedView(plan: $0.plan, snapshotDigest: $0.snapshot.digest, counts: $0.snapshot.counts) },
        knownBy: knownBy)
      let rowCount = table.parts.reduce(0) { $0 + $1.rows.count }
      let written = try export.write(
        to: options.out.map { .file($0) } ?? .folder(project.settings.exportsFolder), format: format, scratch: scratch.path
      ) { events(.progress(work: "write", done: $0, total: rowCount)) }
      for line in foundations(table, plan, views) { events(.note(line)) }
      return ExportReport(
        trainingSet: name, path: written.path, bytes: written.byteCount, digest: written.digest, columns: table.columns.count,
        parts: table.parts.map { ($0.name, $0.rows.count) }, seconds: (clock.now - start) / .seconds(1))
    }
  }

  struct MaterializedView {
    let plan: ViewPlan
    let snapshot: Snapshot
    let rows: ViewRows
  }

  private func viewsInUse(
    _ set: TrainingSet, _ planner: inout Planner, _ events: (Event) -> Void
  ) throws -> [String: MaterializedView] {
    let used = Set(set.features.map(\.view.value))
    let plans = try planAll(project.featureViews.filter { used.contains($0.name.value) }, &planner)
    let store = try store()
    var views: [String: MaterializedView] = [:]
    for (done, plan) in plans.enumerated() {
      let name = plan.view.name.value
      var snapshot = try store.newest(for: plan)
      if snapshot == nil {
        events(.progress(work: "materialize \(name)", done: done, total: plans.count))
        let made = try materialize(plan, into: store)
        events(.note("materialized \(name): \(made.report.rows) rows"))
        snapshot = made.snapshot
      }
      if let snapshot { views[name] = MaterializedView(plan: plan, snapshot: snapshot, rows: try store.rows(of: snapshot)) }
    }
    return views
  }

  private func spine(
    of set: TrainingSet, file: String?, knownBy: Int64?, _ planner: inout Planner, _ views: [String: MaterializedView]
  ) throws -> (TrainingSetPlan, SpineRows) {
    let source: SpineSource
    switch (file, set.spine.origin) {
    case (let path?, _): source = try csvSpine(path, displayName: path, set, views)
    case (nil, .file(let path)): source = try csvSpine(path.value, displayName: relative(path.value), set, views)
    case (nil, .module): source = try planner.spineSource(of: set)
    }
    let plan = try planner.plan(set, spine: source)
    do {
      let scan = try source.warehouse.scan(
        ScanRequest(relation: plan.relation, outputs: plan.outputs, predicate: plan.scanPredicate, zone: plan.zone))
      return (plan, try SpineRows(scan, plan: plan, knownBy: knownBy))
    } catch let error as WarehouseError {
      throw Diagnostics(
        Warehouses.diagnostics(for: error, at: set.spine.location, of: plan.spineName) { plan.outputLocations[$0.output] },
        isBusy: error.isBusy)
    }
  }

  /// A CSV file beside the warehouse, its keys typed as the entities' are.
  private func csvSpine(
    _ path: String, displayName: String, _ set: TrainingSet, _ views: [String: MaterializedView]
  ) throws -> SpineSource {
    var types: [String: DataType] = [:]
    for selection in set.features {
      guard let view = views[selection.view.value] else { continue }
      for (i, column) in selection.keyColumns.enumerated() where view.rows.rowCount > 0 {
        types[column.value] = types[column.value] ?? view.plan.entity?.key[i].type ?? view.rows.keys[i].type
      }
    }
    let warehouse = try SQLiteWarehouse.temporary(csv: path, displayName: displayName, table: "spine", columnTypes: types)
    return SpineSource(warehouse: warehouse, relation: "spine", module: nil, displayName: "file \(displayName)")
  }

  private func format(_ asked: String?, of set: TrainingSet) throws -> ArchiveFormat {
    let name = asked ?? set.format.value.rawValue
    if let format = ArchiveFormat(rawValue: name) { return format }
    throw Diagnostics([
      Diagnostic(
        at: nil, "format \"\(name)\" is not known", rule: "unknown-format",
        hint: "use one of: \(ArchiveFormat.allCases.map(\.rawValue).joined(separator: ", "))")
    ])
  }

  private func instant(_ text: String?, zone: Zone) throws -> Int64? {
    guard let text else { return nil }
    if case .time(let time) = parseInstant(text, zone: zone) { return time }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(text)\" cannot be read as a time", rule: "unreadable-time",
        hint: "write a date (2024-01-31) or an instant (2024-01-31T05:00:00Z)")
    ])
  }
}
