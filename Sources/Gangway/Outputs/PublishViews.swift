import Definitions
import Diagnostics
import Planning
import Snapshots
import Times

// Feature views with `publish: true` in the warehouse.
extension Workspace {
  /// - Parameters:
  ///   - state: what is in the warehouse was made of it; nil: nothing is.
  ///   - isAsked: it is read if there is no snapshot yet, and made anew.
  ///   - isRead: it is made anew. What was published knows no end of a `ttl` or a window that was yet to come then.
  func publish(
    _ view: FeatureView, _ state: String?, isAsked: Bool, isRead: Bool, _ store: SnapshotStore,
    events: @escaping @Sendable (Event) -> Void, report: (PublishReport) -> Void
  ) throws {
    let name = view.name.value
    let clock = ContinuousClock()
    let start = clock.now
    guard let plan = try plan(view, mustBeBuilt: isAsked) else { return }
    var snapshot = try store.newest(for: plan)
    if snapshot == nil, isAsked {
      var sources = ViewSources(self, store)
      snapshot = try materialize(plan, from: &sources, into: store, events: events).snapshot
    }
    guard let snapshot else { return }
    let made = plan.publishedState(snapshot)
    if made == state, !isAsked, !isRead { return }
    events(.progress(work: "publish \(name)", done: 0, total: 1))
    var tables = try ViewTables(
      plan, try store.rows(of: snapshot, plan: plan), now: surroundings.now(), workers: resources.threads)
    try publish(tables.publication(state: made), of: "feature view \"\(name)\"", at: view.name.location) { table throws(Diagnostics) in
      try tables.step(table)
    }
    report(PublishReport(name: name, shown: tables.shownCount, isNew: made != state, seconds: (clock.now - start) / .seconds(1)))
  }

  /// - Returns: nil where the view's module has not been built.
  private func plan(_ view: FeatureView, mustBeBuilt: Bool) throws(Diagnostics) -> ViewPlan? {
    var planner = self.planner
    do throws(Diagnostics) { return try planner.plan(view) } catch {
      if !mustBeBuilt, error.diagnostics.allSatisfy({ $0.rule == "not-built" }) { return nil }
      throw error
    }
  }
}

extension ViewPlan {
  /// Names all that the published relations are made of.
  func publishedState(_ snapshot: Snapshot) -> String {
    let columns = columns.map { "\($0.name) \($0.kind)" }
    let parts = [
      "views 2", snapshot.digest, snapshot.readDigest, "\(columns)", view.ttl?.value.text ?? "", view.about.description ?? "",
      view.about.owner ?? "",
    ]
    return sha256Hex(parts.joined(separator: "\n"))
  }
}
