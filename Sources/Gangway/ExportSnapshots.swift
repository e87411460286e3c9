import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots

/// Which snapshots an export rests on: the newest that are still right, others materialized first.
extension Workspace {
  func rows(of snapshots: [String: Snapshot], _ plans: [String: ViewPlan], _ store: SnapshotStore) throws -> [String: any ViewRows] {
    var rows: [String: any ViewRows] = [:]
    for (name, snapshot) in snapshots { if let plan = plans[name] { rows[name] = try store.rows(of: snapshot, plan: plan) } }
    return rows
  }

  func snapshots(
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
}
