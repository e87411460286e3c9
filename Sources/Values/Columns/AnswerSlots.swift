import Synchronization

/// A column whose values come in any order and from several workers, each its own places; whatever is not set is null.
///
/// Eight bytes and a flag per place, whatever the type. Texts are kept by the lot in which they come, and copied once at the end.
package final class AnswerSlots: Sendable {
  package let type: DataType
  package let count: Int
  private let words: Slots<Int64>
  private let flags: Slots<UInt8>
  private let texts: Mutex<[Int: ContiguousArray<UInt8>]>

  package init(_ type: DataType, count: Int) {
    self.type = type
    self.count = count
    words = Slots(count: count)
    flags = Slots(count: count)
    texts = Mutex([:])
  }

  /// Sets the places of those rows that are not negative and whose value is not null.
  ///
  /// - Parameters:
  ///   - source: of this column's type.
  ///   - rows: per answer a row of `source`; negative for null.
  ///   - places: per answer its place here.
  ///   - lot: a number that no other call for this column uses; below 2²³.
  package func set(from source: Column, rows: Span<Int32>, places: Span<Int32>, lot: Int) {
    precondition(source.type == type && rows.count == places.count)
    switch source.values {
    case .int64(let buffer), .timestamp(let buffer):
      let values = buffer.span
      set(source, rows, places) { values[$0] }
    case .float64(let buffer):
      let values = buffer.span
      set(source, rows, places) { Int64(bitPattern: values[$0].bitPattern) }
    case .date(let buffer):
      let values = buffer.span
      set(source, rows, places) { Int64(values[$0]) }
    case .boolean(let bits):
      let values = bits.bytes.span
      set(source, rows, places) { Int64(values[$0 >> 3] >> UInt8(truncatingIfNeeded: $0 & 7) & 1) }
    case .string(let offsets, let bytes): setTexts(source, offsets.span, bytes.span, rows, places, lot)
    }
  }

  @inline(__always)
  private func set(_ source: Column, _ rows: Span<Int32>, _ places: Span<Int32>, _ word: (Int) -> Int64) {
    words.withPlaces { words in
      flags.withPlaces { flags in
        if let validity = source.validity {
          let bits = validity.bytes.span
          for i in rows.indices {
            let row = Int(rows[i])
            if row < 0 || bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 0 { continue }
            let place = Int(places[i])
            words[place] = word(row)
            flags[place] = 1
          }
        } else {
          for i in rows.indices where rows[i] >= 0 {
            let place = Int(places[i])
            words[place] = word(Int(rows[i]))
            flags[place] = 1
          }
        }
      }
    }
  }

  /// A text's word is its lot and where it begins in the lot's bytes, with its length in four bytes before it.
  private func setTexts(
    _ source: Column, _ offsets: Span<Int32>, _ bytes: Span<UInt8>, _ rows: Span<Int32>, _ places: Span<Int32>, _ lot: Int
  ) {
    var text = ContiguousArray<UInt8>()
    var last: (row: Int, word: Int64) = (-1, 0)
    set(source, rows, places) { row in
      // Questions of one entity often have one answer.
      if row == last.row { return last.word }
      let (start, end) = (Int(offsets[row]), Int(offsets[row + 1]))
      let word = Int64(lot) << 40 | Int64(text.count)
      let length = UInt32(end - start)
      for shift in 0..<4 { text.append(UInt8(truncatingIfNeeded: length >> UInt32(8 * shift))) }
      // Safe because: the pointer does not leave the closure.
      unsafe bytes.extracting(start..<end).withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
      last = (row, word)
      return word
    }
    texts.withLock { $0[lot] = text }
  }

  /// All values, once nobody sets any more.
  package func column() -> Column {
    let bits = validity
    switch type {
    case .int64: return Column(.int64(words.buffer), validity: bits)
    case .timestamp: return Column(.timestamp(words.buffer), validity: bits)
    case .float64: return Column(.float64(words.buffer(as: Double.self)), validity: bits)
    case .date:
      let span = words.buffer.span
      var days = ContiguousArray<Int32>()
      days.reserveCapacity(count)
      for i in span.indices { days.append(Int32(truncatingIfNeeded: span[i])) }
      return Column(.date(Buffer(days)), validity: bits)
    case .boolean:
      let span = words.buffer.span
      var flags = BitmapBuilder()
      for i in 0..<count { flags.append(span[i] == 1) }
      return Column(.boolean(flags.finish()), validity: bits)
    case .string: return Column(textValues(), validity: bits)
    }
  }

  private var validity: Bitmap {
    let span = flags.buffer.span
    var bytes = ContiguousArray<UInt8>(repeating: 0, count: (count + 7) / 8)
    for i in span.indices { bytes[i >> 3] |= span[i] << UInt8(truncatingIfNeeded: i & 7) }
    return Bitmap(bytes: Buffer(bytes), count: count)
  }

  private func textValues() -> Column.Values {
    let lots = texts.withLock { $0 }
    let buffers = lots.mapValues { Buffer($0) }
    let (words, flags) = (words.buffer.span, flags.buffer.span)
    var offsets = ContiguousArray<Int32>()
    offsets.reserveCapacity(count + 1)
    offsets.append(0)
    var bytes = ContiguousArray<UInt8>()
    let none = Buffer<UInt8>([])
    var (lot, buffer) = (Int64(-1), none)
    for i in 0..<count {
      if flags[i] == 1 {
        let word = words[i]
        if word >> 40 != lot {
          lot = word >> 40
          buffer = buffers[Int(lot)] ?? none
        }
        let span = buffer.span
        let start = Int(word & (1 << 40 - 1))
        var length: UInt32 = 0
        for shift in 0..<4 { length |= UInt32(span[start + shift]) << UInt32(8 * shift) }
        // Safe because: the pointer does not leave the closure.
        unsafe span.extracting(start + 4..<start + 4 + Int(length)).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
      }
      offsets.append(Int32(bytes.count))
    }
    return .string(offsets: Buffer(offsets), bytes: Buffer(bytes))
  }
}
