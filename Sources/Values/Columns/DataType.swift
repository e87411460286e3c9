// Columns: typed values in the Apache Arrow layout, in memory as at rest.
//
// In:  values appended one by one, or a mapped file's bytes.
// Out: `Column`, `Table`: immutable, Sendable, read through `Span`s.
// Knows nothing of files, warehouses or point-in-time rules.

/// The types that a column of features, keys or labels can have.
package enum DataType: String, Sendable, CaseIterable, Hashable, Codable {
  case int64, float64, boolean, string
  /// Days since 1970-01-01.
  case date
  /// Microseconds since the Unix epoch, UTC.
  case timestamp
}

/// A column's name and type.
package struct Field: Hashable, Sendable, Codable {
  package let name: String
  package let type: DataType

  package init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }
}
