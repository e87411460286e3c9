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
  /// Reads feature views from the warehouse into snapshots.
  ///
  /// - Parameters:
  ///   - names: views; none: all of them.
  ///   - report: called after each view.
  /// - Throws: all mistakes of all views; those without a mistake are materialized nevertheless.
  public func materialize(
    _ names: [String] = [], events: (Event) -> Void = { _ in }, report: (MaterializeReport) -> Void = { _ in }
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
      var mistakes: [Diagnostic] = []
      for (done, plan) in plans.enumerated() {
        events(.progress(work: "materialize \(plan.view.name.value)", done: done, total: plans.count))
        do throws(Diagnostics) {
          report(try materialize(plan, into: store).report)
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
    _ plan: ViewPlan, into store: SnapshotStore
  ) throws(Diagnostics) -> (snapshot: Snapshot, report: MaterializeReport) {
    let clock = ContinuousClock()
    let start = clock.now
    let resolved = try resolveVersions(try read(plan), plan: plan)
    do throws(StoreError) {
      let (snapshot, isNew) = try store.commit(resolved, of: plan, now: surroundings.now())
      let report = MaterializeReport(
        view: plan.view.name.value, rowsRead: resolved.counts.read, rows: snapshot.rowCount, digest: snapshot.digest, isNew: isNew,
        seconds: (clock.now - start) / .seconds(1), remarks: resolved.counts.remarks)
      return (snapshot, report)
    } catch {
      throw Diagnostics(error.diagnostics, isBusy: error.isBusy)
    }
  }

  private func read(_ plan: ViewPlan) throws(Diagnostics) -> ScanResult {
    do throws(WarehouseError) {
      return try warehouse.scan(
        ScanRequest(
          relation: plan.relation, outputs: plan.outputs, predicate: plan.scanPredicate, keyOutputs: plan.keys, zone: plan.zone))
    } catch {
      let module = plan.module.name
      throw Diagnostics(
        diagnostics(for: error, at: plan.location(of: error) ?? module.location, of: "module \"\(module.value)\"") {
          plan.outputLocations[$0.output]
        },
        isBusy: error.isBusy)
    }
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
