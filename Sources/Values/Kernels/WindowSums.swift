// The functions of rule R12 that count and add, answered per question. Questions in no group are left alone.

/// How many counted rows are inside.
package func windowCounts(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, counted: CountedRows, into results: inout MutableSpan<Int64>
) {
  for g in groups.indices {
    let asks = Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound)
    switch runs.orders[g] {
    case .byRow:
      for ask in asks {
        results[ask] = Int64(counted.place(Int(runs.entered[ask])) - counted.place(Int(runs.left[ask])))
      }
    case .byTime:
      var inside = RunningCount()
      inside.slide(over: groups[g], runs.orders[g], runs, NoTerms(), counted, into: &results)
    }
  }
}

/// The exact sum of what is inside, rounded once; infinite beyond the range of a double. 0 of nothing.
///
/// - Parameter sums: built over the same groups, of doubles or of integers.
package func windowSums(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, sums: PrefixSums, scratch: inout WindowScratch,
  into results: inout MutableSpan<Double>
) {
  let totals = sums.totals.span
  let all = CountedRows()
  for g in groups.indices {
    let unit = sums.units[g]
    if unit == 0 {
      scratch.sum.slide(over: groups[g], runs.orders[g], runs, sums.wideValues.span, all, into: &results)
      continue
    }
    switch runs.orders[g] {
    case .byRow:
      for ask in Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound) {
        results[ask] = rounded(totals[Int(runs.entered[ask]) + g] &- totals[Int(runs.left[ask]) + g]) * unit
      }
    case .byTime:
      var sum = RunningRoundedSum(unit: unit)
      sum.slide(over: groups[g], runs.orders[g], runs, sums.terms(ofGroup: g), all, into: &results)
    }
  }
}

/// The sum of the integers inside, exact in 128 bits. 0 of nothing.
///
/// - Parameter sums: built over the same groups, of integers.
package func windowSums(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, sums: PrefixSums, into results: inout MutableSpan<Int128>
) {
  let totals = sums.totals.span
  let all = CountedRows()
  for g in groups.indices {
    precondition(sums.units[g] == 1, "sums of integers")
    switch runs.orders[g] {
    case .byRow:
      for ask in Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound) {
        results[ask] = totals[Int(runs.entered[ask]) + g] &- totals[Int(runs.left[ask]) + g]
      }
    case .byTime:
      var sum = RunningSum()
      sum.slide(over: groups[g], runs.orders[g], runs, sums.terms(ofGroup: g), all, into: &results)
    }
  }
}

/// The mean of what is inside: the rounded sum ÷ n (rule R10). NaN of nothing.
///
/// - Parameters:
///   - sums: per question, from ``windowSums(groups:runs:sums:scratch:into:)``.
///   - counts: per question, from ``windowCounts(groups:runs:counted:into:)``.
package func windowMeans(sums: Span<Double>, counts: Span<Int64>, into results: inout MutableSpan<Double>) {
  for ask in sums.indices { results[ask] = sums[ask] / Double(counts[ask]) }
}

private struct RunningCount: WindowContents {
  private var inside: Int64 = 0

  mutating func begin(rowCount: Int) { inside = 0 }
  mutating func enter(_ row: Int, _ term: Void) { inside += 1 }
  mutating func leave(_ row: Int, _ term: Void) { inside -= 1 }
  mutating func answer() -> Int64 { inside }
}

private struct RunningSum: WindowContents {
  private var sum: Int128 = 0

  mutating func begin(rowCount: Int) { sum = 0 }
  mutating func enter(_ row: Int, _ term: Int128) { sum &+= term }
  mutating func leave(_ row: Int, _ term: Int128) { sum &-= term }
  mutating func answer() -> Int128 { sum }
}

private struct RunningRoundedSum: WindowContents {
  let unit: Double
  private var sum = RunningSum()

  init(unit: Double) { self.unit = unit }

  mutating func begin(rowCount: Int) { sum.begin(rowCount: rowCount) }
  mutating func enter(_ row: Int, _ term: Int128) { sum.enter(row, term) }
  mutating func leave(_ row: Int, _ term: Int128) { sum.leave(row, term) }
  mutating func answer() -> Double { rounded(sum.answer()) * unit }
}

extension ExactSum: WindowContents {
  mutating func begin(rowCount: Int) { reset() }
  mutating func enter(_ row: Int, _ term: Double) { add(term) }
  mutating func leave(_ row: Int, _ term: Double) { remove(term) }
  mutating func answer() -> Double { rounded() }
}
