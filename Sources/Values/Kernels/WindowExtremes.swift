// The functions of rule R12 that pick a row, answered per question: a row of the partition, or ``noRow`` of nothing.
// Questions in no group are left alone.

/// The row with the least value inside, of equal values the first row.
package func windowLeast(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, values: Span<Int64>, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  findExtremes(LeastFirst<Int64>.self, groups, runs, values, counted, &scratch, into: &results)
}

/// - Parameter values: finite where counted, without negative zero.
package func windowLeast(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, values: Span<Double>, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  findExtremes(LeastFirst<Double>.self, groups, runs, values, counted, &scratch, into: &results)
}

/// The row with the greatest value inside, of equal values the first row.
package func windowGreatest(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, values: Span<Int64>, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  findExtremes(GreatestFirst<Int64>.self, groups, runs, values, counted, &scratch, into: &results)
}

/// - Parameter values: finite where counted, without negative zero.
package func windowGreatest(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, values: Span<Double>, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  findExtremes(GreatestFirst<Double>.self, groups, runs, values, counted, &scratch, into: &results)
}

/// The first counted row inside, in the order (event time, known time, tie order).
package func windowFirst(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  for g in groups.indices {
    switch runs.orders[g] {
    case .byRow:
      for ask in Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound) {
        let (low, high) = (counted.place(Int(runs.left[ask])), counted.place(Int(runs.entered[ask])))
        results[ask] = low < high ? Int32(truncatingIfNeeded: counted.row(low)) : noRow
      }
    case .byTime:
      scratch.firstRow.base = groups[g].rows.lowerBound
      scratch.firstRow.slide(over: groups[g], runs.orders[g], runs, NoTerms(), counted, into: &results)
    }
  }
}

/// The last one.
package func windowLast(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int32>
) {
  for g in groups.indices {
    switch runs.orders[g] {
    case .byRow:
      for ask in Int(groups[g].asks.lowerBound)..<Int(groups[g].asks.upperBound) {
        let (low, high) = (counted.place(Int(runs.left[ask])), counted.place(Int(runs.entered[ask])))
        results[ask] = low < high ? Int32(truncatingIfNeeded: counted.row(high - 1)) : noRow
      }
    case .byTime:
      scratch.lastRow.base = groups[g].rows.lowerBound
      scratch.lastRow.slide(over: groups[g], runs.orders[g], runs, NoTerms(), counted, into: &results)
    }
  }
}

/// Which of two values a function would rather have.
private protocol Preference {
  associatedtype Value: BitwiseCopyable

  static func prefers(_ a: Value, to b: Value) -> Bool
  /// An integer that is less where the value is preferred.
  static func key(_ value: Value) -> Int64
}

private enum LeastFirst<Value: OrderedValue>: Preference {
  @inline(__always)
  static func prefers(_ a: Value, to b: Value) -> Bool { a < b }
  static func key(_ value: Value) -> Int64 { value.orderKey }
}

private enum GreatestFirst<Value: OrderedValue>: Preference {
  @inline(__always)
  static func prefers(_ a: Value, to b: Value) -> Bool { a > b }
  // The opposite order, without the overflow of a minus.
  static func key(_ value: Value) -> Int64 { ~value.orderKey }
}

private protocol OrderedValue: Comparable, BitwiseCopyable {
  var orderKey: Int64 { get }
}

extension Int64: OrderedValue {
  fileprivate var orderKey: Int64 { self }
}

extension Double: OrderedValue {
  fileprivate var orderKey: Int64 { Kernels.orderKey(self) }
}

@inline(__always)
private func findExtremes<P: Preference>(
  _: P.Type, _ groups: Span<EntityGroups.Group>, _ runs: WindowRuns, _ values: Span<P.Value>, _ counted: CountedRows,
  _ scratch: inout WindowScratch, into results: inout MutableSpan<Int32>
) {
  scratch.bestUntilTurn.grow(to: values.count, filledWith: noRow)
  var bestUntilTurn = scratch.bestUntilTurn.mutableSpan
  for g in groups.indices {
    switch runs.orders[g] {
    case .byRow: findExtremesInOrder(P.self, groups[g], runs, values, counted, &bestUntilTurn, into: &results)
    case .byTime: break
    }
  }
  for g in groups.indices {
    guard case .byTime = runs.orders[g] else { continue }
    scratch.extremes.base = groups[g].rows.lowerBound
    scratch.extremes.slide(over: groups[g], runs.orders[g], runs, OrderKeys<P>(values: values), counted, into: &results)
  }
}

