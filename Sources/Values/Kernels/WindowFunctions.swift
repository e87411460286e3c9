// The functions of rule R12, each one pass over a window's borders. Rows that a function does not count (null, or left
// out by the aggregate's own `where`) are clear in `counts`; an empty `counts` counts all rows.

/// Bit `row` of a bitmap, all bits being set in an empty one.
@inline(__always)
private func isSet(_ bits: Span<UInt8>, _ row: Int) -> Bool {
  bits.isEmpty || bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1
}

/// How many rows are inside, per question.
package func windowCounts(borders: Span<Border>, counts: Span<UInt8>, into results: inout MutableSpan<Int64>) {
  var inside: Int64 = 0
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity: inside = 0
    case .enter: if isSet(counts, border.index) { inside += 1 }
    case .leave: if isSet(counts, border.index) { inside -= 1 }
    case .ask: results[border.index] = inside
    }
  }
}

/// The exact sum of doubles, rounded once; infinite beyond the range of a double. 0 of nothing.
package func windowSums(
  borders: Span<Border>, values: Span<Double>, counts: Span<UInt8>, into results: inout MutableSpan<Double>
) {
  var sum = ExactSum.ofValues()
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity: sum.reset()
    case .enter: if isSet(counts, border.index) { sum.add(values[border.index]) }
    case .leave: if isSet(counts, border.index) { sum.remove(values[border.index]) }
    case .ask: results[border.index] = sum.rounded()
    }
  }
}

/// The sum of integers, exact in 128 bits. 0 of nothing.
package func windowSums(
  borders: Span<Border>, values: Span<Int64>, counts: Span<UInt8>, into results: inout MutableSpan<Int128>
) {
  var sum: Int128 = 0
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity: sum = 0
    case .enter: if isSet(counts, border.index) { sum += Int128(values[border.index]) }
    case .leave: if isSet(counts, border.index) { sum -= Int128(values[border.index]) }
    case .ask: results[border.index] = sum
    }
  }
}

/// n·Σx² − (Σx)² of doubles, exact, rounded once (rule R10). 0 of fewer than two.
package func windowSpreads(
  borders: Span<Border>, values: Span<Double>, counts: Span<UInt8>, into results: inout MutableSpan<Double>
) {
  var (n, sum, squares) = (0, ExactSum.ofValues(), ExactSum.ofSquares())
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity:
      n = 0
      sum.reset()
      squares.reset()
    case .enter where isSet(counts, border.index):
      n += 1
      sum.add(values[border.index])
      squares.addSquare(of: values[border.index])
    case .leave where isSet(counts, border.index):
      n -= 1
      sum.remove(values[border.index])
      squares.removeSquare(of: values[border.index])
    case .enter, .leave: break
    case .ask: results[border.index] = n < 2 ? 0 : ExactSum.spread(count: n, sum: &sum, squares: &squares)
    }
  }
}

/// The same of integers.
package func windowSpreads(
  borders: Span<Border>, values: Span<Int64>, counts: Span<UInt8>, into results: inout MutableSpan<Double>
) {
  var (n, sum, squares) = (0, ExactSum.ofValues(), ExactSum.ofSquares())
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity:
      n = 0
      sum.reset()
      squares.reset()
    case .enter where isSet(counts, border.index):
      n += 1
      sum.add(values[border.index])
      squares.addSquare(of: values[border.index])
    case .leave where isSet(counts, border.index):
      n -= 1
      sum.remove(values[border.index])
      squares.removeSquare(of: values[border.index])
    case .enter, .leave: break
    case .ask: results[border.index] = n < 2 ? 0 : ExactSum.spread(count: n, sum: &sum, squares: &squares)
    }
  }
}

/// The row with the least key inside, of equal keys the first row; ``noRow`` of nothing.
///
/// Serves min, max, first and last: the caller chooses the keys (a value's order, or the row's own place, or their opposites).
package func windowLeast(
  borders: Span<Border>, keys: Span<Int64>, counts: Span<UInt8>, into results: inout MutableSpan<Int32>
) {
  var heap = RowHeap()
  var left = ContiguousArray<Bool>(repeating: false, count: keys.count)
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity: heap.removeAll()
    case .enter where isSet(counts, border.index): heap.insert(key: keys[border.index], row: Int32(border.index))
    case .enter: break
    case .leave: left[border.index] = true
    case .ask:
      while let top = heap.top, left[Int(top)] { heap.removeTop() }
      results[border.index] = heap.top ?? noRow
    }
  }
}

