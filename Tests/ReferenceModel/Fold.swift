/// A row of a window: its event time and the values of `of`.
struct WindowRow {
  var e: Int64
  var operands: [Value]
}

/// R10, R12: one function over the rows of one window.
struct Fold {
  var t: Int64
  var mutation: Mutation?

  func value(_ function: Function, _ rows: [WindowRow]) throws -> Value {
    guard let operands = rows.first?.operands.count else { return ofNothing(function) }
    if operands == 0 || function == .count && mutation == .countCountsNulls { return .int(Int64(rows.count)) }
    if function == .ratio { return try ratio(rows) }
    let values = rows.map { $0.operands[0] }
    let present = values.filter { !$0.isNull }
    if mutation == .lastCanBeNull, function == .last { return values.last! }
    if present.isEmpty { return ofNothing(function) }
    switch function {
    case .count: return .int(Int64(present.count))
    case .countDistinct: return .int(Int64(Set(present).count))
    case .sum: return try sum(present)
    case .mean: return .real(try exactSum(present) / Double(present.count))
    case .min: return present.reduce(present[0]) { compare($1, $0) == .below ? $1 : $0 }
    case .max: return present.reduce(present[0]) { compare($1, $0) == .above ? $1 : $0 }
    case .first: return present.first!
    case .last: return present.last!
    case .variance: return try variance(present)
    case .stddev: return try variance(present).number.map { .real($0.squareRoot()) } ?? .null
    case .median: return .real(percentile(0.5, present))
    case .percentile(let p): return .real(percentile(Double(p)!, present))
    case .timeSinceLast: return timeSinceLast(rows)
    case .ratio: fatalError("has two operands")
    }
  }

  private func ofNothing(_ function: Function) -> Value {
    let isCount = function == .count || function == .countDistinct
    return isCount && mutation != .emptyCountIsNull ? .int(0) : .null
  }

  /// int64 sums stay int64; a float sum is the exact sum rounded once.
  private func sum(_ values: [Value]) throws -> Value {
    let integers = values.compactMap { if case .int(let value) = $0 { value } else { nil } }
    guard integers.count == values.count else { return .real(try exactSum(values)) }
    if mutation == .integersSummedAsDoubles {
      return .int(Int64(clamping: Int(exactly: integers.reduce(0.0) { $0 + Double($1) }) ?? 0))
    }
    return .int(
      try integers.reduce(0) { total, value in
        let (sum, isBeyond) = total.addingReportingOverflow(value)
        if isBeyond { throw WorldError.sumBeyondRange }
        return sum
      })
  }

  private func exactSum(_ values: [Value]) throws -> Double {
    if mutation == .sumsNotExact { return values.reduce(0.0) { $0 + $1.number! } }
    return try inRange(values.map(exact).reduce(ExactNumber(0 as Int64), +).rounded)
  }

  /// Of the sample: (nΣx² − (Σx)²) exact, rounded once, ÷ n(n − 1).
  private func variance(_ values: [Value]) throws -> Value {
    let n = Int64(values.count)
    if n < 2 { return mutation == .populationVariance ? .real(0) : .null }
    let numbers = values.map(exact)
    let sum = numbers.reduce(ExactNumber(0 as Int64), +)
    let squares = numbers.map { $0 * $0 }.reduce(ExactNumber(0 as Int64), +)
    let difference = try inRange((ExactNumber(n) * squares - sum * sum).rounded)
    return .real(difference / Double(mutation == .populationVariance ? n * n : n * (n - 1)))
  }

  private func exact(_ value: Value) -> ExactNumber {
    if case .int(let integer) = value { return ExactNumber(integer) }
    return ExactNumber(value.number!)
  }

  private func inRange(_ value: Double) throws -> Double {
    if value.isInfinite { throw WorldError.sumBeyondRange }
    return value
  }

  /// h = (n − 1)p, xᵢ + (xᵢ₊₁ − xᵢ)(h − i), i = ⌊h⌋.
  private func percentile(_ p: Double, _ values: [Value]) -> Double {
    let x = values.sorted { compare($0, $1) == .below }.map { $0.number! }
    let h = Double(x.count - 1) * p
    let i = Int(h.rounded(.down))
    if mutation == .percentileTakesNearest { return x[Int(h.rounded())] }
    return i + 1 < x.count ? x[i] + (x[i + 1] - x[i]) * (h - Double(i)) : x[i]
  }

  /// Sum over sum, each without its own nulls.
  private func ratio(_ rows: [WindowRow]) throws -> Value {
    let kept = mutation == .ratioNeedsBoth ? rows.filter { !$0.operands.contains(where: \.isNull) } : rows
    let above = kept.map { $0.operands[0] }.filter { !$0.isNull }
    let below = kept.map { $0.operands[1] }.filter { !$0.isNull }
    guard !above.isEmpty, !below.isEmpty else { return .null }
    let divisor = try exactSum(below)
    return divisor == 0 ? .null : .real(try exactSum(above) / divisor)
  }

  /// Seconds since the newest value.
  private func timeSinceLast(_ rows: [WindowRow]) -> Value {
    let newest = rows.filter { !$0.operands[0].isNull }.map(\.e).max()!
    return .real(Double(t - newest) / 1_000_000)
  }
}
