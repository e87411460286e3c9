import Columns
import Definitions
import Kernels
import Planning

/// Aggregates made of exact sums (rules R10, R12).
extension ViewSweep {
  mutating func sum(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    let counts = counts(aggregate, 0)
    if case .float64 = numbers(aggregate.operand(0)) {
      let sums = roundedSums(aggregate, 0)
      try refuseInfinite(sums)
      return doubles(sums) { counts[$0] > 0 }
    }
    var narrow = ContiguousArray<Int64>()
    narrow.reserveCapacity(askCount)
    for (ask, sum) in wholeSums(aggregate, 0).enumerated() {
      guard let value = Int64(exactly: sum) else { throw SumOverflow(ask: ask) }
      narrow.append(value)
    }
    return integers(narrow) { counts[$0] > 0 }
  }

  mutating func mean(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    let (counts, sums) = (counts(aggregate, 0), roundedSums(aggregate, 0))
    try refuseInfinite(sums)
    var means = ContiguousArray<Double>(repeating: 0, count: askCount)
    var span = means.mutableSpan
    windowMeans(sums: sums.span, counts: counts.span, into: &span)
    return doubles(means) { counts[$0] > 0 }
  }

  mutating func ratio(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    let counts = [counts(aggregate, 0), counts(aggregate, 1)]
    let sums = [roundedSums(aggregate, 0), roundedSums(aggregate, 1)]
    for side in sums { try refuseInfinite(side) }
    let ratios = ContiguousArray(zip(sums[0], sums[1]).lazy.map { $0 / $1 })
    for ask in ratios.indices where ratios[ask].isInfinite && sums[1][ask] != 0 { throw SumOverflow(ask: ask) }
    return doubles(ratios) { counts[0][$0] > 0 && counts[1][$0] > 0 && sums[1][$0] != 0 }
  }

  /// Sample variance, and its root.
  mutating func spread(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    let (counts, operand) = (counts(aggregate, 0), aggregate.operand(0))
    let (runs, sums, counted) = (runs(aggregate), prefixSums(operand), counted(operand))
    var squares = cache.squares[operand] ?? PrefixSquares()
    if cache.squares[operand] == nil {
      squares.build(groups: groups.span, of: sums)
      cache.squares[operand] = squares
    }
    var results = ContiguousArray<Double>(repeating: 0, count: askCount)
    var span = results.mutableSpan
    windowSpreads(groups: groups.span, runs: runs, sums: sums, squares: squares, counted: counted, scratch: &memory.scratch, into: &span)
    try refuseInfinite(results)
    for ask in results.indices where counts[ask] > 1 {
      let variance = results[ask] / (Double(counts[ask]) * Double(counts[ask] - 1))
      results[ask] = aggregate.function == .stddev ? variance.squareRoot() : variance
    }
    return doubles(results) { counts[$0] > 1 }
  }

  private mutating func wholeSums(_ aggregate: WindowedAggregate, _ operand: Int) -> ContiguousArray<Int128> {
    let (runs, sums) = (runs(aggregate), prefixSums(aggregate.operand(operand)))
    var results = ContiguousArray<Int128>(repeating: 0, count: askCount)
    var span = results.mutableSpan
    windowSums(groups: groups.span, runs: runs, sums: sums, into: &span)
    return results
  }

  /// Rounded once; a mean and a sum over the same rows share them.
  private mutating func roundedSums(_ aggregate: WindowedAggregate, _ number: Int) -> ContiguousArray<Double> {
    let (window, operand) = (aggregate.laidWindow, aggregate.operand(number))
    if let known = cache.rounded[window]?[operand] { return known }
    let (runs, sums) = (runs(aggregate), prefixSums(operand))
    var results = ContiguousArray<Double>(repeating: 0, count: askCount)
    if case .int64 = numbers(operand) {
      results = ContiguousArray(wholeSums(aggregate, number).lazy.map { Double($0) })
    } else {
      var span = results.mutableSpan
      windowSums(groups: groups.span, runs: runs, sums: sums, scratch: &memory.scratch, into: &span)
    }
    cache.rounded[window, default: [:]][operand] = results
    return results
  }

  private func refuseInfinite(_ sums: ContiguousArray<Double>) throws(SumOverflow) {
    for ask in sums.indices where sums[ask].isInfinite { throw SumOverflow(ask: ask) }
  }
}
