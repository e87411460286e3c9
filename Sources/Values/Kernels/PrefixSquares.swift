/// The running sums of an operand's squares, exact, in the square of the unit of its ``PrefixSums``.
///
/// 256 bits hold n·Σx² and (Σx)² wherever 126 hold Σx. A buffer, as the sums are.
package struct PrefixSquares: Sendable {
  /// Places as in ``PrefixSums``.
  var totals: ContiguousArray<UInt256> = []

  package init() {}

  package mutating func build(groups: Span<EntityGroups.Group>, of sums: PrefixSums) {
    totals.grow(to: sums.totals.count, filledWith: .zero)
    var slots = totals.mutableSpan
    for g in groups.indices where sums.units[g] != 0 {
      let rows = Int(groups[g].rows.lowerBound)..<Int(groups[g].rows.upperBound)
      let terms = sums.terms(ofGroup: g)
      var total = UInt256.zero
      slots[rows.lowerBound + g] = total
      for row in rows {
        total = total &+ UInt256(squareOf: terms.term(row))
        slots[row + g + 1] = total
      }
    }
  }
}
