import Synchronization

/// A column whose values come in any order and from several workers, each its own places; whatever is not set is null.
///
/// Eight bytes and a flag per place, whatever the type. Texts beyond seven bytes are kept by the lot in which they come, and copied once at
/// the end.
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
  /// - Returns: how many places were set.
  @discardableResult
  package func set(from source: Column, rows: Span<Int32>, places: Span<Int32>, lot: Int) -> Int {
    precondition(source.type == type && rows.count == places.count)
    switch source.values {
    case .int64(let buffer), .timestamp(let buffer):
      let values = buffer.span
      return set(source, rows, places) { values[$0] }
    case .float64(let buffer):
      let values = buffer.span
      return set(source, rows, places) { Int64(bitPattern: values[$0].bitPattern) }
    case .date(let buffer):
      let values = buffer.span
      return set(source, rows, places) { Int64(values[$0]) }
    case .boolean(let bits):
      let values = bits.bytes.span
      return set(source, rows, places) { Int64(values[$0 >> 3] >> UInt8(truncatingIfNeeded: $0 & 7) & 1) }
    case .string(let offsets, let bytes): return setTexts(source, offsets.span, bytes.span, rows, places, lot)
    }
  }

  @inline(__always)
  private func set(_ source: Column, _ rows: Span<Int32>, _ places: Span<Int32>, _ word: (Int) -> Int64) -> Int {
    words.withPlaces { words in
      flags.withPlaces { flags in
        var count = 0
        if let validity = source.validity {
          let bits = validity.bytes.span
          for i in rows.indices {
            let row = Int(rows[i])
            if row < 0 || bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 0 { continue }
            let place = Int(places[i])
            words[place] = word(row)
            flags[place] = 1
            count += 1
          }
        } else {
          for i in rows.indices where rows[i] >= 0 {
            let place = Int(places[i])
            words[place] = word(Int(rows[i]))
            flags[place] = 1
            count += 1
          }
        }
        return count
      }
    }
  }

  private func setTexts(
    _ source: Column, _ offsets: Span<Int32>, _ bytes: Span<UInt8>, _ rows: Span<Int32>, _ places: Span<Int32>, _ lot: Int
  ) -> Int {
    var text = ContiguousArray<UInt8>()
    var last: (row: Int, word: Int64) = (-1, 0)
    let count = set(source, rows, places) { row in
      // Questions of one entity often have one answer.
      if row == last.row { return last.word }
      let range = Int(offsets[row])..<Int(offsets[row + 1])
      let word = AnswerText(short: bytes, range) ?? AnswerText(lot: lot, bytes, range, &text)
      last = (row, word.word)
      return word.word
    }
    if !text.isEmpty { texts.withLock { $0[lot] = text } }
    return count
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

  /// Lengths first: then there is room for all, and texts are copied without looking back.
  private func textValues() -> Column.Values {
    let buffers = texts.withLock { $0.mapValues { Buffer($0) } }
    let (words, flags) = (words.buffer.span, flags.buffer.span)
    let none = Buffer<UInt8>([])
    var offsets = ContiguousArray<Int32>()
    offsets.reserveCapacity(count + 1)
    offsets.append(0)
    var (lot, buffer, end) = (-1, none, 0)
    func long(_ text: AnswerText) -> Buffer<UInt8> {
      if text.lot != lot { (lot, buffer) = (text.lot, buffers[text.lot] ?? none) }
      return buffer
    }
    for i in 0..<count {
      if flags[i] == 1 {
        let text = AnswerText(word: words[i])
        end += text.isShort ? text.shortLength : text.longLength(in: long(text).span)
      }
      offsets.append(Int32(end))
    }
    // A short text is stored as a whole word.
    let capacity = end + 8
    let bytes = unsafe ContiguousArray<UInt8>(unsafeUninitializedCapacity: capacity) { target, initialized in
      let target = UnsafeMutableRawBufferPointer(target)
      for i in 0..<count where flags[i] == 1 {
        let (text, place) = (AnswerText(word: words[i]), Int(offsets[i]))
        // Safe because: lengths were summed up above.
        if text.isShort {
          unsafe target.storeBytes(of: text.shortBytes.littleEndian, toByteOffset: place, as: UInt64.self)
        } else {
          let length = Int(offsets[i + 1]) - place
          unsafe text.withLongBytes(in: long(text).span, length) {
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[place..<place + length]).copyMemory(from: $0)
          }
        }
      }
      initialized = end
    }
    return .string(offsets: Buffer(offsets), bytes: Buffer(bytes))
  }
}
