internal import Columns
internal import Times

/// Gathers what a summary says of one column.
struct ColumnTally: Sendable {
  private let field: Field
  private var nulls = 0
  private var count = 0
  private var least = Double.infinity
  private var greatest = -Double.infinity
  private var sum = CompensatedSum()
  private var median = MedianSketch()
  /// Of dates in days, of times in microseconds.
  private var earliest = Int64.max
  private var latest = Int64.min
  private var trueCount = 0
  private var texts = TextCounts()

  init(_ field: Field) { self.field = field }

  mutating func add(_ column: Column) {
    nulls += column.nullCount
    count += column.count - column.nullCount
    switch column.values {
    case .float64(let values):
      let span = values.span
      for row in span.indices where !column.isNull(row) { add(span[row]) }
    case .int64(let values):
      let span = values.span
      for row in span.indices where !column.isNull(row) { add(Double(span[row])) }
    case .date(let values):
      let span = values.span
      for row in span.indices where !column.isNull(row) { add(time: Int64(span[row])) }
    case .timestamp(let values):
      let span = values.span
      for row in span.indices where !column.isNull(row) { add(time: span[row]) }
    case .boolean(let bits): for row in 0..<column.count where !column.isNull(row) && bits[row] { trueCount += 1 }
    case .string(let offsets, let bytes):
      let (ends, text) = (offsets.span, bytes.span)
      for row in 0..<column.count where !texts.areTooMany && !column.isNull(row) {
        texts.add(text.extracting(Int(ends[row])..<Int(ends[row + 1])))
      }
    }
  }

  @inline(__always)
  private mutating func add(_ value: Double) {
    least = min(least, value)
    greatest = max(greatest, value)
    sum.add(value)
    median.add(value)
  }

  @inline(__always)
  private mutating func add(time: Int64) {
    earliest = min(earliest, time)
    latest = max(latest, time)
  }

  var summary: ColumnSummary {
    var summary = ColumnSummary(field, nulls: nulls)
    if count == 0 { return summary }
    switch field.type {
    case .int64, .float64:
      summary.least = least
      summary.greatest = greatest
      summary.mean = sum.value.map { $0 / Double(count) }
      summary.median = median.median
    case .date:
      summary.earliest = dateText(Int32(truncatingIfNeeded: earliest))
      summary.latest = dateText(Int32(truncatingIfNeeded: latest))
    case .timestamp:
      summary.earliest = timestampText(earliest)
      summary.latest = timestampText(latest)
    case .boolean: summary.trueShare = Double(trueCount) / Double(count)
    case .string:
      if texts.areTooMany { break }
      summary.distinct = texts.distinct
      summary.frequent = texts.mostFrequent(5)
    }
    return summary
  }
}
