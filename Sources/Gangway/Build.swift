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
  /// What is odd about it, in words.
  public let remarks: [String]
}

extension Workspace {
  /// Builds SQL modules and marts in dependency order.
  ///
  /// - Parameters:
  ///   - names: modules, marts, outputs and published views to build with all that they need; none: all of them.
  ///   - report: called after each module.
  /// - Throws: mistakes in the SQL, a grain that does not hold, a warehouse that is locked; a module that failed is as it was before.
  public func build(
    _ names: [String] = [], events: @escaping @Sendable (Event) -> Void = { _ in }, report: (BuildReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let zone = Zone(project.settings.timezone.value) ?? .utc
      let published = Set(names.filter { project.output($0) != nil || project.published.map(\.value).contains($0) })
      let modules = names.filter { !published.contains($0) }
      let plan = try BuildPlan(for: project, building: modules, zone: zone)
      let store = try store()
      let lock = try store.lock(.writer, for: "build")
      defer { withExtendedLifetime(lock) {} }
      let clock = ContinuousClock()
      let start = clock.now
      var unrecorded: StoreError?
      var refreshed = Set<String>()
      func refresh(_ names: Set<String>) throws {
        let fresh = names.subtracting(refreshed)
        if fresh.isEmpty { return }
        refreshed.formUnion(names)
        try self.refresh(fresh, store, events: events)
      }
      if names.isEmpty || !modules.isEmpty {
        try plan.run(
          in: warehouse, at: surroundings.now(), now: { clock.now - start },
          prepare: { relations throws(Diagnostics) in try Diagnostics.ofAll { try refresh(Set(relations.map(\.name))) } }
        ) { built in
          let seconds = built.time / .seconds(1)
          report(
            BuildReport(module: built.name, kind: built.kind.rawValue, rows: built.rowCount, seconds: seconds, remarks: built.remarks))
          do throws(StoreError) {
            try store.record(
              BuildRecord(
                module: built.name, kind: built.kind.rawValue, rowCount: built.rowCount, seconds: seconds,
                builtAt: surroundings.now()))
          } catch { unrecorded = error }
        }
      }
      if let unrecorded { throw unrecorded }
      try self.refresh(
        (names.isEmpty ? Set(project.outputs.map(\.name.value)) : published).subtracting(refreshed), store, events: events)
    }
  }
}
