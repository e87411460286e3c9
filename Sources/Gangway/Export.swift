import Archives
import Columns
import Definitions
import Diagnostics
import Engine
import Exports
import Planning
import Snapshots
import Times
import TrainingSets

extension Workspace {
  /// Writes a training set, or rows to score, as an archive; materializes what is missing or whose definition has changed.
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
        set.spine, views: set.viewsInUse, knownBy: set.resolved.knownBy, workers: resources.threads, valuesAtOnce: resources.valuesAtOnce)
      let spooled = try spool(assembly, packing, in: scratch, events) { set.shelf.release() }
      let export = TrainingSetExport(
        plan: plan, table: assembly.table, spooled: spooled, report: assembly.report(spooled.features), views: set.exportedViews,
        knownBy: set.resolved.knownBy)
      let table = export.table
      let written = try uninterrupted { () throws(ArchiveError) in
        try export.write(to: target, packing: packing, isCancelled: surroundings.isInterrupted)
      }
      let version = plan.scoring == nil ? try pin(set, digest: written.digest, vintage: export.report.vintage, store) : nil
      for line in export.foundations + [ageLine(set.snapshots)] { events(.note(line)) }
      return ExportReport(
        trainingSet: name, number: version?.number, path: written.path, bytes: written.byteCount, digest: written.digest,
        columns: table.columns.count, parts: table.parts.map { ($0.name, $0.rows.count) }, seconds: (clock.now - start) / .seconds(1))
    }
  }

  /// All that an export computes from.
  struct ResolvedSet {
    let resolved: ResolvedTrainingSet
    let spine: SpineRows
    let snapshots: [String: Snapshot]
    let rows: [String: any ViewRows]
    /// Where a large spine is kept, or a pinned one is read.
    let shelf: ColumnShelf

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
    let spineModule: String? = if case .module(let name) = set.spine.origin { name.value } else { nil }
    for note in try notesOnChanges(of: plans.map(\.module.name.value) + [spineModule].compactMap(\.self)) { events(.note(note)) }
    let snapshots = try snapshots(of: plans, reading: options.reading, store, events)
    let views = Dictionary(uniqueKeysWithValues: plans.map { ($0.view.name.value, $0) })
    let rows = try rows(of: snapshots, views, store)
    let shelf = ColumnShelf(in: try ScratchFolder(in: store.folder))
    let asked = try askedRows(of: set, options, &planner, store)
    let (plan, spine) = try spine(asked, knownBy: knownBy, &planner, views, rows, shelf)
    try checkVintages(of: set, spine, views, store, events: events)
    return ResolvedSet(
      resolved: ResolvedTrainingSet(plan: plan, views: views, knownBy: knownBy), spine: spine, snapshots: snapshots, rows: rows,
      shelf: shelf)
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
