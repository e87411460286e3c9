/// A few rows as a warehouse hands them out, cell by cell, before anybody asks for their types.
///
/// A driver fills it row by row, ``CellReader`` reads it column by column: so nothing is called per cell across targets. Small enough to
/// stay in a core's own cache.
package struct CellBlock {
  package static let rowLimit = 1_024
  /// Bytes of text after which no further row is begun. (A row may go beyond.)
  package static let textLimit = 8 << 20

  package enum Kind {
    package static let null: UInt8 = 0
    package static let integer: UInt8 = 1
    package static let real: UInt8 = 2
    package static let text: UInt8 = 3
    package static let blob: UInt8 = 4
  }

  package let columnCount: Int
  package var rowCount = 0
  /// The cell of row `r` in column `c` is at `c * rowLimit + r`, here and below.
  package var kinds: ContiguousArray<UInt8>
  /// An integer, a real's bits, where in ``text`` a text begins; 0 for null.
  package var values: ContiguousArray<Int64>
  /// How long a text is.
  package var lengths: ContiguousArray<Int32>
  package var text: ContiguousArray<UInt8> = []
  /// One per row, where the warehouse numbers its rows.
  package var rowNumbers: ContiguousArray<Int64>

  package init(columnCount: Int) {
    self.columnCount = columnCount
    let cellCount = columnCount * Self.rowLimit
    kinds = ContiguousArray(repeating: Kind.null, count: cellCount)
    values = ContiguousArray(repeating: 0, count: cellCount)
    lengths = ContiguousArray(repeating: 0, count: cellCount)
    rowNumbers = ContiguousArray(repeating: 0, count: Self.rowLimit)
  }

  package mutating func removeAll() {
    rowCount = 0
    text.removeAll(keepingCapacity: true)
  }

  func places(of column: Int) -> Range<Int> { column * Self.rowLimit..<column * Self.rowLimit + rowCount }
}
