/// Which rows of a partition an aggregate counts: those that its own `where` takes and whose operand is not null.
///
/// A buffer, filled for one partition after the other; all functions and windows over the same operand and the same
/// `where` share it.
package struct CountedRows: Sendable {
  package private(set) var areAll = true
  /// Per row how many counted rows come before it, and one more at the end; nothing when all count.
  private(set) var before: ContiguousArray<Int32> = []
  /// The counted rows, and whatever comes after them.
  private var rows: ContiguousArray<Int32> = []

  package init() {}

  package mutating func setAll() { areAll = true }

  /// Counts the rows whose bit is set in both bitmaps.
  ///
  /// - Parameters:
  ///   - first: a bitmap, the lowest bit of a byte first; an empty one has all bits set.
  ///   - second: the same; for a validity and a `where`.
  ///   - firstBit: the bit of the partition's first row.
  package mutating func set(_ first: Span<UInt8>, and second: Span<UInt8>, from firstBit: Int, rowCount: Int) {
    areAll = true
    if first.isEmpty && second.isEmpty { return }
    before.grow(to: rowCount + 1, filledWith: 0)
    rows.grow(to: rowCount + 1, filledWith: 0)
    var count = 0
    for row in 0..<rowCount {
      before[row] = Int32(truncatingIfNeeded: count)
      rows[count] = Int32(truncatingIfNeeded: row)
      count += isSet(first, firstBit + row) && isSet(second, firstBit + row) ? 1 : 0
    }
    before[rowCount] = Int32(truncatingIfNeeded: count)
    areAll = count == rowCount
  }

  /// How many counted rows come before `row`.
  @inline(__always)
  func place(_ row: Int) -> Int { areAll ? row : Int(before[row]) }

  /// The counted row at a place.
  @inline(__always)
  func row(_ place: Int) -> Int { areAll ? place : Int(rows[place]) }

  @inline(__always)
  func contains(_ row: Int) -> Bool { areAll || before[row] != before[row + 1] }
}

/// Bit `row` of a bitmap, all bits being set in an empty one.
@inline(__always)
private func isSet(_ bits: Span<UInt8>, _ row: Int) -> Bool {
  bits.isEmpty || bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1
}
