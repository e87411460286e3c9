/// What was left out, and what people should know, when a view's rows were resolved.
package struct ViewCounts: Sendable, Codable, Hashable {
  /// Rows that the module gave.
  package var read = 0
  /// Rows kept.
  package var rows = 0
  /// With a null in their key.
  package var nullKeys = 0
  /// With a null time, skipped because `on_null_time: skip` says so.
  package var nullTimes = 0
  package var deletions = 0
  /// Rejected by the view's `where`.
  package var rejected = 0
  /// Versions that a later one of the same record and moment replaces.
  package var superseded = 0
  /// Rows that agree in key, event time and known time with the row before: ties, settled by rule R6.
  package var ties = 0
  /// NaN and infinities that became null, per value as written.
  package var nonFinite: [String: Int] = [:]
  /// Of an output: the model versions whose predictions are among the rows; nil: they are no predictions.
  package var modelVersions: [String]?

  package init() {}

  package static func + (a: ViewCounts, b: ViewCounts) -> ViewCounts {
    var sum = a
    sum.read += b.read
    sum.rows += b.rows
    sum.nullKeys += b.nullKeys
    sum.nullTimes += b.nullTimes
    sum.deletions += b.deletions
    sum.rejected += b.rejected
    sum.superseded += b.superseded
    sum.ties += b.ties
    sum.nonFinite.merge(b.nonFinite, uniquingKeysWith: +)
    return sum
  }
}
