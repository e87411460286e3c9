package import Columns
import Times

extension Column {
  /// - Precondition: not null, and the builder is of this type.
  package func append(_ row: Int, to builder: inout ColumnBuilder) {
    switch values {
    case .int64(let buffer), .timestamp(let buffer): builder.append(buffer.span[row])
    case .float64(let buffer): builder.append(buffer.span[row])
    case .boolean(let bits): builder.append(bits[row])
    case .date(let buffer): builder.append(days: buffer.span[row])
    case .string(let offsets, let bytes):
      let span = offsets.span
      builder.append(utf8: bytes.span.extracting(Int(span[row])..<Int(span[row + 1])))
    }
  }

  /// A value as text, for messages; nil for null.
  package func text(_ row: Int) -> String? {
    if isNull(row) { return nil }
    switch values {
    case .int64(let buffer): return "\(buffer.span[row])"
    case .timestamp(let buffer): return timestampText(buffer.span[row])
    case .float64(let buffer): return "\(buffer.span[row])"
    case .boolean(let bits): return "\(bits[row])"
    case .date(let buffer): return dateText(buffer.span[row])
    case .string(let offsets, let bytes):
      let (start, end) = (Int(offsets.span[row]), Int(offsets.span[row + 1]))
      var text: [UInt8] = []
      for i in start..<end { text.append(bytes.span[i]) }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// The microseconds of a column read as times, null being a given value.
  func microseconds(null: Int64) -> ContiguousArray<Int64> {
    guard case .timestamp(let buffer) = values else { preconditionFailure("times are read as timestamps") }
    var result = ContiguousArray<Int64>()
    result.reserveCapacity(count)
    let span = buffer.span
    for i in span.indices { result.append(isNull(i) ? null : span[i]) }
    return result
  }
}

/// Sums that stay at the ends of the range instead of leaving it: `Int64.min` and `Int64.max` mean always and never.
@inline(__always)
package func saturatingAdd(_ a: Int64, _ b: Int64) -> Int64 {
  if a == .min || a == .max { return a }
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? (b > 0 ? .max : .min) : sum
}
