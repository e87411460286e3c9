/// The running sums of one operand over each entity's rows, exact: what any run of rows sums to is one minus another.
///
/// Whole numbers of 128 bits, in a unit that is chosen per entity: the least power of two that its values have. Values of
/// an entity that lie too many powers apart (some 20 decimal places) do not fit; these are kept as they are, and
/// ``ExactSum`` takes over.
///
/// A buffer, built for one partition after the other; all windows share it, and it serves sums, means and ratios.
package struct PrefixSums: Sendable {
  /// From place row + group on: the sum of the group's counted rows before the row; one place more at a group's end.
  var totals: ContiguousArray<Int128> = []
  /// Per group what 1 stands for; 0 where the values do not fit.
  var units: ContiguousArray<Double> = []
  /// Per row of a group that does not fit its value, 0 where it does not count; else anything, or nothing.
  var wideValues: ContiguousArray<Double> = []

  package init() {}

  /// - Parameters:
  ///   - groups: all of the partition.
  ///   - values: per row; finite where counted, else anything.
  package mutating func build(groups: Span<EntityGroups.Group>, values: Span<Double>, counted: CountedRows) {
    begin(rowCount: values.count, groupCount: groups.count)
    for g in groups.indices {
      let rows = Int(groups[g].rows.lowerBound)..<Int(groups[g].rows.upperBound)
      if let position = unit(of: rows, values: values, counted: counted) {
        units.append(powerOfTwo(position - 1_074))
        add(rows, g, values: values, counted: counted, unit: position)
      } else {
        units.append(0)
        keep(rows, values: values, counted: counted)
      }
    }
  }

  package mutating func build(groups: Span<EntityGroups.Group>, values: Span<Int64>, counted: CountedRows) {
    begin(rowCount: values.count, groupCount: groups.count)
    var slots = totals.mutableSpan
    for g in groups.indices {
      var total: Int128 = 0
      slots[Int(groups[g].rows.lowerBound) + g] = 0
      for row in Int(groups[g].rows.lowerBound)..<Int(groups[g].rows.upperBound) {
        total &+= counted.contains(row) ? Int128(values[row]) : 0
        slots[row + g + 1] = total
      }
    }
    units.append(contentsOf: repeatElement(1, count: groups.count))
  }

  private mutating func begin(rowCount: Int, groupCount: Int) {
    totals.grow(to: rowCount + groupCount, filledWith: 0)
    units.removeAll(keepingCapacity: true)
  }

  /// The least position of the values, if all of them and what they sum to are whole numbers of 126 bits from there; else nil.
  private func unit(of rows: Range<Int>, values: Span<Double>, counted: borrowing CountedRows) -> Int? {
    // Both ends of what 0, which fits anywhere, leaves.
    var (least, greatest) = (Int.max, 0)
    for row in rows {
      let parts = DoubleParts(values[row])
      let position = parts.mantissa == 0 || !counted.contains(row) ? nil : parts.position
      least = min(least, position ?? .max)
      greatest = max(greatest, position ?? 0)
    }
    if least == .max { return Self.leastUnit }
    let countBits = Int.bitWidth - rows.count.leadingZeroBitCount
    // Below the least unit, squares would leave the range of doubles at its lower end.
    return least >= Self.leastUnit && greatest - least + DoubleParts.bits + countBits <= 126 ? least : nil
  }

  /// The position of 2^−537.
  private static let leastUnit = 1_074 - 537

  private mutating func add(
    _ rows: Range<Int>, _ group: Int, values: Span<Double>, counted: borrowing CountedRows, unit: Int
  ) {
    var slots = totals.mutableSpan
    var total: Int128 = 0
    slots[rows.lowerBound + group] = 0
    for row in rows {
      let parts = DoubleParts(values[row])
      // Not of 0 or of a row that does not count: their positions may be anywhere.
      let shift = Int128(truncatingIfNeeded: parts.position &- unit)
      total &+= counted.contains(row) ? Int128(parts.mantissa) &<< shift : 0
      slots[row + group + 1] = total
    }
  }

  private mutating func keep(_ rows: Range<Int>, values: Span<Double>, counted: borrowing CountedRows) {
    wideValues.grow(to: values.count, filledWith: 0)
    for row in rows { wideValues[row] = counted.contains(row) ? values[row] : 0 }
  }

  /// What a group's rows bring into a sum.
  @inline(__always)
  @_lifetime(borrow self)
  func terms(ofGroup group: Int) -> Terms { Terms(totals: totals.span, group: group) }

  struct Terms: WindowTerms, ~Escapable {
    private let totals: Span<Int128>
    private let group: Int

    @_lifetime(copy totals)
    init(totals: Span<Int128>, group: Int) {
      self.totals = totals
      self.group = group
    }

    @inline(__always)
    func term(_ row: Int) -> Int128 { totals[row + group + 1] &- totals[row + group] }
  }
}
