/// Memory that kernels use on the way, kept from call to call: fresh memory costs more than what is done with it.
///
/// One per thread; what is in it means nothing to the caller.
package struct WindowScratch: Sendable {
  var pairs: ContiguousArray<(key: Int64, row: Int32)> = []
  var visits = Visits()
  /// For look-ups, the entities with corrections.
  var corrected: ContiguousArray<EntityGroups.Group> = []
  var runs = WindowRuns()
  var firstRow = FirstRow()
  var lastRow = LastRow()
  var front = Front()
  var distinctRanks = DistinctRanks()
  var quantileRanks = QuantileRanks()
  var sum = ExactSum.ofValues()
  var spread = ExactSpread()
  /// Per place, the best row from there to where a run is cut.
  var bestUntilCut: ContiguousArray<Int32> = []

  package init() {}
}

extension ContiguousArray {
  /// Never shrinks, so that a buffer comes to rest at the size of the largest partition.
  mutating func grow(to count: Int, filledWith element: Element) {
    if self.count < count { append(contentsOf: repeatElement(element, count: count - self.count)) }
  }
}
