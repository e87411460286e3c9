import Columns
import Definitions
import Kernels
import Planning

/// Aggregates made of exact sums (rules R10, R12).
extension ViewSweep {
  func sum(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) throws(SumOverflow) -> Column {
    let counts = sweep.counts(counted(aggregate, operand: 0))
    switch sums(aggregate, operand: 0, sweep) {
    case .float64(let sums):
      try refuseInfinite(sums)
      return sweep.doubles(sums) { counts[$0] > 0 }
    case .int64(let sums):
      var narrow = ContiguousArray<Int64>()
      narrow.reserveCapacity(sums.count)
      for (row, sum) in sums.enumerated() {
        guard let value = Int64(exactly: sum) else { throw SumOverflow(ask: row) }
        narrow.append(value)
      }
      return sweep.integers(narrow, counts: counts)
    }
  }

  func mean(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) throws(SumOverflow) -> Column {
    let counts = sweep.counts(counted(aggregate, operand: 0))
    let sums = roundedSums(aggregate, operand: 0, sweep)
    try refuseInfinite(sums)
    let means = ContiguousArray(zip(sums, counts).lazy.map { $0 / Double($1) })
    return sweep.doubles(means) { counts[$0] > 0 }
  }

  func ratio(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) throws(SumOverflow) -> Column {
    let counts = (0..<2).map { sweep.counts(counted(aggregate, operand: $0)) }
    let sums = (0..<2).map { roundedSums(aggregate, operand: $0, sweep) }
    for side in sums { try refuseInfinite(side) }
    let ratios = ContiguousArray(zip(sums[0], sums[1]).lazy.map { $0 / $1 })
    for row in ratios.indices where ratios[row].isInfinite && sums[1][row] != 0 { throw SumOverflow(ask: row) }
    return sweep.doubles(ratios) { counts[0][$0] > 0 && counts[1][$0] > 0 && sums[1][$0] != 0 }
  }

  /// Sample variance, and its root.
  func spread(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) throws(SumOverflow) -> Column {
    let counted = counted(aggregate, operand: 0)
    let counts = sweep.counts(counted)
    var results = ContiguousArray<Double>(repeating: 0, count: sweep.askCount)
    var span = results.mutableSpan
    switch numbers(aggregate, operand: 0) {
    case .float64(let values):
      windowSpreads(borders: sweep.borders.span, values: values.span, counts: counted.span, into: &span)
    case .int64(let values):
      windowSpreads(borders: sweep.borders.span, values: values.span, counts: counted.span, into: &span)
    }
    try refuseInfinite(results)
    for row in results.indices where counts[row] > 1 {
      let variance = results[row] / (Double(counts[row]) * Double(counts[row] - 1))
      results[row] = aggregate.function == .stddev ? variance.squareRoot() : variance
    }
    return sweep.doubles(results) { counts[$0] > 1 }
  }

  private enum Sums {
    case int64(ContiguousArray<Int128>)
    case float64(ContiguousArray<Double>)
  }

  private func sums(_ aggregate: WindowedAggregate, operand: Int, _ sweep: WindowSweep) -> Sums {
    let counted = counted(aggregate, operand: operand)
    switch numbers(aggregate, operand: operand) {
    case .float64(let values):
      var results = ContiguousArray<Double>(repeating: 0, count: sweep.askCount)
      var span = results.mutableSpan
      windowSums(borders: sweep.borders.span, values: values.span, counts: counted.span, into: &span)
      return .float64(results)
    case .int64(let values):
      var results = ContiguousArray<Int128>(repeating: 0, count: sweep.askCount)
      var span = results.mutableSpan
      windowSums(borders: sweep.borders.span, values: values.span, counts: counted.span, into: &span)
      return .int64(results)
    }
  }

  private func roundedSums(_ aggregate: WindowedAggregate, operand: Int, _ sweep: WindowSweep) -> ContiguousArray<Double> {
    switch sums(aggregate, operand: operand, sweep) {
    case .float64(let sums): sums
    case .int64(let sums): ContiguousArray(sums.lazy.map { Double($0) })
    }
  }

  private func refuseInfinite(_ sums: ContiguousArray<Double>) throws(SumOverflow) {
    for row in sums.indices where sums[row].isInfinite { throw SumOverflow(ask: row) }
  }
}
