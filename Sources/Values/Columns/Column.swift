/// A column of typed values, some of them null, in the Arrow layout.
///
/// A null's slot holds an unspecified value; ask ``isNull(_:)`` first.
package struct Column: Sendable {
  package enum Values: Sendable {
    case int64(Buffer<Int64>)
    case float64(Buffer<Double>)
    case boolean(Bitmap)
    /// UTF-8; value `i` is `bytes[offsets[i]..<offsets[i + 1]]`, so there is one offset more than values.
    case string(offsets: Buffer<Int32>, bytes: Buffer<UInt8>)
    case date(Buffer<Int32>)
    case timestamp(Buffer<Int64>)
  }

  package let values: Values
  package let count: Int
  /// Set bits are values; absent if nothing is null.
  package let validity: Bitmap?
  package let nullCount: Int

  package init(_ values: Values, validity: Bitmap? = nil) {
    self.values = values
    count =
      switch values {
      case .int64(let buffer), .timestamp(let buffer): buffer.count
      case .float64(let buffer): buffer.count
      case .boolean(let bits): bits.count
      case .string(let offsets, _): offsets.count - 1
      case .date(let buffer): buffer.count
      }
    precondition(validity == nil || validity?.count == count)
    let nulls = validity.map { $0.count - $0.ones } ?? 0
    nullCount = nulls
    self.validity = nulls == 0 ? nil : validity
  }

  package var type: DataType {
    switch values {
    case .int64: .int64
    case .float64: .float64
    case .boolean: .boolean
    case .string: .string
    case .date: .date
    case .timestamp: .timestamp
    }
  }

  @inlinable package func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return !validity[row]
  }
}

/// Columns of equal length under their names.
package struct Table: Sendable {
  package let fields: [Field]
  package let columns: [Column]
  package let rowCount: Int

  /// - Precondition: as many columns as fields, of their types, all of `rowCount` values.
  package init(fields: [Field], columns: [Column], rowCount: Int) {
    precondition(fields.count == columns.count)
    for (field, column) in zip(fields, columns) {
      precondition(field.type == column.type && column.count == rowCount, "column \(field.name)")
    }
    self.fields = fields
    self.columns = columns
    self.rowCount = rowCount
  }

  package subscript(_ name: String) -> Column? {
    fields.firstIndex { $0.name == name }.map { columns[$0] }
  }
}
