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
  /// `zip`, `tar.zst`, `tar.gz` or `folder`; nil: the definition's.
  public var format: String?
  /// How hard to compress: 1 to 9 for zip and tar.gz, 1 to 19 for tar.zst; nil: 1, the fastest.
  public var level: Int?
  /// The archive's path, or the folder's; nil: a name of its own below the project's exports folder.
  public var out: String?
  /// A CSV file that replaces the spine's rows.
  public var spine: String?
  /// A cutoff of knowledge: an instant, or a date's midnight in the project's zone.
  public var knownBy: String?
  /// Which views are read anew.
  public var reading: Reading

  public enum Reading: Sendable {
    /// Those without a snapshot, or whose definition has changed.
    case whatIsMissing
    /// All that the set uses.
    case everything
    /// None: a missing snapshot is an error.
    case nothing
  }

  public init(
    format: String? = nil, level: Int? = nil, out: String? = nil, spine: String? = nil, knownBy: String? = nil,
    reading: Reading = .whatIsMissing
  ) {
    self.format = format
    self.level = level
    self.out = out
    self.spine = spine
    self.knownBy = knownBy
    self.reading = reading
  }
}

/// An archive that was written.
public struct ExportReport: Sendable {
  public let trainingSet: String
  /// The version's number in this store.
  public let number: Int
  public let path: String
  public let bytes: Int
  /// Of the content: the version's name anywhere.
  public let digest: String
  public let columns: Int
  public let parts: [(name: String, rows: Int)]
  public let seconds: Double
}

