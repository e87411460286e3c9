internal import CSVReading
internal import Columns
internal import Times

/// A column of a CSV file on its way to typed values.
struct CellColumn {
  private enum Reading {
    case int64, float64, boolean, string, date
    case time(TimeReader)
  }

  private let reading: Reading
  private let type: DataType
  private var builder: ColumnBuilder

  init(_ target: Contract.Target, zone: Zone) {
    type = target.type
    builder = ColumnBuilder(type)
    if case .predictedAt(let reader) = target.role {
      reading = .time(reader)
      return
    }
    reading =
      switch target.type {
      case .int64: .int64
      case .float64: .float64
      case .boolean: .boolean
      case .string: .string
      case .date: .date
      case .timestamp: .time(TimeReader(role: .value, zone: zone))
      }
  }

  mutating func appendNull() { builder.appendNull() }

  /// - Returns: what is wrong, and the value is null then.
  mutating func append(_ text: Span<UInt8>) -> RowProblem? {
    switch reading {
    case .int64:
      guard let value = csvInteger(text) else { return refuse(.misfit) }
      builder.append(value)
    case .float64:
      guard let value = csvReal(text) else { return refuse(isNotFinite(text) ? .notFinite : .misfit) }
      // −0 is 0.
      builder.append(value + 0.0)
    case .boolean:
      guard let value = csvBoolean(text) else { return refuse(.misfit) }
      builder.append(value)
    case .string: builder.append(utf8: text)
    case .date:
      guard let days = parseDate(utf8: text) else { return refuse(.misfit) }
      builder.append(days: days)
    case .time(let reader):
      switch time(text, reader) {
      case .time(let microseconds): builder.append(microseconds)
      case .problem(let problem): return refuse(.time(problem))
      }
    }
    return nil
  }

  /// A cell has no type: what looks like a number is one.
  private func time(_ text: Span<UInt8>, _ reader: TimeReader) -> TimeOutcome {
    if case .time(let microseconds) = reader.read(utf8: text) { return .time(microseconds) }
    if let integer = csvInteger(text) { return reader.read(integer: integer) }
    if let real = csvReal(text) { return reader.read(real: real) }
    return reader.read(utf8: text)
  }

  private mutating func refuse(_ problem: RowProblem) -> RowProblem {
    builder.appendNull()
    return problem
  }

  /// The values since the last time.
  mutating func finish() -> Column {
    let full = builder
    builder = ColumnBuilder(type, capacity: full.count)
    return full.finish()
  }
}

/// What other programs write for what is no number, or no finite one.
private func isNotFinite(_ text: Span<UInt8>) -> Bool {
  guard text.count <= 9 else { return false }
  let word = String(copying: text).lowercased()
  return ["nan", "inf", "infinity"].contains(word.drop { $0 == "-" || $0 == "+" })
}
