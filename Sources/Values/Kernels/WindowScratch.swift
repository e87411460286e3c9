/// Memory that kernels use on the way, kept from call to call: fresh memory costs more than what is done with it.
///
/// One per thread; what is in it means nothing to the caller.
package struct WindowScratch: Sendable {
  var pairs: ContiguousArray<(key: Int64, row: Int32)> = []
  var rows: ContiguousArray<Int32> = []
  var rowSet = RowSet()
  var firstRow = FirstRow()
  var lastRow = LastRow()
  var extremes = Extremes()
  var distinctRanks = DistinctRanks()
  var quantileRanks = QuantileRanks()
  var sum = ExactSum.ofValues()
  var spread = ExactSpread()
  /// Per place, the best row from there to the turn of a run.
  var bestUntilTurn: ContiguousArray<Int32> = []

  package init() {}
}

/// Sorts the rows from `first` on by time, equal ones by row; does nothing when they are in order already.
func sortRows(
  _ rows: inout ContiguousArray<Int32>, from first: Int, by times: Span<Int64>,
  _ pairs: inout ContiguousArray<(key: Int64, row: Int32)>
) {
  var sorted = true
  for i in rows.indices.dropFirst(first + 1) where times[Int(rows[i - 1])] > times[Int(rows[i])] {
    sorted = false
    break
  }
  if sorted { return }
  // A span cannot be captured: sort pairs.
  pairs.removeAll(keepingCapacity: true)
  for i in rows.indices.dropFirst(first) { pairs.append((times[Int(rows[i])], rows[i])) }
  pairs.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
  for i in pairs.indices { rows[first + i] = pairs[i].row }
}

extension ContiguousArray {
  /// Never shrinks, so that a buffer comes to rest at the size of the largest partition.
  mutating func grow(to count: Int, filledWith element: Element) {
    if self.count < count { append(contentsOf: repeatElement(element, count: count - self.count)) }
  }
}
