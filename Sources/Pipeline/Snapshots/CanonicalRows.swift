import Columns
import Digests

/// The canonical bytes of some rows, one after the other, and their digests: written column by column, so that the loops are of one type.
struct CanonicalRows {
  /// So many rows stay in a core's cache.
  static let limit = 256

  private let columns: [Column]
  private var messages = MessageDigests()
  private var lengths = [Int](repeating: 0, count: limit)

  init(_ columns: [Column]) { self.columns = columns }

  /// - Parameter rows: at most ``limit``.
  mutating func forEachDigest(_ rows: Range<Int>, _ body: (MessageDigests.Digest) -> Void) {
    for i in 0..<rows.count { lengths[i] = 0 }
    for column in columns { measure(column, rows) }
    messages.makeRoom(for: lengths[..<rows.count])
    for column in columns { write(column, rows) }
    messages.eachDigest(body)
  }

  private mutating func measure(_ column: Column, _ rows: Range<Int>) {
    let start = rows.lowerBound
    if let validity = column.validity {
      let bits = validity.bytes.span
      for row in rows { lengths[row - start] += 1 + 8 * bit(bits, row) }
    } else {
      for row in rows { lengths[row - start] += 9 }
    }
    guard case .string(let offsets, _) = column.values else { return }
    let ends = offsets.span
    for row in rows where !column.isNull(row) { lengths[row - start] += Int(ends[row + 1] - ends[row]) }
  }

  private mutating func write(_ column: Column, _ rows: Range<Int>) {
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer):
      let values = buffer.span
      writeWords(column, rows) { UInt64(bitPattern: values[$0]) }
    case .float64(let buffer):
      let values = buffer.span
      writeWords(column, rows) { values[$0].bitPattern }
    case .boolean(let flags):
      let bits = flags.bytes.span
      writeWords(column, rows) { UInt64(bit(bits, $0)) }
    case .date(let buffer):
      let values = buffer.span
      writeWords(column, rows) { UInt64(bitPattern: Int64(values[$0])) }
    case .string(let offsets, let bytes):
      let ends = offsets.span
      writeWords(column, rows) { UInt64(ends[$0 + 1] - ends[$0]) }
      writeTexts(column, ends, bytes.span, rows)
    }
  }

  /// A null's word is stored, too, and then written over by what follows it.
  @inline(__always)
  private mutating func writeWords(_ column: Column, _ rows: Range<Int>, _ word: (Int) -> UInt64) {
    let start = rows.lowerBound
    unsafe messages.write { bytes, places in
      // Safe because: the lengths were measured, so every cell begins within its row, and no store goes further than ``slack`` behind it.
      if let validity = column.validity {
        let bits = validity.bytes.span
        for row in rows {
          let (place, isValue) = (places[row - start], bit(bits, row))
          unsafe bytes[place] = UInt8(truncatingIfNeeded: isValue)
          unsafe bytes.storeBytes(of: word(row).littleEndian, toByteOffset: place + 1, as: UInt64.self)
          places[row - start] = place + 1 + 8 * isValue
        }
      } else {
        for row in rows {
          let place = places[row - start]
          unsafe bytes[place] = 1
          unsafe bytes.storeBytes(of: word(row).littleEndian, toByteOffset: place + 1, as: UInt64.self)
          places[row - start] = place + 9
        }
      }
    }
  }

  private mutating func writeTexts(_ column: Column, _ ends: Span<Int32>, _ text: Span<UInt8>, _ rows: Range<Int>) {
    let start = rows.lowerBound
    unsafe messages.write { bytes, places in
      unsafe text.withUnsafeBytes { text in
        for row in rows where !column.isNull(row) {
          let (from, length, place) = (Int(ends[row]), Int(ends[row + 1] - ends[row]), places[row - start])
          // Safe because: the lengths were measured, and slices are checked.
          unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + length])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: text[from..<from + length]))
          places[row - start] = place + length
        }
      }
    }
  }
}

/// 1 if it is set, else 0.
@inline(__always)
private func bit(_ bits: Span<UInt8>, _ index: Int) -> Int {
  Int(bits[index >> 3] >> UInt8(truncatingIfNeeded: index & 7) & 1)
}
