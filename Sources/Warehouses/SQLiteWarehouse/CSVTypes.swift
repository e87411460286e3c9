internal import CSVReading
internal import Columns
internal import Times

/// What a CSV column's cells can all be, narrowed cell by cell.
struct CSVColumnGuess {
  private var canBeInteger = true
  private var canBeReal = true
  private var canBeBoolean = true
  private var hasValues = false

  mutating func see(_ text: Span<UInt8>) {
    hasValues = true
    if canBeBoolean { canBeBoolean = csvBoolean(text) != nil }
    if canBeInteger { canBeInteger = csvInteger(text) != nil }
    if canBeReal { canBeReal = csvReal(text, converting: false) != nil }
  }

  /// nil where no cell has a value.
  var type: DataType? {
    if !hasValues { return nil }
    return canBeInteger ? .int64 : canBeReal ? .float64 : canBeBoolean ? .boolean : .string
  }
}

extension DataType {
  /// The word that makes a reader see this type again.
  var declaration: String {
    switch self {
    case .int64: "INTEGER"
    case .float64: "REAL"
    case .boolean: "BOOLEAN"
    case .string: "TEXT"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    }
  }
}

extension Statement {
  /// - Returns: false if the text is no value of the type.
  func bindCell(_ text: Span<UInt8>, as type: DataType, at index: Int32) -> Bool {
    switch type {
    case .int64:
      guard let value = csvInteger(text) else { return false }
      bind(value, at: index)
    case .float64:
      guard let value = csvReal(text) else { return false }
      bind(value, at: index)
    case .boolean:
      guard let value = csvBoolean(text) ?? csvBit(text) else { return false }
      bind(Int64(value ? 1 : 0), at: index)
    case .string: bind(utf8: text, at: index)
    case .date:
      guard parseDate(utf8: text) != nil else { return false }
      bind(utf8: text, at: index)
    case .timestamp:
      // Only its form: the zone is known where it is read.
      guard case .time = TimeReader(role: .value, zone: .utc).read(utf8: text) else { return false }
      bind(utf8: text, at: index)
    }
    return true
  }
}
