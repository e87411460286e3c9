package import Columns
package import Diagnostics
package import Times

/// Features of one entity from one module.
package struct FeatureView: Sendable, Codable {
  package let name: Located<String>
  /// Absent: one series for everything.
  package let entity: Located<String>?
  /// The module's column for each of the entity's key columns, in key order. Empty without entity.
  package let keyColumns: [Located<String>]
  package let module: Located<String>
  /// SQL over the module's columns: which versions serve.
  package let predicate: Located<String>?
  /// The view's own settings over its module's, already merged.
  package let time: TimeSettings
  package let ttl: Located<TimeSpan>?
  package let timeless: Bool
  /// As written; each gives one or more columns.
  package let features: [Feature]
  package let about: About

  /// The feature columns in order, without the view's name in front. Names are unique.
  package var columns: [FeatureColumn] { features.flatMap(\.columns) }
}

/// SQL over a module's columns, or one of its columns by its exact name.
///
/// A text that may be either (`of`) is a column if the relation has one of that very name: planning decides.
package enum ValueSource: Sendable, Hashable, Codable {
  case column(String)
  case expression(String)
  case columnOrExpression(String)

  package var text: String {
    switch self {
    case .column(let text), .expression(let text), .columnOrExpression(let text): text
    }
  }
}

package struct Feature: Sendable, Codable {
  package enum Kind: Sendable, Codable {
    /// The value of the row that wins (rule R5).
    case lookup(Located<ValueSource>)
    case aggregates(Aggregates)
  }

  /// A look-up's column name, or the stem of the aggregates' names.
  package let name: Located<String>
  package let kind: Kind
  package let type: DataType?
  package let description: String?
  /// The resulting columns, in order: windows within functions.
  package let columns: [FeatureColumn]
}

/// One `aggregate:` entry: several functions over several windows of the same values.
package struct Aggregates: Sendable, Codable {
  /// What is aggregated; two for `ratio`, none for a `count` of rows.
  package let operands: [Located<ValueSource>]
  package let predicate: Located<String>?
  package let functions: [AggregateFunction]
  package let windows: [Located<Window>]
}

package enum AggregateFunction: Sendable, Hashable, Codable {
  case count, sum, mean, min, max, first, last, stddev, variance, median
  case countDistinct, ratio, timeSinceLast
  /// `p` in (0, 1); `label` as it stands in the column's name: `p90`, `p99_9`.
  case percentile(p: Double, label: String)
}

package enum Window: Sendable, Hashable, Codable {
  case lifetime
  case span(TimeSpan)

  /// As written: it names columns.
  package var text: String {
    switch self {
    case .lifetime: "lifetime"
    case .span(let span): span.text
    }
  }
}

/// One column that a view gives.
package struct FeatureColumn: Sendable, Codable {
  /// Without the view's name in front.
  package let name: String
  package let kind: Kind

  package enum Kind: Sendable, Codable {
    case lookup
    case aggregate(AggregateFunction, Window)
  }
}
