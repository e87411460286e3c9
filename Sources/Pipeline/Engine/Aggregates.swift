import Columns
import Definitions
import Kernels
import Planning

/// A sum beyond the range of its type.
struct SumOverflow: Error {
  /// The first question for which it is.
  let ask: Int
}

struct WindowedAggregate {
  let function: AggregateFunction
  let window: Window
  let operands: [Int]
  let filter: Int?
  let feature: FeaturePlan
}

extension ViewSweep {
  /// One value per question; as rule R10 says where the window is empty.
  mutating func aggregate(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    let borders = allBorders(aggregate.window, knownWith: aggregate.feature.knownWith)
    let sweep = WindowSweep(borders: borders, askCount: askCount, aggregate: aggregate)
    switch aggregate.function {
    case .count: return sweep.integers(sweep.counts(counted(aggregate, operand: 0)), counts: nil)
    case .sum: return try sum(aggregate, sweep)
    case .mean: return try mean(aggregate, sweep)
    case .variance, .stddev: return try spread(aggregate, sweep)
    case .ratio: return try ratio(aggregate, sweep)
    case .min, .max, .first, .last: return extreme(aggregate, sweep)
    case .timeSinceLast: return timeSinceLast(aggregate, sweep)
    case .countDistinct: return distinct(aggregate, sweep)
    case .median: return quantile(0.5, aggregate, sweep)
    case .percentile(let p, _): return quantile(p, aggregate, sweep)
    }
  }

  /// Which rows an aggregate counts: those that its own `where` takes and whose operand is not null. Empty: all.
  func counted(_ aggregate: WindowedAggregate, operand: Int) -> ContiguousArray<UInt8> {
    let column = operand < aggregate.operands.count ? value(aggregate, operand) : nil
    let filter = aggregate.filter.flatMap { batch.filters[$0] }
    if filter == nil, column?.validity == nil { return [] }
    var bits = ContiguousArray<UInt8>(repeating: 0, count: (batch.rowCount + 7) / 8)
    for row in 0..<batch.rowCount {
      if let filter, case .boolean(let flags) = filter.values, !flags[row] { continue }
      if let column, column.isNull(row) { continue }
      bits[row >> 3] |= 1 << UInt8(truncatingIfNeeded: row & 7)
    }
    // An empty array would count everything.
    return bits.isEmpty ? [0] : bits
  }

  func value(_ aggregate: WindowedAggregate, _ operand: Int) -> Column {
    guard let column = batch.values[aggregate.operands[operand]] else { preconditionFailure("the values of all features are wanted") }
    return column
  }

  /// An operand's numbers, nulls being anything.
  func numbers(_ aggregate: WindowedAggregate, operand: Int) -> Numbers {
    let column = value(aggregate, operand)
    switch column.values {
    case .float64(let buffer): return .float64(buffer)
    case .int64(let buffer): return .int64(buffer)
    case .boolean(let bits): return .int64(Buffer((0..<bits.count).lazy.map { bits[$0] ? 1 : 0 }))
    case .string, .date, .timestamp:
      precondition(column.nullCount == column.count, "types are checked first")
      return .float64(Buffer(repeatElement(0, count: column.count)))
    }
  }

  enum Numbers {
    case int64(Buffer<Int64>)
    case float64(Buffer<Double>)
  }

  /// Integers that order as the operand's values do (rule R12: text by bytes).
  func orderKeys(_ aggregate: WindowedAggregate) -> ContiguousArray<Int64> {
    let column = value(aggregate, 0)
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer): return ContiguousArray((0..<buffer.count).lazy.map { buffer.span[$0] })
    case .float64(let buffer): return ContiguousArray((0..<buffer.count).lazy.map { orderKey(buffer.span[$0]) })
    case .boolean(let bits): return ContiguousArray((0..<bits.count).lazy.map { bits[$0] ? 1 : 0 })
    case .date(let buffer): return ContiguousArray((0..<buffer.count).lazy.map { Int64(buffer.span[$0]) })
    case .string:
      var order = ContiguousArray((0..<column.count).lazy.filter { !column.isNull($0) })
      order.sort { compareValues(column, $0, column, $1) < 0 }
      var keys = ContiguousArray<Int64>(repeating: -1, count: column.count)
      var key: Int64 = 0
      for i in order.indices {
        if i > 0, compareValues(column, order[i - 1], column, order[i]) != 0 { key += 1 }
        keys[order[i]] = key
      }
      return keys
    }
  }
}
