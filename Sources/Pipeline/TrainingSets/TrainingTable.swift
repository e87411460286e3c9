// Training sets: spine, features, labels and split become one table, a stretch of rows at a time.
//
// In:  a spine's scan, the views' rows, a plan.
// Out: a `TrainingTable`, and its `TrainingBlock`s: columns in their order, rows in theirs, each row's part, and what it all rests on.
// Knows nothing of where rows come from or what an archive looks like.

package import Columns
import Engine
package import Planning

/// What a training set's table is, without its values.
package struct TrainingTable: Sendable {
  package let columns: [TrainingColumn]
  package let rowCount: Int
  /// In the order in which they are written; without a split one part called `data`.
  package let parts: [Part]

  package struct Part: Sendable {
    package let name: String
    /// Rows of the table, rising.
    package let rows: Buffer<Int32>
  }
}

package struct TrainingColumn: Sendable, Hashable {
  package let name: String
  package let role: ColumnRole
  package let type: DataType
}

/// The values of a stretch of rows.
package struct TrainingBlock: Sendable {
  /// Which rows of the table.
  package let rows: Range<Int>
  /// One a column of the table.
  package let values: [Values]
  let features: [TrainingReport.FeatureReport]

  package enum Values: Sendable {
    /// A value per row of the table, of which the block's are meant.
    case ofTable(Column)
    /// A value per row of the block.
    case ofBlock(Column)
    /// Per row of the block a row of the column.
    case picked(Column, rows: Buffer<Int32>)
  }
}

/// What a training set rests on: for the manifest and for the lines that an export says.
package struct TrainingReport: Sendable {
  /// Microseconds since the epoch; nil for a spine without rows.
  package var oldestDecision: Int64?
  package var newestDecision: Int64?
  /// The newest moment that the labels tell of.
  package var vintage: Int64?
  package var spineRows = 0
  package var features: [FeatureReport] = []
  package var labels: [LabelReport] = []
  /// Rows that left their part because their label became known later than the next part begins, or by embargo (rule R15).
  package var leftOut: [PartCount] = []
  /// NaN and infinities of the spine that became null.
  package var nonFinite: [String: Int] = [:]

  package struct FeatureReport: Sendable {
    package let name: String
    /// In the order of ``CellStatus``; aggregates count `present`, `null` and `no_key` only.
    package var statusCounts: [Int]
    package var onBoundary: Int
  }

  package struct LabelReport: Sendable {
    package let name: String
    package let nulls: Int
    package let immature: Int
    /// Nothing that became known later counts; nil where no known time is declared, or no row tells one.
    package let horizon: Int64?
    /// No known time is declared.
    package let isAssumedKnown: Bool
  }

  package struct PartCount: Sendable {
    package let part: String
    package let lateLabels: Int
    package let embargoed: Int
  }
}
