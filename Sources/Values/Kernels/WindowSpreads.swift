/// n·Σx² − (Σx)² of what is inside, exact, rounded once (rule R10); infinite beyond the range of a double. 0 of fewer than two.
///
/// - Parameters:
///   - sums: built over the same groups.
///   - squares: built of `sums`.
///   - counted: as `sums` were built with.
package func windowSpreads(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, sums: PrefixSums, squares: PrefixSquares, counted: CountedRows,
  scratch: inout WindowScratch, into results: inout MutableSpan<Double>
) {
  for g in groups.indices {
    let unit = sums.units[g]
    if unit == 0 {
      scratch.spread.slide(over: groups[g], runs.orders[g], runs, sums.wideValues.span, counted, into: &results)
      continue
    }
    switch runs.orders[g] {
    case .byRow:
      for ask in Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound) {
        let (high, low) = (Int(runs.entered[ask]), Int(runs.left[ask]))
        results[ask] = spread(
          count: counted.place(high) - counted.place(low), sum: sums.totals[high + g] &- sums.totals[low + g],
          squares: squares.totals[high + g] &- squares.totals[low + g], unit: unit)
      }
    case .byTime:
      var running = RunningSpread(unit: unit)
      running.slide(over: groups[g], runs.orders[g], runs, sums.terms(ofGroup: g), counted, into: &results)
    }
  }
}

private func spread(count: Int, sum: Int128, squares: UInt256, unit: Double) -> Double {
  // Once by once: the unit's square may leave the range of a double where the product does not.
  (squares &* UInt64(count) &- UInt256(squareOf: sum)).rounded * unit * unit
}

private struct RunningSpread: WindowContents {
  let unit: Double
  private var count = 0
  private var sum: Int128 = 0
  private var squares = UInt256.zero

  init(unit: Double) { self.unit = unit }

  mutating func begin(rowCount: Int) {}

  mutating func enter(_ row: Int, _ term: Int128) {
    count += 1
    sum &+= term
    squares = squares &+ UInt256(squareOf: term)
  }

  mutating func leave(_ row: Int, _ term: Int128) {
    count -= 1
    sum &-= term
    squares = squares &- UInt256(squareOf: term)
  }

  mutating func answer() -> Double { spread(count: count, sum: sum, squares: squares, unit: unit) }
}

/// For values that lie too far apart for whole numbers.
struct ExactSpread: WindowContents, Sendable {
  private var count = 0
  private var sum = ExactSum.ofValues()
  private var squares = ExactSum.ofSquares()

  mutating func begin(rowCount: Int) {
    count = 0
    sum.reset()
    squares.reset()
  }

  mutating func enter(_ row: Int, _ term: Double) {
    count += 1
    sum.add(term)
    squares.addSquare(of: term)
  }

  mutating func leave(_ row: Int, _ term: Double) {
    count -= 1
    sum.remove(term)
    squares.removeSquare(of: term)
  }

  mutating func answer() -> Double { count < 2 ? 0 : ExactSum.spread(count: count, sum: &sum, squares: &squares) }
}
