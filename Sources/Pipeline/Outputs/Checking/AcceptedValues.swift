internal import Columns
internal import Definitions
internal import Diagnostics
internal import Times

/// The only values that a column may have, typed.
enum AcceptedValues: Sendable {
  case int64(Set<Int64>)
  case float64(Set<Double>)
  case boolean(Set<Bool>)
  case string(TextTable)
  case date(Set<Int32>)
  case timestamp(Set<Int64>)

  /// - Returns: nil where any will do.
  init?(_ column: ModelOutputColumn) {
    let texts = column.acceptedValues.map(\.value)
    if texts.isEmpty { return nil }
    switch column.type {
    case .int64: self = .int64(Set(texts.compactMap { Int64($0) }))
    case .float64: self = .float64(Set(texts.compactMap { Double($0) }))
    case .boolean: self = .boolean(Set(texts.map { $0 == "true" }))
    case .date: self = .date(Set(texts.compactMap { parseDate(utf8: ContiguousArray($0.utf8).span) }))
    case .timestamp:
      let times = texts.compactMap { if case .time(let time) = parseInstant($0, zone: .utc) { time } else { nil as Int64? } }
      self = .timestamp(Set(times))
    case .string:
      var table = TextTable()
      for text in texts { table.insert(ContiguousArray(text.utf8).span) }
      self = .string(table)
    }
  }

  /// Calls `find` with each row that has another value.
  func look(at column: Column, _ find: (Int) -> Void) {
    func look<Value: Hashable & BitwiseCopyable>(_ values: Buffer<Value>, _ accepted: Set<Value>) {
      let span = values.span
      for row in span.indices where !column.isNull(row) && !accepted.contains(span[row]) { find(row) }
    }
    switch (self, column.values) {
    case (.int64(let accepted), .int64(let values)), (.timestamp(let accepted), .timestamp(let values)): look(values, accepted)
    case (.float64(let accepted), .float64(let values)): look(values, accepted)
    case (.date(let accepted), .date(let values)): look(values, accepted)
    case (.boolean(let accepted), .boolean(let bits)):
      for row in 0..<column.count where !column.isNull(row) && !accepted.contains(bits[row]) { find(row) }
    case (.string(let accepted), .string(let offsets, let bytes)):
      let (ends, text) = (offsets.span, bytes.span)
      for row in 0..<column.count where !column.isNull(row) {
        if accepted.number(of: text.extracting(Int(ends[row])..<Int(ends[row + 1]))) == nil { find(row) }
      }
    default: break
    }
  }
}
