import Columns
import Times
import Warehouses

/// A value in a table of rows.
public enum Cell: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case boolean(Bool)
  /// Dates and times in ISO 8601 too.
  case text(String)
  case blob(byteCount: Int)

  public var json: JSONValue {
    switch self {
    case .null: .null
    case .integer(let value): .integer(value)
    case .real(let value): .number(value)
    case .boolean(let value): .bool(value)
    case .text(let value): .string(value)
    case .blob(let byteCount): ["blob_bytes": .integer(Int64(byteCount))]
    }
  }
}

extension Cell {
  init(_ cell: HeadCell) {
    self =
      switch cell {
      case .null: .null
      case .integer(let value): .integer(value)
      case .real(let value): .real(value)
      case .text(let value): .text(value)
      case .blob(let byteCount): .blob(byteCount: byteCount)
      }
  }

  init(_ column: Column, at row: Int) {
    if column.isNull(row) {
      self = .null
      return
    }
    switch column.values {
    case .int64(let buffer): self = .integer(buffer.span[row])
    case .float64(let buffer): self = .real(buffer.span[row])
    case .boolean(let bits): self = .boolean(bits[row])
    case .string, .date, .timestamp: self = .text(column.messageText(at: row))
    }
  }
}
