/// Some rows of a relation as they are stored, for people to look at.
package struct HeadRows: Sendable, Hashable {
  package let columns: [String]
  /// Each as long as `columns`.
  package let rows: [[HeadCell]]

  package init(columns: [String], rows: [[HeadCell]]) {
    self.columns = columns
    self.rows = rows
  }
}

/// A stored value, before anybody says what it should be.
package enum HeadCell: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  /// Bytes that are no UTF-8 are replaced.
  case text(String)
  case blob(byteCount: Int)
}
