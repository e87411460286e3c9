import Columns

/// The cells of some rows, column by column, each with its separator: what is formatted before it is put in row order.
struct CSVBlock: Sendable {
  /// So many rows of some twenty columns stay in the second-level cache.
  static let rowLimit = 256

  /// The cells' text, column after column. Beyond ``textEnd`` there is room, and always ``slack``.
  private var text: ContiguousArray<UInt8> = []
  private var textEnd = 0
  /// Where each cell ends in `text`, column after column; it begins where the one before ended.
  private var ends: ContiguousArray<Int> = []
  private var rowCount = 0
  private var columnCount = 0
  /// The row of the current column that each row shows, -1 for null.
  private var picked: ContiguousArray<Int32> = []
  private var dates = DateTexts()

  /// Cells are copied 16 bytes at a time.
  private static let slack = 16

  /// Forgets the cells of the block before.
  mutating func begin(rowCount: Int) {
    self.rowCount = rowCount
    columnCount = 0
    textEnd = 0
    ends.removeAll(keepingCapacity: true)
  }

  mutating func append(_ source: CSVColumn, rows: Range<Int>, separator: UInt8, decimals: inout Int) {
    pick(source, rows: rows)
    columnCount += 1
    switch source.column.values {
    case .int64(let values): appendIntegers(values.span, separator)
    case .float64(let values): appendDoubles(values.span, separator, decimals: &decimals)
    case .boolean(let bits): appendBooleans(bits.bytes.span, separator)
    case .string(let offsets, let bytes): appendStrings(offsets.span, bytes.span, separator)
    case .date(let values): appendDates(values.span, separator)
    case .timestamp(let values): appendTimestamps(values.span, separator)
    }
  }

  private mutating func pick(_ source: CSVColumn, rows: Range<Int>) {
    picked.removeAll(keepingCapacity: true)
    if let numbers = source.rows {
      let span = numbers.span
      for row in rows { picked.append(span[row]) }
    } else {
      for row in rows { picked.append(Int32(truncatingIfNeeded: row)) }
    }
    guard let validity = source.column.validity else { return }
    let bits = validity.bytes.span
    for i in picked.indices {
      let row = Int(picked[i])
      if row >= 0, bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 0 { picked[i] = -1 }
    }
  }

  // MARK: Cells of one column

  private mutating func appendIntegers(_ values: Span<Int64>, _ separator: UInt8) {
    var text = takeText(room: rowCount * 32)
    var position = textEnd
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 { writeInteger(values[Int(row)], to: &cells, at: &position) }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
  }

  private mutating func appendDoubles(_ values: Span<Double>, _ separator: UInt8, decimals: inout Int) {
    var text = takeText(room: rowCount * 32)
    var position = textEnd
    var lastDecimals = decimals
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 { writeDouble(values[Int(row)], to: &cells, at: &position, decimals: &lastDecimals) }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
    decimals = lastDecimals
  }

  private mutating func appendBooleans(_ bits: Span<UInt8>, _ separator: UInt8) {
    var text = takeText(room: rowCount * 8)
    var position = textEnd
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 {
        let isTrue = bits[Int(row >> 3)] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1
        write(isTrue ? "true" : "false", to: &cells, at: &position)
      }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
  }

  private mutating func appendStrings(_ offsets: Span<Int32>, _ bytes: Span<UInt8>, _ separator: UInt8) {
    var longest = 0
    for row in picked where row >= 0 { longest += 3 + 2 * Int(offsets[Int(row) + 1] - offsets[Int(row)]) }
    var text = takeText(room: longest + rowCount)
    var position = textEnd
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 {
        let value = bytes.extracting(Int(offsets[Int(row)])..<Int(offsets[Int(row) + 1]))
        writeText(value, to: &cells, at: &position)
      }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
  }

  private mutating func appendDates(_ values: Span<Int32>, _ separator: UInt8) {
    var text = takeText(room: rowCount * 32)
    var position = textEnd
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 { dates.write(values[Int(row)], to: &cells, at: &position) }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
  }

  private mutating func appendTimestamps(_ values: Span<Int64>, _ separator: UInt8) {
    var text = takeText(room: rowCount * 32)
    var position = textEnd
    var cells = text.mutableSpan
    for row in picked {
      if row >= 0 { writeTimestamp(values[Int(row)], &dates, to: &cells, at: &position) }
      cells[position] = separator
      position += 1
      ends.append(position)
    }
    put(text, position)
  }

  /// Moves the text out, so that a span of it can live beside the other properties; ``put(_:_:)`` moves it back.
  private mutating func takeText(room: Int) -> ContiguousArray<UInt8> {
    makeRoom(room)
    var taken: ContiguousArray<UInt8> = []
    swap(&taken, &text)
    return taken
  }

  private mutating func put(_ text: consuming ContiguousArray<UInt8>, _ end: Int) {
    self.text = text
    textEnd = end
  }

  private mutating func makeRoom(_ count: Int) {
    let missing = textEnd + count + Self.slack - text.count
    if missing > 0 { text.append(contentsOf: repeatElement(0, count: max(missing, text.count))) }
  }

  // MARK: Rows

  /// Appends the cells row by row.
  func interleave(to bytes: inout ContiguousArray<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: textEnd + Self.slack))
    // Safe because: cell ends rise to `textEnd`, of which each cell is copied once; the up to 15 bytes copied too much stay within
    // the slack of both, and those in the middle are written over by the next cell. Three times faster than a loop over bytes.
    unsafe text.withUnsafeBytes { source in
      unsafe ends.withUnsafeBufferPointer { ends in
        unsafe bytes.withUnsafeMutableBytes { target in
          var position = start
          for row in 0..<rowCount {
            var cell = row
            for _ in 0..<columnCount {
              var from = unsafe cell == 0 ? 0 : ends[cell - 1]
              let end = unsafe ends[cell]
              var to = position
              position += end - from
              while from < end {
                let chunk = unsafe source.loadUnaligned(fromByteOffset: from, as: SIMD2<UInt64>.self)
                unsafe target.storeBytes(of: chunk, toByteOffset: to, as: SIMD2<UInt64>.self)
                from += 16
                to += 16
              }
              cell += rowCount
            }
          }
        }
      }
    }
    bytes.removeLast(Self.slack)
  }
}
