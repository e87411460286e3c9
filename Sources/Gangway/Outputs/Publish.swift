import Columns
import Definitions
import Diagnostics
import Outputs
import Planning
import Snapshots
import Times
import Warehouses

/// What is in the warehouse of an output, or of a published view.
public struct PublishReport: Sendable {
  public let name: String
  /// Entities of which something is shown.
  public let shown: Int
  /// False: it was there already as it is.
  public let isNew: Bool
  public let seconds: Double
}

extension Workspace {
  /// Puts outputs and published views into the warehouse, where they are not there as they are in the store.
  ///
  /// - Parameters:
  ///   - names: outputs and views; none: all.
  ///   - report: called after each.
  public func publish(
    _ names: [String] = [], events: @escaping @Sendable (Event) -> Void = { _ in }, report: (PublishReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let wanted = try names.map { try publishable($0) }
      let store = try store()
      let lock = try store.lock(.writer, for: "publish")
      defer { withExtendedLifetime(lock) {} }
      try publish(
        wanted.isEmpty ? Set(project.outputs.map(\.name.value) + project.published.map(\.value)) : Set(wanted),
        isAsked: !wanted.isEmpty, store, events: events, report: report)
    }
  }

  /// Puts into the warehouse what a command that was killed left undone, and what a warehouse made anew does not have.
  ///
  /// - Parameter needed: what the command cannot do without. What stands in the way of others is said, and stops nothing.
  /// - Precondition: the caller holds the writer lock.
  func completePublications(
    _ store: SnapshotStore, needed: Set<String> = [], events: @escaping @Sendable (Event) -> Void
  ) throws {
    for name in project.outputs.map(\.name.value) + project.published.map(\.value) {
      do {
        try publish([name], isAsked: false, isRead: needed.contains(name), store, events: events) { report in
          if report.isNew { events(.note("published \(report.name): \(grouped(report.shown)) shown")) }
        }
      } catch {
        let problems = GangwayError(error)
        // What another store has published can be read as it is.
        let isElsewhere = problems.problems.contains { $0.rule == "other-store" }
        if needed.contains(name) && !isElsewhere || problems.isInterrupted { throw error }
        for problem in problems.problems { events(.note("\(name) is not published: \(problem.message)")) }
      }
    }
  }

  private func publishable(_ name: String) throws -> String {
    let names = project.outputs.map(\.name) + project.published
    if names.contains(where: { $0.value == name }) { return name }
    if let view = project.featureView(name) {
      throw Diagnostics([
        Diagnostic(
          at: view.name.location, "feature view \"\(name)\" is not published", rule: "not-published", hint: "add `publish: true` to it")
      ])
    }
    return try find(name, "output", in: names) { $0.value }.value
  }

  /// - Parameters:
  ///   - names: outputs and views.
  ///   - isAsked: what is there as it is in the store is told too; a view is read if there is no snapshot yet.
  ///   - isRead: something is about to be built of them. As when they are asked for, views are made anew, since time goes on.
  /// - Precondition: the caller holds the writer lock.
  private func publish(
    _ names: Set<String>, isAsked: Bool, isRead: Bool = false, _ store: SnapshotStore, events: @escaping @Sendable (Event) -> Void,
    report: (PublishReport) -> Void
  ) throws {
    let outputs = project.outputs.filter { names.contains($0.name.value) }
    let views = project.published.filter { names.contains($0.value) }.compactMap { project.featureView($0.value) }
    if outputs.isEmpty, views.isEmpty { return }
    let states = try inWarehouse { () throws(WarehouseError) in try warehouse.publishedStates() }
    for view in views {
      try publish(view, states[view.name.value], isAsked: isAsked, isRead: isRead, store, events: events, report: report)
    }
    for (done, output) in outputs.enumerated() {
      let name = output.name.value
      events(.progress(work: "publish \(name)", done: done, total: outputs.count))
      let clock = ContinuousClock()
      let start = clock.now
      let record = try store.outputRecord(name)
      let isThere = states[name] == output.publishedState(record)
      if !isAsked, !isThere, record.lastEvent == 0, states[name] != nil { throw Diagnostics([.publishedElsewhere(output)]) }
      if isThere, !isAsked { continue }
      let rows = try OutputRows(output, record, tables: try tables(of: record, store))
      let shown = isThere ? OutputTables(rows).shownCount : try publish(rows)
      report(PublishReport(name: name, shown: shown, isNew: !isThere, seconds: (clock.now - start) / .seconds(1)))
    }
  }

