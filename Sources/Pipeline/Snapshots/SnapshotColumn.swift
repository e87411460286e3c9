package import Columns

/// A snapshot's column under a name for people.
package struct SnapshotColumn: Sendable {
  package enum Kind: Sendable { case key, time, value }

  /// Of a key column, a time, or a value as the definition writes it; two values may bear one name.
  package let name: String
  package let kind: Kind
  package let column: Column
}

extension SegmentLayout {
  /// What serves the kernels alone is left out.
  static func readableName(of field: String) -> (name: String, kind: SnapshotColumn.Kind)? {
    if field == "event_time" || field == "known_time" { return (field, .time) }
    if field.hasPrefix("key.") { return (String(field.dropFirst(4)), .key) }
    guard field.hasPrefix("value."), let space = field.firstIndex(of: " ") else { return nil }
    return (String(field[field.index(after: space)...]), .value)
  }
}