extension Workspace {
  /// Writes a training set as an archive, materializing what is missing or whose definition has changed.
  ///
  /// - Parameter name: a training set to compute now (`eta`), or a version of it to make again (`eta@3`, `eta@3f9a1c2e`),
  ///   for which neither warehouse nor definition files are read.
  /// - Throws: whatever keeps the set from being right or the archive from being written; nothing is left half-written.
  public func export(
    _ name: String, _ options: ExportOptions = ExportOptions(), events: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(GangwayError) -> ExportReport {
    try GangwayError.catching {
      let clock = ContinuousClock()
      let start = clock.now
      let (name, selector) = try versionedName(name)
      let store = try store()
      let lock = try store.lock(.reader, for: "export \(name)")
      defer { withExtendedLifetime(lock) {} }
      let set = try selector.map { try pinnedSet(name, $0, options, store) } ?? resolvedSet(name, options, store, events)

      let plan = set.resolved.plan
      let packing = try packing(options, of: plan.set)
      let target = try options.out.map { ExportTarget.file(try outPath($0, packing.form)) } ?? .folder(project.settings.exportsFolder)
      let scratch = try ScratchFolder(in: store.folder)
      let assembly = try Assembly(
        set.spine, views: set.viewsInUse, knownBy: set.resolved.knownBy, workers: resources.threads)
      let spooled = try spool(assembly, packing, in: scratch, events) { set.shelf?.release() }
      let export = TrainingSetExport(
        plan: plan, table: assembly.table, spooled: spooled, report: assembly.report(spooled.features), views: set.exportedViews,
        knownBy: set.resolved.knownBy)
      let table = export.table
      let written = try uninterrupted { () throws(ArchiveError) in
        try export.write(to: target, packing: packing, isCancelled: surroundings.isInterrupted)
      }
      let version = try pin(set, digest: written.digest, vintage: export.report.vintage, store)
      for line in export.foundations + [ageLine(set.snapshots)] { events(.note(line)) }
      return ExportReport(
        trainingSet: name, number: version.number, path: written.path, bytes: written.byteCount, digest: written.digest,
        columns: table.columns.count, parts: table.parts.map { ($0.name, $0.rows.count) }, seconds: (clock.now - start) / .seconds(1))
    }
  }

  /// Matches and writes a stretch of rows after the other, as many as fit into memory.
  ///
  /// - Parameter afterBlock: called when a stretch is written.
  private func spool(
    _ assembly: Assembly, _ packing: Packing, in scratch: ScratchFolder, _ events: @escaping @Sendable (Event) -> Void,
    afterBlock: () -> Void
  ) throws -> SpooledTable {
    let blocks = assembly.blocks(memory: resources.memory * 3 / 8)
    let total = assembly.table.parts.reduce(0) { $0 + $1.rows.count }
    if let estimate = assembly.table.estimate(rows: total, blocks: blocks) { events(.note(estimate)) }
    var spool = try TableSpool(assembly.table, packing: packing, scratch: scratch.path)
    for (number, rows) in blocks.enumerated() {
      let block = try assembly.block(rows) { done, total throws(Diagnostics) in
        try checkInterruption()
        events(.progress(work: "match", done: number * total + done, total: blocks.count * total))
      }
      try uninterrupted { () throws(ArchiveError) in
        try spool.add(
          block, progress: { events(.progress(work: "write", done: $0, total: total, unit: "rows")) },
          isCancelled: surroundings.isInterrupted)
      }
      afterBlock()
    }
    return try spool.finish()
  }

  /// What was stopped on request is said to have been.
  private func uninterrupted<Result>(_ body: () throws(ArchiveError) -> Result) throws -> Result {
    do throws(ArchiveError) {
      return try body()
    } catch {
      if case .cancelled = error { try checkInterruption() }
      throw error
    }
  }

  /// All that an export computes from.
  struct ResolvedSet {
    let resolved: ResolvedTrainingSet
    let spine: SpineRows
    let snapshots: [String: Snapshot]
    let rows: [String: any ViewRows]
    /// Where a large spine is kept.
    var shelf: ColumnShelf?

    var viewsInUse: [String: ViewInUse] {
      resolved.views.reduce(into: [:]) { views, view in
        if let rows = rows[view.key] { views[view.key] = ViewInUse(plan: view.value, rows: rows) }
      }
    }

    var exportedViews: [String: ExportedView] {
      resolved.views.reduce(into: [:]) { views, view in
        if let snapshot = snapshots[view.key] {
          views[view.key] = ExportedView(plan: view.value, snapshotDigest: snapshot.digest, counts: snapshot.counts)
        }
      }
    }
  }

  /// As the definitions and the warehouse are now.
  private func resolvedSet(
    _ name: String, _ options: ExportOptions, _ store: SnapshotStore, _ events: @escaping @Sendable (Event) -> Void
  ) throws -> ResolvedSet {
    let set = try find(name, "training set", in: project.trainingSets) { $0.name.value }
    let form = try packing(options, of: set).form
    if let out = options.out { _ = try outPath(out, form) }
    var planner = self.planner
    let knownBy = try instant(options.knownBy, zone: planner.zone)
    let used = Set(set.features.map(\.view.value))
    let plans = try planAll(project.featureViews.filter { used.contains($0.name.value) }, &planner)
    let snapshots = try snapshots(of: plans, reading: options.reading, store, events)
    let views = Dictionary(uniqueKeysWithValues: plans.map { ($0.view.name.value, $0) })
    let rows = try rows(of: snapshots, views, store)
    let shelf = ColumnShelf(in: try ScratchFolder(in: store.folder))
    let (plan, spine) = try spine(of: set, file: options.spine, knownBy: knownBy, &planner, views, rows, shelf)
    try checkVintages(of: set, spine, views, store, events: events)
    return ResolvedSet(
      resolved: ResolvedTrainingSet(plan: plan, views: views, knownBy: knownBy), spine: spine, snapshots: snapshots, rows: rows,
      shelf: shelf)
  }

  func rows(of snapshots: [String: Snapshot], _ plans: [String: ViewPlan], _ store: SnapshotStore) throws -> [String: any ViewRows] {
    var rows: [String: any ViewRows] = [:]
    for (name, snapshot) in snapshots { if let plan = plans[name] { rows[name] = try store.rows(of: snapshot, plan: plan) } }
    return rows
  }

  private func snapshots(
    of plans: [ViewPlan], reading: ExportOptions.Reading, _ store: SnapshotStore, _ events: @escaping @Sendable (Event) -> Void
  ) throws -> [String: Snapshot] {
    var snapshots: [String: Snapshot] = [:]
    // What was built since may hold other rows. Which modules a view rests on is not asked: reading one anew is cheap.
    let builtAt = try store.newestBuild() ?? .min
    let looks = try store.looks()
    let changes = try store.newestOutputEvents()
    var sources = ViewSources(self, store)
    for (done, plan) in plans.enumerated() {
      let name = plan.view.name.value
      if reading != .everything, let newest = try store.newest(for: plan),
        reading == .nothing || !isStale(newest, of: plan, builtAt: builtAt, looks, changes)
      {
        snapshots[name] = newest
        continue
      }
      if reading == .nothing {
        throw Diagnostics([
          Diagnostic(
            at: plan.view.name.location, "feature view \"\(name)\" has no snapshot of its present definition", rule: "no-snapshot",
            hint: "run `gangway materialize \(name)`, or export without --frozen")
        ])
      }
      events(.progress(work: "materialize \(name)", done: done, total: plans.count))
      let lock = try store.lock(.writer, for: "materialize \(name)")
      defer { withExtendedLifetime(lock) {} }
      let made = try materialize(plan, from: &sources, into: store, readsAll: reading == .everything, events: events)
      events(.note("materialized \(name): \(grouped(made.report.rows)) rows\(made.report.isNew ? "" : ", unchanged")"))
      snapshots[name] = made.snapshot
    }
    return snapshots
  }

  /// Whether the module was built, or observed to be otherwise, since the view was read.
  private func isStale(_ snapshot: Snapshot, of plan: ViewPlan, builtAt: Int64, _ looks: [Look], _ changes: [String: Int64]) -> Bool {
    if plan.module.isBuiltHere, snapshot.readAt < builtAt { return true }
    if case .output = plan.module.origin, let changed = changes[plan.module.name.value], snapshot.readAt < changed { return true }
    return plan.isObserved && looks.contains { $0.module == plan.module.name.value && $0.recordedAt > snapshot.readAt }
  }

  private func spine(
    of set: TrainingSet, file: String?, knownBy: Int64?, _ planner: inout Planner, _ views: [String: ViewPlan],
    _ rows: [String: any ViewRows], _ shelf: ColumnShelf
  ) throws -> (TrainingSetPlan, SpineRows) {
    let source: SpineSource
    switch (file, set.spine.origin) {
    case (let path?, _): source = try csvSpine(path, displayName: path, set, views, rows)
    case (nil, .file(let path)): source = try csvSpine(path.value, displayName: relative(path.value), set, views, rows)
    case (nil, .module): source = try planner.spineSource(of: set)
    }
    let plan = try planner.plan(set, spine: source)
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
    let shelved = ShelvedScan(shelf: shelf, budget: resources.memory / 8)
    func refused(_ error: WarehouseError) -> Diagnostics {
      Diagnostics(
        Warehouses.diagnostics(for: error, at: location, of: plan.spineName) { plan.outputLocations[$0.output] },
        isBusy: error.isBusy)
    }
    let outcome: ScanOutcome
    do throws(ScanError<Diagnostics>) {
      outcome = try source.warehouse.scan(request, threads: resources.threads, batchRows: 1 << 16) { batch throws(Diagnostics) in
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

  /// A CSV file beside the warehouse, its keys typed as the entities' are.
  private func csvSpine(
    _ path: String, displayName: String, _ set: TrainingSet, _ views: [String: ViewPlan], _ rows: [String: any ViewRows]
  ) throws -> SpineSource {
    var types: [String: DataType] = [:]
    for selection in set.features {
      guard let view = views[selection.view.value], let read = rows[selection.view.value] else { continue }
      for (i, column) in selection.keyColumns.enumerated() where read.rowCount > 0 {
        types[column.value] = types[column.value] ?? view.entity?.key[i].type ?? read.keys[i].type
      }
    }
    let warehouse = try SQLiteWarehouse.temporary(csv: path, displayName: displayName, table: "spine", columnTypes: types)
    return SpineSource(warehouse: warehouse, relation: "spine", module: nil, displayName: "file \(displayName)")
  }

  /// A time as people write it on a command line.
  func instant(_ text: String?, zone: Zone) throws -> Int64? {
    guard let text else { return nil }
    if case .time(let time) = parseInstant(text, zone: zone) { return time }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(text)\" cannot be read as a time", rule: "unreadable-time",
        hint: "write a date (2024-01-31) or an instant (2024-01-31T05:00:00Z)")
    ])
  }
}

extension TrainingTable {
  /// What is ahead, in words, where it is much: from five million cells on.
  fileprivate func estimate(rows: Int, blocks: [Range<Int>]) -> String? {
    guard rows * columns.count >= 5_000_000 else { return nil }
    // Seen of many tables: ten bytes a number or text, twenty a time, separators included.
    let perRow = columns.reduce(0) { $0 + ($1.type == .timestamp ? 21 : $1.type == .boolean ? 6 : 11) }
    let block = blocks.map(\.count).max() ?? 0
    let memory = block * 20 * columns.count
    let stretches = blocks.count == 1 ? "at once" : "in \(blocks.count) stretches"
    return "ahead: \(grouped(rows)) rows of \(columns.count) columns, about \(grouped(rows * perRow / 1_000_000)) MB of CSV, "
      + "\(stretches), with about \(grouped(memory / 1_000_000)) MB of memory"
  }
}
