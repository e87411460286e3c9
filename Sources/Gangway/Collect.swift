import Diagnostics
import Snapshots
import Times

/// What garbage collection removed, or would remove.
public struct CollectReport: Sendable {
  public let things: [(name: String, bytes: Int)]
  public let bytes: Int
}

extension Workspace {
  /// Removes snapshots that nothing needs. Each view's newest snapshot stays, and all that a version of a training set pins.
  ///
  /// - Parameters:
  ///   - keep: a length of time such as `30d`: what is younger stays.
  ///   - isDry: only tell.
  public func collect(keep: String, isDry: Bool) throws(GangwayError) -> CollectReport {
    try GangwayError.catching {
      guard let keep = TimeSpan(keep) else {
        throw Diagnostics([
          Diagnostic(at: nil, "\"\(keep)\" is no length of time", rule: "bad-duration", hint: "write a number and a unit: 12h, 30d, 8w")
        ])
      }
      let store = try store()
      let locks = [try store.lock(.writer, for: "gc"), try store.lock(.collector, for: "gc")]
      defer { withExtendedLifetime(locks) {} }
      let (youngest, overflow) = surroundings.now().subtractingReportingOverflow(keep.microseconds)
      let collection = try store.collect(olderThan: overflow ? .min : youngest, isDry: isDry)
      return CollectReport(things: collection.removals.map { ($0.thing, $0.bytes) }, bytes: collection.bytes)
    }
  }
}