/// A queue of two stacks: the run is cut where it was when the cut last fell out of it. Towards the cut stands the best from
/// each row on; behind it, the best so far grows. Each row goes through both at most once, and no comparison decides a jump.
@inline(__always)
private func findExtremesInOrder<P: Preference>(
  _: P.Type, _ group: EntityGroups.Group, _ runs: borrowing WindowRuns, _ values: Span<P.Value>, _ counted: borrowing CountedRows,
  _ bestUntilTurn: inout MutableSpan<Int32>, into results: inout MutableSpan<Int32>
) {
  var turn = counted.place(Int(group.rows.lowerBound))
  var next = turn
  var best = (row: 0, value: values[Int(group.rows.lowerBound)])
  for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
    let (low, high) = (counted.place(Int(runs.left[ask])), counted.place(Int(runs.entered[ask])))
    if low == high {
      results[ask] = noRow
      continue
    }
    if low >= turn {
      var place = high - 1
      var row = counted.row(place)
      var value = values[row]
      bestUntilTurn[place] = Int32(truncatingIfNeeded: row)
      while place > low {
        place -= 1
        let earlier = counted.row(place)
        let worse = P.prefers(value, to: values[earlier])
        row = worse ? row : earlier
        value = worse ? value : values[earlier]
        bestUntilTurn[place] = Int32(truncatingIfNeeded: row)
      }
      (turn, next) = (high, high)
      results[ask] = Int32(truncatingIfNeeded: row)
      continue
    }
    if next < high, next == turn {
      best = (counted.row(next), values[counted.row(next)])
      next += 1
    }
    while next < high {
      let row = counted.row(next)
      let better = P.prefers(values[row], to: best.value)
      best = (better ? row : best.row, better ? values[row] : best.value)
      next += 1
    }
    let front = bestUntilTurn[low]
    let isBehind = next > turn && P.prefers(best.value, to: values[Int(front)])
    results[ask] = isBehind ? Int32(truncatingIfNeeded: best.row) : front
  }
}

private struct OrderKeys<P: Preference>: WindowTerms, ~Escapable {
  let values: Span<P.Value>

  @_lifetime(copy values)
  init(values: Span<P.Value>) { self.values = values }

  @inline(__always)
  func term(_ row: Int) -> Int64 { P.key(values[row]) }
}

/// The row with the least key, of equal keys the first row: a heap in which rows that left stay until they come up.
struct Extremes: WindowContents, Sendable {
  /// The entity's first row.
  var base: Int32 = 0
  private var heap = RowHeap()
  private var inside = RowSet()

  mutating func begin(rowCount: Int) {
    heap.removeAll()
    inside.begin(rowCount: rowCount)
  }

  mutating func enter(_ row: Int, _ term: Int64) {
    heap.insert(key: term, row: Int32(truncatingIfNeeded: row))
    inside.insert(row)
  }

  mutating func leave(_ row: Int, _ term: Int64) { inside.remove(row) }

  mutating func answer() -> Int32 {
    while let top = heap.top, !inside.contains(Int(top)) { heap.removeTop() }
    return heap.top.map { base + $0 } ?? noRow
  }
}

/// The first row inside.
struct FirstRow: WindowContents, Sendable {
  /// The entity's first row.
  var base: Int32 = 0
  private var inside = RowSet()

  mutating func begin(rowCount: Int) { inside.begin(rowCount: rowCount) }
  mutating func enter(_ row: Int, _ term: Void) { inside.insert(row) }
  mutating func leave(_ row: Int, _ term: Void) { inside.remove(row) }
  mutating func answer() -> Int32 { inside.first < 0 ? noRow : base + Int32(truncatingIfNeeded: inside.first) }
}

/// The last row inside.
struct LastRow: WindowContents, Sendable {
  /// The entity's first row.
  var base: Int32 = 0
  private var inside = RowSet()

  mutating func begin(rowCount: Int) { inside.begin(rowCount: rowCount) }
  mutating func enter(_ row: Int, _ term: Void) { inside.insert(row) }
  mutating func leave(_ row: Int, _ term: Void) { inside.remove(row) }
  mutating func answer() -> Int32 { inside.last < 0 ? noRow : base + Int32(truncatingIfNeeded: inside.last) }
}
