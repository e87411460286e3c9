import Columns
import Definitions
import Diagnostics
import Planning
import Snapshots
import Times
import Warehouses

/// A module that was looked at.
public struct ObserveReport: Sendable {
  public let module: String
  /// Microseconds since the Unix epoch: since when what was found counts as known.
  public let observedAt: Int64
  public let new: Int
  public let changed: Int
  public let gone: Int
  public let unchanged: Int
  /// It was never looked at before.
  public let isFirst: Bool
  /// False: it was as at the last look, and nothing was written.
  public let isLogged: Bool
  /// What became of values, in words.
  public let remarks: [String]
}

extension Workspace {
  /// Looks at modules with `history: observe` and logs what is new, changed and gone since the last look.
  ///
  /// - Parameters:
  ///   - names: modules; none: all that are observed.
  ///   - at: the time of the look, an instant or a date's midnight in the project's zone; nil: now.
  ///   - report: called after each module.
  /// - Throws: all mistakes of all modules; those without a mistake are logged nevertheless.
  public func observe(
    _ names: [String] = [], at time: String? = nil, events: (Event) -> Void = { _ in }, report: (ObserveReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let modules = try observedModules(names)
      var planner = self.planner
      let time = try instant(time, zone: planner.zone)
      if let time, time > surroundings.now() {
        throw Diagnostics([
          Diagnostic(
            at: nil, "nothing can be observed at \(timestampText(time)): that is yet to come", rule: "look-ahead",
            hint: "leave --at out to look now, or say when the module was as it is")
        ])
      }
      let store = try store()
      let lock = try store.lock(.writer, for: "observe")
      defer { withExtendedLifetime(lock) {} }
      var mistakes: [Diagnostic] = []
      for (done, module) in modules.enumerated() {
        events(.progress(work: "observe \(module.name.value)", done: done, total: modules.count))
        try checkInterruption()
        do throws(Diagnostics) { report(try observe(module, at: time, &planner, store)) } catch {
          if error.isBusy { throw error }
          mistakes += error.diagnostics
        }
      }
      if !mistakes.isEmpty { throw Diagnostics(mistakes) }
    }
  }

  private func observedModules(_ names: [String]) throws -> [Module] {
    if names.isEmpty { return project.modules.filter { $0.observation != nil } }
    return try names.map { name in
      let module = try find(name, "module", in: project.modules) { $0.name.value }
      if module.observation != nil { return module }
      throw Diagnostics([
        Diagnostic(
          at: module.name.location, "module \"\(name)\" is not observed", rule: "not-observed",
          hint: "add `history: observe` to it, if it holds only what is now and is overwritten in place")
      ])
    }
  }

  /// - Parameter time: nil: now.
  /// - Precondition: the caller holds the store's writer lock.
  func observe(
    _ module: Module, at time: Int64?, _ planner: inout Planner, _ store: SnapshotStore
  ) throws(Diagnostics) -> ObserveReport {
    let plan = try planner.planLook(at: module)
    let scan = try scan(plan)
    let rows = ObservedRows(
      names: plan.names, columns: scan.columns.prefix(plan.names.count).map(\.column), rowCount: scan.rowCount, rowNumbers: scan.rowNumbers,
      rowNumbersAreRowIDs: scan.rowNumbersAreRowIDs)
    // After reading: what comes while it is read is found by the next look.
    let now = surroundings.now()
    let observed = try store.observe(module, rows, at: time ?? now, now: now)
    let nonFinite = zip(plan.names, scan.columns).filter { $0.1.nonFinite > 0 }
    return ObserveReport(
      module: module.name.value, observedAt: time ?? now, new: observed.newRows, changed: observed.changedRows, gone: observed.goneRows,
      unchanged: observed.unchangedRows, isFirst: observed.isFirst, isLogged: observed.isLogged,
      remarks: nonFinite.map { "\(grouped($1.nonFinite)) values of \($0) not finite, taken for null" })
  }

  private func scan(_ plan: LookPlan) throws(Diagnostics) -> ScanResult {
    do throws(WarehouseError) {
      return try warehouse.scan(
        ScanRequest(relation: plan.relation.name, outputs: plan.outputs, keyOutputs: plan.grain, zone: plan.zone))
    } catch {
      throw Diagnostics(
        diagnostics(for: error, at: plan.module.observation?.location, of: "module \"\(plan.module.name.value)\"") {
          plan.outputLocations[$0.output]
        },
        isBusy: error.isBusy)
    }
  }
}

extension ObserveReport {
  /// `2024-05-01T08:00:00Z`.
  public var observedAtText: String { timestampText(observedAt) }

  /// `observed shop_customers: 3 new, 1 changed, 0 gone, 1,204 unchanged`.
  public var line: String {
    "observed \(module): \(grouped(new)) new, \(grouped(changed)) changed, \(grouped(gone)) gone, \(grouped(unchanged)) unchanged"
  }
}
