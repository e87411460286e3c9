import Definitions
import Diagnostics
import Modelling
import Planning
import Snapshots
import Times
import Warehouses

/// A module that was built.
public struct BuildReport: Sendable {
  public let module: String
  /// `table` or `view`.
  public let kind: String
  public let rows: Int
  public let seconds: Double
}

extension Workspace {
  /// Builds SQL modules and marts in dependency order.
  ///
  /// - Parameters:
  ///   - names: modules to build with all that they need; none: all of them.
  ///   - report: called after each module.
  /// - Throws: mistakes in the SQL, a grain that does not hold, a warehouse that is locked; a module that failed is as it was before.
  public func build(_ names: [String] = [], report: (BuildReport) -> Void = { _ in }) throws(GangwayError) {
    try GangwayError.catching {
      let zone = Zone(project.settings.timezone.value) ?? .utc
      let plan = try BuildPlan(for: project, building: names, zone: zone)
      let store = try store()
      let lock = try store.lock(.writer, for: "build")
      defer { withExtendedLifetime(lock) {} }
      let clock = ContinuousClock()
      let start = clock.now
      var unrecorded: StoreError?
      try plan.run(in: warehouse, now: { clock.now - start }) { built in
        let seconds = built.time / .seconds(1)
        report(BuildReport(module: built.name, kind: built.kind.rawValue, rows: built.rowCount, seconds: seconds))
        do throws(StoreError) {
          try store.record(
            BuildRecord(
              module: built.name, kind: built.kind.rawValue, rowCount: built.rowCount, seconds: seconds,
              builtAt: surroundings.now()))
        } catch { unrecorded = error }
      }
      if let unrecorded { throw unrecorded }
    }
  }
}
