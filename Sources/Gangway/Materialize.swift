import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots
import Times
import Warehouses

/// A view that was materialized.
public struct MaterializeReport: Sendable {
  public let view: String
  /// Rows that the module gave.
  public let rowsRead: Int
  /// Rows of the snapshot.
  public let rows: Int
  /// Of the snapshot's content.
  public let digest: String
  /// False: it holds what the newest snapshot held already.
  public let isNew: Bool
  public let seconds: Double
  /// What was left out or settled, in words.
  public let remarks: [String]
}

extension Workspace {
  /// Reads feature views from the warehouse into snapshots; modules that are observed are looked at first.
  ///
  /// - Parameters:
  ///   - names: views; none: all of them.
  ///   - report: called after each view.
  /// - Throws: all mistakes of all views; those without a mistake are materialized nevertheless.
  public func materialize(
    _ names: [String] = [], events: @escaping @Sendable (Event) -> Void = { _ in }, report: (MaterializeReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let views =
        names.isEmpty
        ? project.featureViews : try names.map { try find($0, "feature view", in: project.featureViews) { $0.name.value } }
      var planner = self.planner
      let plans = try planAll(views, &planner)
      for note in try notesOnChanges(of: plans.map(\.module.name.value)) { events(.note(note)) }
      let store = try store()
      let lock = try store.lock(.writer, for: "materialize")
      defer { withExtendedLifetime(lock) {} }
      var sources = ViewSources(self, store)
      var mistakes: [Diagnostic] = []
      for (done, plan) in plans.enumerated() {
        events(.progress(work: "materialize \(plan.view.name.value)", done: done, total: plans.count))
        do throws(Diagnostics) {
          report(try materialize(plan, from: &sources, into: store, events: events).report)
        } catch {
          if error.isBusy { throw error }
          mistakes += error.diagnostics
        }
      }
      if !mistakes.isEmpty { throw Diagnostics(mistakes) }
      try completePublications(store, events: events)
    }
  }

  /// Plans all views, so that all their mistakes are told at once.
  func planAll(_ views: [FeatureView], _ planner: inout Planner) throws -> [ViewPlan] {
    var plans: [ViewPlan] = []
    var mistakes: [Diagnostic] = []
    for view in views {
      do throws(Diagnostics) {
        plans.append(try planner.plan(view))
      } catch {
        if error.isBusy { throw error }
        mistakes += error.diagnostics.filter { !mistakes.contains($0) }
      }
    }
    if !mistakes.isEmpty { throw Diagnostics(mistakes) }
    return plans
  }

  /// - Parameter readsAll: whether rows that are only ever appended are read from the beginning too.
  /// - Precondition: the caller holds the store's writer lock.
  func materialize(
    _ plan: ViewPlan, from sources: inout ViewSources, into store: SnapshotStore, readsAll: Bool = false,
    events: @escaping @Sendable (Event) -> Void
  ) throws(Diagnostics) -> (snapshot: Snapshot, report: MaterializeReport) {
    let clock = ContinuousClock()
    let start = clock.now
    let warehouse = try sources.warehouse(for: plan, events: events)
    var made: Made?
    if !readsAll { made = try appended(plan, in: warehouse, into: store, events: events) }
    if made == nil {
      made = try readAnew(plan, in: warehouse, sources.modelVersions(for: plan), into: store, events: events)
    }
    guard let (commit, rowsRead, remarks) = made else { preconditionFailure("one of both was done") }
    let report = MaterializeReport(
      view: plan.view.name.value, rowsRead: rowsRead, rows: commit.snapshot.rowCount, digest: commit.snapshot.digest,
      isNew: commit.isNew, seconds: (clock.now - start) / .seconds(1), remarks: remarks)
    return (commit.snapshot, report)
  }

  private typealias Made = (commit: SnapshotStore.Commit, rowsRead: Int, remarks: [String])

  /// Reads everything.
  private func readAnew(
    _ plan: ViewPlan, in warehouse: any Warehouse, _ modelVersions: [String]?, into store: SnapshotStore,
    events: @escaping @Sendable (Event) -> Void
  ) throws(Diagnostics) -> Made {
    let before = try inStore { () throws(StoreError) in plan.appends ? try store.newest(for: plan) : nil }
    // What cannot be told is said when the rows are read.
    if let rows = try? warehouse.rowLimit(of: plan.relation), let ahead = plan.ahead(rows: rows, memory: resources.memory) {
      events(.note(ahead))
    }
    let (collector, read) = try collect(plan, from: warehouse, in: store)
    let untyped = plan.values.indices.filter { read.isUntyped[plan.values[$0].output] }
    let commit = try store.commit(
      collector, of: plan, nonFinite: read.nonFinite, untyped: untyped, modelVersions: modelVersions, workers: resources.threads,
      memory: resources.memoryOfRows, now: surroundings.now(), progress: progress(plan, events))
    let counts = commit.snapshot.counts
    var remarks = counts.remarks
    if let before, before.digest != commit.snapshot.digest {
      let missed = commit.snapshot.rowCount - before.rowCount
      remarks.append(
        missed < 0
          ? "\(grouped(-missed)) rows fewer than before: rows of an appended module are gone"
          : "\(grouped(missed)) rows that were not there before: new, or later than the lookback allows")
    }
    return (commit, counts.read, remarks)
  }

