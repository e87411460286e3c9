internal import Columns
internal import Definitions
internal import Warehouses

extension Column {
  /// A value for people, shortened if it is very long, and how many characters it has.
  func shownText(_ row: Int) -> (text: String, length: Int) {
    guard case .string(let offsets, let bytes) = values, !isNull(row) else { return (messageText(at: row), 0) }
    let text = bytes.span.extracting(Int(offsets.span[row])..<Int(offsets.span[row + 1]))
    return (beginning(of: text), characterCount(text))
  }

  /// - Precondition: it is a column of times.
  var timestamps: Buffer<Int64> {
    guard case .timestamp(let times) = values else { preconditionFailure("times are timestamps") }
    return times
  }

  static func constant(_ microseconds: Int64, count: Int) -> Column {
    Column(.timestamp(Buffer(ContiguousArray(repeating: microseconds, count: count))))
  }
}

extension RowLimit {
  /// As it is written in a definition.
  var words: String {
    switch self {
    case .rows(let rows): "\(rows) row\(rows == 1 ? "" : "s")"
    case .share(let share):
      // Hundredths were divided by a hundred, so rounding gives them back.
      "\(((share * 1e8).rounded() / 1e6).formattedPercent)%"
    }
  }
}

extension Double {
  fileprivate var formattedPercent: String { self == rounded() ? String(Int(self)) : String(self) }
}
