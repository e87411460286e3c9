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
  associatedtype Value: OrderedValue

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
  static var zero: Self { get }
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
  scratch.bestUntilCut.grow(to: values.count, filledWith: noRow)
  var bestUntilCut = scratch.bestUntilCut.mutableSpan
  for g in groups.indices {
    switch runs.orders[g] {
    case .byRow: findExtremesInOrder(P.self, groups[g], runs, values, counted, &bestUntilCut, into: &results)
    case .byTime: break
    }
  }
  for g in groups.indices {
    guard case .byTime(let places) = runs.orders[g] else { continue }
    scratch.front.setPlaces(of: groups[g], leaving: runs.leaving.span.extracting(Int(places.lowerBound)..<Int(places.upperBound)))
    scratch.front.slide(over: groups[g], runs.orders[g], runs, OrderKeys<P>(values: values), counted, into: &results)
  }
}

/// A queue of two stacks: the run is cut where it ended when it last had wholly left what came before. From each row up to
/// the cut the best is known; behind it, the best so far grows. Each row goes through both at most once, and no comparison
/// decides a jump.
@inline(__always)
private func findExtremesInOrder<P: Preference>(
  _: P.Type, _ group: EntityGroups.Group, _ runs: borrowing WindowRuns, _ values: Span<P.Value>, _ counted: borrowing CountedRows,
  _ bestUntilCut: inout MutableSpan<Int32>, into results: inout MutableSpan<Int32>
) {
  var cut = counted.place(Int(group.rows.lowerBound))
  var next = cut
  var best = (row: 0, value: P.Value.zero)
  for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
    let (low, high) = (counted.place(Int(runs.left[ask])), counted.place(Int(runs.entered[ask])))
    if low == high {
      results[ask] = noRow
      continue
    }
    if low >= cut {
      results[ask] = lookBack(P.self, from: high, to: low, values, counted, into: &bestUntilCut)
      (cut, next) = (high, high)
      continue
    }
    if next == cut, next < high {
      best = (counted.row(next), values[counted.row(next)])
      next += 1
    }
    while next < high {
      let row = counted.row(next)
      let better = P.prefers(values[row], to: best.value)
      best = (better ? row : best.row, better ? values[row] : best.value)
      next += 1
    }
    let front = bestUntilCut[low]
    let isBehind = next > cut && P.prefers(best.value, to: values[Int(front)])
    results[ask] = isBehind ? Int32(truncatingIfNeeded: best.row) : front
  }
}

/// The best from each place up to the end; returns that from the start.
@inline(__always)
private func lookBack<P: Preference>(
  _: P.Type, from end: Int, to start: Int, _ values: Span<P.Value>, _ counted: borrowing CountedRows,
  into bestUntilEnd: inout MutableSpan<Int32>
) -> Int32 {
  var place = end - 1
  var best = (row: counted.row(place), value: values[counted.row(place)])
  bestUntilEnd[place] = Int32(truncatingIfNeeded: best.row)
  while place > start {
    place -= 1
    let row = counted.row(place)
    // Of equal values the first row.
    let worse = P.prefers(best.value, to: values[row])
    best = (worse ? best.row : row, worse ? best.value : values[row])
    bestUntilEnd[place] = Int32(truncatingIfNeeded: best.row)
  }
  return Int32(truncatingIfNeeded: best.row)
}

private struct OrderKeys<P: Preference>: WindowTerms, ~Escapable {
  let values: Span<P.Value>

  @_lifetime(copy values)
  init(values: Span<P.Value>) { self.values = values }

  @inline(__always)
  func term(_ row: Int) -> Int64 { P.key(values[row]) }
}

/// The row with the least key inside, of equal keys the first row.
///
/// Kept are the rows that may yet be the answer: those that no preferred row outlasts. In the order in which they leave,
/// each is less preferred than the one before, so the answer is the first of them.
struct Front: WindowContents, Sendable {
  private var base: Int32 = 0
  /// Of each row the place at which it leaves, and of each place the row and its key.
  private var places: ContiguousArray<Int32> = []
  private var rows: ContiguousArray<(key: Int64, row: Int32)> = []
  private var kept = RowSet()

  /// - Parameter leaving: the group's rows as they leave.
  mutating func setPlaces(of group: EntityGroups.Group, leaving: Span<Int32>) {
    base = group.rows.lowerBound
    places.grow(to: group.rows.count, filledWith: 0)
    rows.grow(to: group.rows.count, filledWith: (0, 0))
    for place in leaving.indices { places[Int(leaving[place] - base)] = Int32(truncatingIfNeeded: place) }
  }

  mutating func begin(rowCount: Int) { kept.begin(rowCount: rowCount) }

  mutating func enter(_ row: Int, _ term: Int64) {
    let entering = (key: term, row: Int32(truncatingIfNeeded: row))
    let place = Int(places[row])
    let next = kept.after(place)
    if next >= 0, rows[next] < entering { return }
    var previous = kept.before(place)
    while previous >= 0, entering < rows[previous] {
      kept.remove(previous)
      previous = kept.before(previous)
    }
    rows[place] = entering
    kept.insert(place)
  }

  mutating func leave(_ row: Int, _ term: Int64) { kept.remove(Int(places[row])) }

  mutating func answer() -> Int32 {
    let first = kept.first
    return first < 0 ? noRow : base + rows[first].row
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

  mutating func answer() -> Int32 {
    let first = inside.first
    return first < 0 ? noRow : base + Int32(truncatingIfNeeded: first)
  }
}

/// The last row inside.
struct LastRow: WindowContents, Sendable {
  /// The entity's first row.
  var base: Int32 = 0
  private var inside = RowSet()

  mutating func begin(rowCount: Int) { inside.begin(rowCount: rowCount) }
  mutating func enter(_ row: Int, _ term: Void) { inside.insert(row) }
  mutating func leave(_ row: Int, _ term: Void) { inside.remove(row) }

  mutating func answer() -> Int32 {
    let last = inside.last
    return last < 0 ? noRow : base + Int32(truncatingIfNeeded: last)
  }
}
