package import Columns

/// What is said of an accepted batch, small enough to be kept with it.
package struct BatchSummary: Sendable, Hashable, Codable {
  package let rows: Int
  /// Different keys.
  package let entities: Int
  /// The output's columns, then the time of prediction.
  package let columns: [ColumnSummary]

  package init(rows: Int, entities: Int, columns: [ColumnSummary]) {
    self.rows = rows
    self.entities = entities
    self.columns = columns
  }
}

/// What is said of the values of a column. Which of it depends on the type; all of it is missing where there are only nulls.
package struct ColumnSummary: Sendable, Hashable, Codable {
  package let name: String
  package let type: DataType
  package let nulls: Int
  /// Of numbers. Whole ones beyond 2⁵³ are rounded.
  package var least: Double?
  package var greatest: Double?
  /// Missing where the sum is beyond all numbers.
  package var mean: Double?
  /// Exact below 8,192 values; beyond that a value that is near the middle one: up to 10⁸ rows, at most a thousandth of them lie between.
  package var median: Double?
  /// Of dates and times, as text.
  package var earliest: String?
  package var latest: String?
  /// Of booleans: the part of the values that is true, in 0…1.
  package var trueShare: Double?
  /// Of texts: how many different ones; missing where they are more than 1,000, or long.
  package var distinct: Int?
  /// The most frequent texts, the most frequent first; of equally frequent ones the least. Missing where ``distinct`` is.
  package var frequent: [Frequency]?

  package struct Frequency: Sendable, Hashable, Codable {
    package let value: String
    package let count: Int
  }

  init(_ field: Field, nulls: Int) {
    name = field.name
    type = field.type
    self.nulls = nulls
  }
}
