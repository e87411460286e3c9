import Columns

/// Some rows, each in a slot of its own that is wide enough for it, filled column by column.
///
/// So each column has a loop of its own, and no cell is written twice: only whole rows are moved together at the end.
struct CSVBlock: Sendable {
  /// Slots of so many bytes together stay in the second-level cache.
  private static let wantedBytes = 1 << 16
  /// A row of long texts may need more.
  private static let rowLimit = 256

  private var slots: ContiguousArray<UInt8> = []
  /// Where each row's next cell goes.
  private var places: ContiguousArray<Int> = []
  private var slotWidth = 0

  /// Begins with as many of the rows as fit.
  ///
  /// - Returns: the rows it takes, one at least of those given.
  mutating func begin(_ rows: Range<Int>, of columns: [CSVColumn]) -> Range<Int> {
    var taken = rows.prefix(Self.rowLimit)
    slotWidth = CSVCell.slack + columns.reduce(0) { $0 + $1.widestCell(taken) + 1 }
    taken = taken.prefix(max(1, Self.wantedBytes / slotWidth))
    let byteCount = taken.count * slotWidth
    if slots.count < byteCount { slots = ContiguousArray(repeating: 0, count: max(byteCount, Self.wantedBytes)) }
    places.removeAll(keepingCapacity: true)
    for number in 0..<taken.count { places.append(number * slotWidth) }
    return taken
  }

  /// Writes the next cell of every row.
  mutating func append(
    _ source: CSVColumn, rows: Range<Int>, separator: UInt8, decimals: inout Decimals, dates: inout DateTexts
  ) {
    switch source.column.values {
    case .int64(let values):
      let values = values.span
      cells(source, rows, separator) { writeInteger(values[$0], to: &$1) }
    case .float64(let values):
      let values = values.span
      var last = decimals
      cells(source, rows, separator) { writeDouble(values[$0], to: &$1, decimals: &last) }
      decimals = last
    case .boolean(let bits):
      let bits = bits.bytes.span
      cells(source, rows, separator) { writeBoolean(isSet(bits, $0), to: &$1) }
    case .string(let offsets, let bytes):
      let (offsets, bytes) = (offsets.span, bytes.span)
      let isPlain = source.rows == nil && !bytes.extracting(Int(offsets[rows.lowerBound])..<Int(offsets[rows.upperBound])).hasSpecial
      cells(source, rows, separator) {
        writeText(bytes, Int(offsets[$0])..<Int(offsets[$0 + 1]), isPlain: isPlain, to: &$1)
      }
    case .date(let values):
      let values = values.span
      cells(source, rows, separator) { writeDate(values[$0], &dates, to: &$1) }
    case .timestamp(let values):
      let values = values.span
      cells(source, rows, separator) { writeTimestamp(values[$0], &dates, to: &$1) }
    }
  }

  /// - Parameter write: the cell of a row of the column that is not null.
  @inline(__always)
  private mutating func cells(
    _ source: CSVColumn, _ rows: Range<Int>, _ separator: UInt8, _ write: (_ row: Int, _ cell: inout CSVCell) -> Void
  ) {
    let count = places.count
    precondition(rows.count == count)
    let slotWidth = slotWidth
    // Safe because: there is a slot for each place, and a cell writes nothing outside its row's.
    unsafe slots.withUnsafeMutableBytes { slots in
      unsafe places.withUnsafeMutableBufferPointer { places in
        guard let start = slots.baseAddress else { return }
        let numbers = source.rows?.span
        let bits = source.column.validity?.bytes.span
        // One call of `write`, so that it is part of the loop; what is asked in it besides is always answered the same.
        for i in 0..<count {
          var cell = unsafe CSVCell(at: start + places[i], end: start + (i + 1) * slotWidth)
          var row = rows.lowerBound + i
          if let numbers { row = Int(numbers[row]) }
          var isPresent = row >= 0
          if let bits, isPresent { isPresent = isSet(bits, row) }
          if isPresent { write(row, &cell) }
          cell.write(separator)
          unsafe places[i] = cell.offset(from: start)
        }
      }
    }
  }

  /// Appends the rows, one behind the other.
  func finish(to bytes: inout ContiguousArray<UInt8>) {
    var position = bytes.count
    let length = places.indices.reduce(0) { $0 + places[$1] - $1 * slotWidth }
    bytes.append(contentsOf: repeatElement(0, count: length + CSVCell.slack))
    precondition(places.indices.allSatisfy { places[$0] + CSVCell.slack <= ($0 + 1) * slotWidth })
    // Safe because: a row ends so much before its slot that the up to 31 bytes copied too much are in the slot too; in the target they are
    // written over by the next row, or removed.
    unsafe slots.withUnsafeBytes { slots in
      unsafe bytes.withUnsafeMutableBytes { target in
        for number in places.indices {
          var from = number * slotWidth
          let end = places[number]
          var to = position
          position += end - from
          while from < end {
            unsafe target.storeBytes(
              of: slots.loadUnaligned(fromByteOffset: from, as: SIMD4<UInt64>.self), toByteOffset: to, as: SIMD4<UInt64>.self)
            from += 32
            to += 32
          }
        }
      }
    }
    bytes.removeLast(CSVCell.slack)
  }
}

@inline(__always)
private func isSet(_ bits: Span<UInt8>, _ row: Int) -> Bool { bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1 }

@inline(__always)
private func writeBoolean(_ value: Bool, to cell: inout CSVCell) {
  // "true" and "false".
  cell.write(value ? 0x65_7572_74 : 0x65_736C_6166, count: value ? 4 : 5)
}

extension CSVColumn {
  /// So many bytes are enough for any of its cells in some rows.
  fileprivate func widestCell(_ rows: Range<Int>) -> Int {
    switch column.values {
    case .int64: return 20
    case .float64: return 24
    case .boolean: return 5
    case .date: return 10
    case .timestamp: return 27
    case .string(let offsets, _):
      // Every byte a quote, and quotes around them.
      return 2 + 2 * longest(offsets.span, rows)
    }
  }

  private func longest(_ offsets: Span<Int32>, _ rows: Range<Int>) -> Int {
    var longest: Int32 = 0
    if let numbers = self.rows?.span {
      for i in rows {
        let row = Int(numbers[i])
        if row >= 0 { longest = max(longest, offsets[row + 1] - offsets[row]) }
      }
    } else {
      for row in rows { longest = max(longest, offsets[row + 1] - offsets[row]) }
    }
    return Int(longest)
  }
}