  /// - Parameters:
  ///   - state: what is in the warehouse was made of it; nil: nothing is.
  ///   - isAsked: it is read if there is no snapshot yet, and made anew.
  ///   - isRead: it is made anew. What was published knows no end of a `ttl` or a window that was yet to come then.
  private func publish(
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
    do throws(ScanError<Diagnostics>) {
      try warehouse.publish(tables.publication(state: made)) { table throws(Diagnostics) in
        try checkInterruption()
        return try tables.step(table)
      }
    } catch {
      switch error {
      case .stopped(let diagnostics): throw diagnostics
      case .warehouse(let error): throw Diagnostics(error, at: view.name.location, of: "feature view \"\(name)\"")
      }
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

  /// Replaces an output's relations.
  ///
  /// - Returns: of how many entities something is shown.
  @discardableResult
  func publish(_ rows: OutputRows) throws(Diagnostics) -> Int {
    var tables = OutputTables(rows)
    let publication = tables.publication(refreshedAt: surroundings.now())
    do throws(ScanError<Diagnostics>) {
      try warehouse.publish(publication) { table throws(Diagnostics) in
        try checkInterruption()
        return tables.step(table)
      }
    } catch {
      switch error {
      case .stopped(let diagnostics): throw diagnostics
      case .warehouse(let error): throw Diagnostics(error, at: rows.output.name.location, of: "output \"\(rows.output.name.value)\"")
      }
    }
    return tables.shownCount
  }

  /// Does something to an output in the store and in the warehouse: in both, or in neither.
  ///
  /// The warehouse comes first, since others may hold it. Where the store then cannot be written, what was there before is published again.
  ///
  /// - Parameters:
  ///   - before: the output's record as it is.
  ///   - tables: of all batches, those that are to come too.
  ///   - change: writes to the store, once what it is given was published.
  /// - Returns: of how many entities something is shown.
  func publishing(
    _ output: ModelOutput, _ before: OutputRecord, tables: [String: Table],
    _ change: ((OutputRecord) throws -> Void) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> Int {
    var shown: Int?
    do throws(Diagnostics) {
      try change { record in shown = try publish(try OutputRows(output, record, tables: tables)) }
    } catch {
      // If this fails too, the next command does it.
      if shown != nil { _ = try? publish(try OutputRows(output, before, tables: tables)) }
      throw error
    }
    return shown ?? 0
  }

  /// What batches hold, by segment.
  ///
  /// - Precondition: the caller holds a lock as long as it is in use.
  func tables(of record: OutputRecord, _ store: SnapshotStore) throws(StoreError) -> [String: Table] {
    var tables: [String: Table] = [:]
    for batch in record.batches where tables[batch.segment] == nil { tables[batch.segment] = try store.table(of: batch) }
    return tables
  }

  func inWarehouse<Result>(_ body: () throws(WarehouseError) -> Result) throws(Diagnostics) -> Result {
    do throws(WarehouseError) { return try body() } catch { throw Diagnostics(error, at: project.settings.warehouse.location) }
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

extension Diagnostic {
  /// A store that knows nothing of an output must not blank what another has published.
  static func publishedElsewhere(_ output: ModelOutput) -> Diagnostic {
    Diagnostic(
      at: output.name.location,
      "output \"\(output.name.value)\" was published from another store, and in this one nothing was ever registered", rule: "other-store",
      hint: "bring that store's folder here, or let this one take over with `gangway publish \(output.name.value)`")
  }
}
