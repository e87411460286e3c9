// Engine: rows and rules in, answers out.
//
// In:  what a plan's scan has read; spine rows with their keys and decision times.
// Out: a view's versions resolved and sorted, batch by batch; per spine row a winning row's value or an aggregate, with its status.
// Knows nothing of warehouses, files or definition files' syntax; the loops themselves are in Kernels.

package import Columns
package import Diagnostics

/// A materialized view's rows: versions resolved (rule R4), null keys gone, sorted by (key hash, key, event time, known time,
/// tie order), in batches of which each has all rows of a range of hashes.
package protocol ViewRows: Sendable {
  var rowCount: Int { get }
  /// The entity's key, part by part. Types are those that were read.
  var keys: [Field] { get }
  /// One per value of the plan.
  var values: [ViewValue] { get }
  /// The least hash that each batch may hold, rising from 0. Empty for a view without rows.
  var lowestHashes: ContiguousArray<UInt64> { get }

  /// - Throws: what is wrong with the bytes.
  func batch(_ number: Int, _ wanted: ViewColumns) throws(Diagnostics) -> ViewBatch

  /// Gives back the memory that was taken by looking at a batch; its columns stay readable.
  func release(_ number: Int)
}

/// Which of a view's columns are asked for beyond keys and times: indices into the plan's lists.
package struct ViewColumns: Sendable {
  package var values: Set<Int> = []
  package var filters: Set<Int> = []
  package var late: Set<Int> = []

  package init() {}
}

package struct ViewValue: Sendable {
  package let type: DataType
  /// Nothing told its type: all null.
  package let isUntyped: Bool

  package init(type: DataType, isUntyped: Bool) {
    self.type = type
    self.isUntyped = isUntyped
  }
}

/// Some of a view's rows, side by side in memory.
package struct ViewBatch: Sendable {
  package let rowCount: Int
  package let keys: KeyColumns
  /// Microseconds since the epoch; nil in a timeless view.
  package let eventTime: Buffer<Int64>?
  /// Delay included; nil: the event time.
  package let knownTime: Buffer<Int64>?
  /// The known time of the record's next version; `Int64.max`: none. Nil: none anywhere.
  package let servesUntil: Buffer<Int64>?
  /// Versions that serve nothing; nil: there are none.
  package let silent: Bitmap?
  /// Of each late column that is wanted, when its value is known; `Int64.max`: never.
  package let lateKnown: [Int: Buffer<Int64>]
  package let values: [Int: Column]
  /// Booleans.
  package let filters: [Int: Column]

  package init(
    rowCount: Int, keys: [Column], eventTime: Buffer<Int64>?, knownTime: Buffer<Int64>?, servesUntil: Buffer<Int64>?,
    silent: Bitmap? = nil, lateKnown: [Int: Buffer<Int64>], values: [Int: Column], filters: [Int: Column]
  ) {
    self.rowCount = rowCount
    self.keys = KeyColumns(keys)
    self.eventTime = eventTime
    self.knownTime = knownTime
    self.servesUntil = servesUntil
    self.silent = silent
    self.lateKnown = lateKnown
    self.values = values
    self.filters = filters
  }

  /// Of a view without rows.
  static func empty(_ keys: [Field], _ values: [ViewValue], _ wanted: ViewColumns) -> ViewBatch {
    func none(_ type: DataType) -> Column { ColumnBuilder(type).finish() }
    return ViewBatch(
      rowCount: 0, keys: keys.map { none($0.type) }, eventTime: Buffer([]), knownTime: nil, servesUntil: nil,
      lateKnown: Dictionary(uniqueKeysWithValues: wanted.late.map { ($0, Buffer([])) }),
      values: Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, none($1.type)) }),
      filters: Dictionary(uniqueKeysWithValues: wanted.filters.map { ($0, none(.boolean)) }))
  }
}