/// How many different values are inside.
///
/// - Parameter ranks: per row, from ``ranksWithinEntities``.
package func windowDistinctCounts(
  borders: Span<Border>, ranks: Span<Int32>, counts: Span<UInt8>, into results: inout MutableSpan<Int64>
) {
  var uses: ContiguousArray<Int32> = []
  var distinct: Int64 = 0
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity:
      uses.removeAll(keepingCapacity: true)
      distinct = 0
    case .enter where isSet(counts, border.index):
      let rank = Int(ranks[border.index])
      while uses.count <= rank { uses.append(0) }
      uses[rank] += 1
      if uses[rank] == 1 { distinct += 1 }
    case .leave where isSet(counts, border.index):
      let rank = Int(ranks[border.index])
      uses[rank] -= 1
      if uses[rank] == 0 { distinct -= 1 }
    case .enter, .leave: break
    case .ask: results[border.index] = distinct
    }
  }
}

/// The values around the p-quantile, by rank: x at ⌊h⌋ and at the next, h = (n − 1)p; ``noRow`` of nothing.
///
/// The caller interpolates. A Fenwick tree over the entity's ranks: O(log n) a step.
///
/// - Parameters:
///   - ranks: per row, from ``ranksWithinEntities``.
///   - lower: receives a rank; `upper` the next one's, the same where there is none.
///   - fraction: receives h − ⌊h⌋.
package func windowQuantiles(
  borders: Span<Border>, ranks: Span<Int32>, counts: Span<UInt8>, p: Double, lower: inout MutableSpan<Int32>,
  upper: inout MutableSpan<Int32>, fraction: inout MutableSpan<Double>
) {
  var tree = RankCounts()
  for i in borders.indices {
    let border = borders[i]
    switch border.kind {
    case .nextEntity: tree.reset()
    case .enter: if isSet(counts, border.index) { tree.add(1, at: Int(ranks[border.index])) }
    case .leave: if isSet(counts, border.index) { tree.add(-1, at: Int(ranks[border.index])) }
    case .ask:
      let n = tree.total
      if n == 0 {
        lower[border.index] = noRow
        continue
      }
      let h = Double(n - 1) * p
      let floor = Int(h)
      lower[border.index] = Int32(tree.rank(ofPlace: floor))
      upper[border.index] = Int32(tree.rank(ofPlace: min(floor + 1, n - 1)))
      fraction[border.index] = h - Double(floor)
    }
  }
}

/// A Fenwick tree of how many values have each rank; it grows as ranks come.
private struct RankCounts {
  private var sums: ContiguousArray<Int32> = [0]
  private(set) var total = 0
  private var counts: ContiguousArray<Int32> = []

  mutating func reset() {
    sums = [0]
    counts.removeAll(keepingCapacity: true)
    total = 0
  }

  mutating func add(_ change: Int32, at rank: Int) {
    if rank >= counts.count { grow(to: rank + 1) }
    counts[rank] += change
    total += Int(change)
    var i = rank + 1
    while i < sums.count {
      sums[i] += change
      i += i & -i
    }
  }

  /// The rank at a place in sorted order, from 0.
  func rank(ofPlace place: Int) -> Int {
    var remaining = Int32(place)
    var position = 0
    var step = sums.count - 1
    while step > 0 {
      if position + step < sums.count, sums[position + step] <= remaining {
        position += step
        remaining -= sums[position]
      }
      step /= 2
    }
    return position
  }

  /// To the next power of two, so that growing costs no more than filling.
  private mutating func grow(to count: Int) {
    var size = max(16, sums.count - 1)
    while size < count { size *= 2 }
    counts.append(contentsOf: repeatElement(0, count: size - counts.count))
    sums = ContiguousArray(repeating: 0, count: size + 1)
    for i in 0..<size {
      let node = i + 1
      sums[node] += counts[i]
      let parent = node + (node & -node)
      if parent <= size { sums[parent] += sums[node] }
    }
  }
}