  /// Reads what became known since the last time, of a module whose rows are only ever appended.
  ///
  /// - Returns: nil where there is nothing to append to.
  private func appended(
    _ plan: ViewPlan, in warehouse: any Warehouse, into store: SnapshotStore, events: @escaping @Sendable (Event) -> Void
  ) throws(Diagnostics) -> Made? {
    guard let base = try inStore({ () throws(StoreError) in try store.appendBase(for: plan) }) else { return nil }
    let (collector, _) = try collect(plan, from: warehouse, in: store, knownAfter: base.knownAfter)
    guard
      let (commit, newRows) = try store.append(
        collector, to: base, of: plan, workers: resources.threads, memory: resources.memoryOfRows, now: surroundings.now(),
        progress: progress(plan, events))
    else { return nil }
    let snapshot = try store.compactIfNeeded(
      commit.snapshot, of: plan, workers: resources.threads, memory: resources.memoryOfRows, now: surroundings.now())
    let read = collector.counts(nonFinite: [Int](repeating: 0, count: plan.outputs.count)).read
    let compacted = SnapshotStore.Commit(snapshot: snapshot, isNew: commit.isNew)
    return (compacted, read, ["\(grouped(read)) rows read since \(timestampText(base.knownAfter)), \(grouped(newRows)) of them new"])
  }

  private func progress(
    _ plan: ViewPlan, _ events: @escaping @Sendable (Event) -> Void
  ) -> @Sendable (Int, Int) throws(Diagnostics) -> Void {
    { done, total throws(Diagnostics) in
      try checkInterruption()
      events(.progress(work: "materialize \(plan.view.name.value)", done: done, total: total))
    }
  }

  func inStore<Result>(_ body: () throws(StoreError) -> Result) throws(Diagnostics) -> Result {
    do throws(StoreError) { return try body() } catch { throw Diagnostics(error.diagnostics, isBusy: error.isBusy) }
  }

  private func collect(
    _ plan: ViewPlan, from warehouse: any Warehouse, in store: SnapshotStore, knownAfter: Int64? = nil
  ) throws(Diagnostics) -> (ViewCollector, (nonFinite: [Int], isUntyped: [Bool])) {
    let scratch = try inStore { () throws(StoreError) in try ScratchFolder(in: store.folder) }
    let collector = ViewCollector(
      plan: plan, knownAfter: knownAfter, memory: resources.memoryOfRows, workers: resources.threads, spill: SpillFolder(scratch))
    return (collector, try read(plan, in: warehouse, knownAfter: knownAfter, into: collector))
  }

  /// By which most rows that became known long ago need not be read.
  private func since(_ plan: ViewPlan, knownAfter: Int64?) -> KnownSince? {
    guard let knownAfter, let known = plan.knownTime, case .column(let column) = plan.outputs[known].source,
      case .time(let reader) = plan.outputs[known].reading
    else { return nil }
    return KnownSince(column: column, unit: reader.unit, microseconds: saturatingAdd(knownAfter, -plan.delayMicroseconds))
  }

  private func read(
    _ plan: ViewPlan, in warehouse: any Warehouse, knownAfter: Int64?, into collector: ViewCollector
  ) throws(Diagnostics) -> (nonFinite: [Int], isUntyped: [Bool]) {
    let request = ScanRequest(
      relation: plan.relation, outputs: plan.outputs, predicate: plan.scanPredicate, since: since(plan, knownAfter: knownAfter),
      keyOutputs: plan.keys, zone: plan.zone)
    let outcome: ScanOutcome
    do throws(ScanError<Diagnostics>) {
      let batchRows = resources.batchRows(columns: plan.outputs.count)
      outcome = try warehouse.scan(request, threads: resources.threads, batchRows: batchRows) { batch throws(Diagnostics) in
        try checkInterruption()
        try collector.take(batch)
      }
    } catch {
      switch error {
      case .stopped(let diagnostics): throw diagnostics
      case .warehouse(let error):
        let module = plan.module.name
        let found = diagnostics(for: error, at: plan.location(of: error) ?? module.location, of: "module \"\(module.value)\"") {
          plan.outputLocations[$0.output]
        }
        var isOfValues = false
        if case .data = error { isOfValues = true }
        throw Diagnostics(plan.isObserved && isOfValues ? found.map(\.inTheLog) : found, isBusy: error.isBusy)
      }
    }
    try collector.finish(outcome, workers: resources.threads) { () throws(Diagnostics) in try checkInterruption() }
    return (outcome.outputs.map(\.nonFinite), outcome.outputs.map(\.isUntyped))
  }
}

extension Diagnostic {
  /// Of a value that an earlier look found, where nobody can mend it any more.
  fileprivate var inTheLog: Diagnostic {
    Diagnostic(
      severity, at: location, message, rule: rule,
      hint: "a look found it so, and the log keeps it: read the column with an expression, as in `expr: \"cast(x as text)\"`")
  }
}

extension ViewCounts {
  /// Only what is not zero, in words.
  var remarks: [String] {
    let counted = [
      (nullKeys, "with a null key left out"), (nullTimes, "with a null time skipped"), (deletions, "are deletions"),
      (rejected, "rejected by `where`"), (superseded, "superseded at once"), (ties, "tied in key and times, settled by value"),
    ]
    return counted.filter { $0.0 > 0 }.map { "\($0.0) rows \($0.1)" }
      + nonFinite.sorted { $0.key < $1.key }.map { "\($0.value) values of \($0.key) not finite, made null" }
  }
}

extension ViewPlan {
  /// Where the expression stands that failed while rows were read.
  fileprivate func location(of error: WarehouseError) -> SourceLocation? {
    guard case .expression(let text, _, _) = error else { return nil }
    return outputs.firstIndex { $0.text == text }.map { outputLocations[$0] }
      ?? (view.predicate?.value == text ? view.predicate?.location : nil)
  }
}
