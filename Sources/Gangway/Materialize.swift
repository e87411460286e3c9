import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots
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
    _ names: [String] = [], events: @Sendable (Event) -> Void = { _ in }, report: (MaterializeReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let views =
        names.isEmpty
        ? project.featureViews : try names.map { try find($0, "feature view", in: project.featureViews) { $0.name.value } }
      var planner = Planner(project: project, warehouse: warehouse)
      let plans = try planAll(views, &planner)
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

  /// - Precondition: the caller holds the store's writer lock.
  func materialize(
    _ plan: ViewPlan, from sources: inout ViewSources, into store: SnapshotStore, events: @Sendable (Event) -> Void
  ) throws(Diagnostics) -> (snapshot: Snapshot, report: MaterializeReport) {
    let clock = ContinuousClock()
    let start = clock.now
    let name = plan.view.name.value
    let scratch: ScratchFolder
    do throws(StoreError) { scratch = try ScratchFolder(in: store.folder) } catch {
      throw Diagnostics(error.diagnostics, isBusy: error.isBusy)
    }
    let collector = ViewCollector(plan: plan, budget: resources.memory / 2, spill: SpillFolder(scratch))
    let read = try read(plan, in: sources.warehouse(for: plan, events: events), into: collector)
    let untyped = plan.values.indices.filter { read.isUntyped[plan.values[$0].output] }
    let commit = try store.commit(
      collector, of: plan, nonFinite: read.nonFinite, untyped: untyped, workers: resources.threads, now: surroundings.now()
    ) { done, total throws(Diagnostics) in
      try checkInterruption()
      events(.progress(work: "materialize \(name)", done: done, total: total))
    }
    let counts = commit.snapshot.counts
    let report = MaterializeReport(
      view: name, rowsRead: counts.read, rows: commit.snapshot.rowCount, digest: commit.snapshot.digest, isNew: commit.isNew,
      seconds: (clock.now - start) / .seconds(1), remarks: counts.remarks)
    return (commit.snapshot, report)
  }

  private func read(
    _ plan: ViewPlan, in warehouse: any Warehouse, into collector: ViewCollector
  ) throws(Diagnostics) -> (nonFinite: [Int], isUntyped: [Bool]) {
    let scan: ScanResult
    do throws(WarehouseError) {
      scan = try warehouse.scan(
        ScanRequest(
          relation: plan.relation, outputs: plan.outputs, predicate: plan.scanPredicate, keyOutputs: plan.keys, zone: plan.zone))
    } catch {
      let module = plan.module.name
      let found = diagnostics(for: error, at: plan.location(of: error) ?? module.location, of: "module \"\(module.value)\"") {
        plan.outputLocations[$0.output]
      }
      var isOfValues = false
      if case .data = error { isOfValues = true }
      throw Diagnostics(plan.isObserved && isOfValues ? found.map(\.inTheLog) : found, isBusy: error.isBusy)
    }
    try collector.take(scan.columns.map(\.column), number: 0, rowCount: scan.rowCount, rowNumbers: scan.rowNumbers)
    try collector.finish(
      types: scan.columns.map(\.column.type), rowNumbersAreRowIDs: scan.rowNumbersAreRowIDs, workers: resources.threads)
    return (scan.columns.map(\.nonFinite), scan.columns.map(\.isUntyped))
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
