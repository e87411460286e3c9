// Engine: rows and rules in, answers out.
//
// In:  what a plan's scan has read; spine rows with their keys and decision times.
// Out: `ViewRows`, a view's versions resolved and sorted; per spine row a winning row or an aggregate, with its status.
// Knows nothing of warehouses, files or definition files' syntax; the loops themselves are in Kernels.

package import Columns

/// A feature view's rows as the kernels need them: versions resolved (rule R4), null keys gone, sorted by
/// (key hash, key, event time, known time, tie order). A snapshot holds exactly this.
package struct ViewRows: Sendable {
  package let rowCount: Int
  /// The entity's key, part by part. Types are those that were read.
  package let keys: [Field]
  package let keyColumns: [Column]
  /// Microseconds since the epoch; `Int64.min` throughout in a timeless view.
  package let eventTime: Buffer<Int64>
  /// Delay included.
  package let knownTime: Buffer<Int64>
  /// From when on the version serves: its known time, or later where the view's `where` names a column that is filled in later.
  package let servesFrom: Buffer<Int64>
  /// The known time of the record's next version; `Int64.max`: none.
  package let servesUntil: Buffer<Int64>
  /// Of each late column, when its value is known; `Int64.max`: never.
  package let lateKnown: [Buffer<Int64>]
  /// One per value of the plan.
  package let values: [ViewValue]
  /// One per filter of the plan: booleans.
  package let filters: [Column]

  package init(
    rowCount: Int, keys: [Field], keyColumns: [Column], eventTime: Buffer<Int64>, knownTime: Buffer<Int64>,
    servesFrom: Buffer<Int64>, servesUntil: Buffer<Int64>, lateKnown: [Buffer<Int64>], values: [ViewValue], filters: [Column]
  ) {
    self.rowCount = rowCount
    self.keys = keys
    self.keyColumns = keyColumns
    self.eventTime = eventTime
    self.knownTime = knownTime
    self.servesFrom = servesFrom
    self.servesUntil = servesUntil
    self.lateKnown = lateKnown
    self.values = values
    self.filters = filters
  }
}

package struct ViewValue: Sendable {
  package let column: Column
  /// Nothing told its type: all null.
  package let isUntyped: Bool

  package init(column: Column, isUntyped: Bool) {
    self.column = column
    self.isUntyped = isUntyped
  }
}

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

  package init() {}
}
