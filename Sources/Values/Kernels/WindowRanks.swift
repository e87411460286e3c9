/// The place of each counted row's value among the different values of its entity, from 0.
///
/// A buffer, built for one partition after the other; all windows share it, for different values and quantiles.
package struct RowRanks: Sendable {
  /// Per row; anything where the row does not count.
  var ranks: ContiguousArray<Int32> = []
  /// At the entity's first row plus a rank: a row with that rank.
  var rowOfRank: ContiguousArray<Int32> = []
  /// Per group, how many different values there are.
  var rankCounts: ContiguousArray<Int32> = []

  package init() {}

  /// - Parameters:
  ///   - groups: all of the partition.
  ///   - keys: per row, an integer that orders as the values do.
  package mutating func build(
    groups: Span<EntityGroups.Group>, keys: Span<Int64>, counted: CountedRows, scratch: inout WindowScratch
  ) {
    begin(rowCount: keys.count)
    for g in groups.indices {
      scratch.pairs.removeAll(keepingCapacity: true)
      for row in groups[g].rows where counted.contains(Int(row)) { scratch.pairs.append((keys[Int(row)], row)) }
      rank(groups[g], &scratch.pairs)
    }
  }

  /// - Parameter values: per row; finite where counted, without negative zero.
  package mutating func build(
    groups: Span<EntityGroups.Group>, values: Span<Double>, counted: CountedRows, scratch: inout WindowScratch
  ) {
    begin(rowCount: values.count)
    for g in groups.indices {
      scratch.pairs.removeAll(keepingCapacity: true)
      for row in groups[g].rows where counted.contains(Int(row)) { scratch.pairs.append((orderKey(values[Int(row)]), row)) }
      rank(groups[g], &scratch.pairs)
    }
  }

  private mutating func begin(rowCount: Int) {
    ranks.grow(to: rowCount, filledWith: 0)
    rowOfRank.grow(to: rowCount, filledWith: 0)
    rankCounts.removeAll(keepingCapacity: true)
  }

  private mutating func rank(_ group: EntityGroups.Group, _ pairs: inout ContiguousArray<(key: Int64, row: Int32)>) {
    pairs.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
    var rank: Int32 = -1
    for i in pairs.indices {
      if i == 0 || pairs[i].key != pairs[i - 1].key {
        rank += 1
        rowOfRank[Int(group.rows.lowerBound + rank)] = pairs[i].row
      }
      ranks[Int(pairs[i].row)] = rank
    }
    rankCounts.append(rank + 1)
  }
}

/// How many different values are inside.
///
/// - Parameters:
///   - ranks: built over the same groups.
///   - counted: as `ranks` were built with.
package func windowDistinctCounts(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, ranks: RowRanks, counted: CountedRows, scratch: inout WindowScratch,
  into results: inout MutableSpan<Int64>
) {
  for g in groups.indices {
    scratch.distinctRanks.slide(over: groups[g], runs.orders[g], runs, ranks.ranks.span, counted, into: &results)
  }
}

/// Where a quantile lies: the values around it, and how far it is from the lower one to the upper one.
package struct QuantilePlace: Sendable, BitwiseCopyable {
  /// Rows of the partition; ``noRow`` where nothing is inside.
  package var lower = noRow
  package var upper = noRow
  /// h − ⌊h⌋.
  package var fraction = 0.0

  package init() {}
}

/// The rows around the p-quantile of what is inside (rule R12): x at ⌊h⌋ and at the next, h = (n − 1)p.
///
/// The caller interpolates. A Fenwick tree over the entity's ranks: O(log n) a step.
///
/// - Parameters:
///   - ranks: built over the same groups.
///   - counted: as `ranks` were built with.
package func windowQuantiles(
  groups: Span<EntityGroups.Group>, runs: WindowRuns, ranks: RowRanks, counted: CountedRows, p: Double,
  scratch: inout WindowScratch, into results: inout MutableSpan<QuantilePlace>
) {
  scratch.quantileRanks.p = p
  for g in groups.indices {
    scratch.quantileRanks.slide(over: groups[g], runs.orders[g], runs, ranks.ranks.span, counted, into: &results)
    for ask in groups[g].asks where results[Int(ask)].lower != noRow {
      let (lower, upper) = (groups[g].rows.lowerBound + results[Int(ask)].lower, groups[g].rows.lowerBound + results[Int(ask)].upper)
      results[Int(ask)].lower = ranks.rowOfRank[Int(lower)]
      results[Int(ask)].upper = ranks.rowOfRank[Int(upper)]
    }
  }
}

struct DistinctRanks: WindowContents, Sendable {
  private var uses: ContiguousArray<Int32> = []
  private var distinct: Int64 = 0

  mutating func begin(rowCount: Int) {
    uses.grow(to: rowCount, filledWith: 0)
    for i in 0..<rowCount { uses[i] = 0 }
    distinct = 0
  }

  mutating func enter(_ row: Int, _ term: Int32) {
    uses[Int(term)] += 1
    if uses[Int(term)] == 1 { distinct += 1 }
  }

  mutating func leave(_ row: Int, _ term: Int32) {
    uses[Int(term)] -= 1
    if uses[Int(term)] == 0 { distinct -= 1 }
  }

  mutating func answer() -> Int64 { distinct }
}

/// A Fenwick tree of how many values have each rank; answers with ranks in place of rows.
struct QuantileRanks: WindowContents, Sendable {
  var p = 0.5
  /// From 1; as long as the entity has rows.
  private var sums: ContiguousArray<Int32> = [0]
  private var size = 0
  private var total = 0

  mutating func begin(rowCount: Int) {
    size = rowCount
    sums.grow(to: size + 1, filledWith: 0)
    for i in 0...size { sums[i] = 0 }
    total = 0
  }

  mutating func enter(_ row: Int, _ term: Int32) { add(1, at: Int(term)) }
  mutating func leave(_ row: Int, _ term: Int32) { add(-1, at: Int(term)) }

  mutating func answer() -> QuantilePlace {
    var place = QuantilePlace()
    if total == 0 { return place }
    let h = Double(total - 1) * p
    let floor = Int(h)
    place.lower = rank(ofPlace: floor)
    place.upper = rank(ofPlace: min(floor + 1, total - 1))
    place.fraction = h - Double(floor)
    return place
  }

  private mutating func add(_ change: Int32, at rank: Int) {
    total += Int(change)
    var i = rank + 1
    while i <= size {
      sums[i] += change
      i += i & -i
    }
  }

  /// The rank at a place in sorted order, from 0.
  private func rank(ofPlace place: Int) -> Int32 {
    var remaining = Int32(truncatingIfNeeded: place)
    var position = 0
    var step = 1 << (Int.bitWidth - 1 - size.leadingZeroBitCount)
    while step > 0 {
      if position + step <= size, sums[position + step] <= remaining {
        position += step
        remaining -= sums[position]
      }
      step /= 2
    }
    return Int32(truncatingIfNeeded: position)
  }
}
