/// A text as one word of ``AnswerSlots``: the text itself, if it is short, or where it is.
///
/// Most texts that tell rows apart are codes of a few letters; looking each of them up elsewhere is a cache miss.
struct AnswerText {
  /// Short: the topmost bit, seven bits of length, and the bytes, the first in the lowest bits. Else the number of a lot, 23 bits, and where
  /// in the lot's bytes it begins, 40 bits, with its length in four bytes before it.
  let word: Int64

  private static let shortLimit = 7

  init(word: Int64) { self.word = word }

  /// - Returns: nil for what is too long.
  init?(short bytes: Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= Self.shortLimit else { return nil }
    var text: UInt64 = 0
    if range.lowerBound + 8 <= bytes.count {
      // Safe because: eight bytes from there on are within the span.
      text = unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self))
      text &= 1 << UInt64(8 * range.count) - 1
    } else {
      for i in range { text |= UInt64(bytes[i]) << UInt64(8 * (i - range.lowerBound)) }
    }
    word = Int64(bitPattern: 1 << 63 | UInt64(range.count) << 56 | text)
  }

  /// Appends the text to its lot's.
  init(lot: Int, _ bytes: Span<UInt8>, _ range: Range<Int>, _ text: inout ContiguousArray<UInt8>) {
    word = Int64(lot) << 40 | Int64(text.count)
    let length = UInt32(range.count)
    for shift in 0..<4 { text.append(UInt8(truncatingIfNeeded: length >> UInt32(8 * shift))) }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
  }

  var isShort: Bool { word < 0 }
  var shortLength: Int { Int(word >> 56) & 0x7F }
  /// Zeros behind them.
  var shortBytes: UInt64 { UInt64(bitPattern: word) & (1 << 56 - 1) }

  var lot: Int { Int(word >> 40) }
  private var start: Int { Int(word & (1 << 40 - 1)) }

  func longLength(in lot: Span<UInt8>) -> Int {
    var length: UInt32 = 0
    for shift in 0..<4 { length |= UInt32(lot[start + shift]) << UInt32(8 * shift) }
    return Int(length)
  }

  func withLongBytes(in lot: Span<UInt8>, _ length: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    // Safe because: the pointer does not leave the closure.
    unsafe lot.extracting(start + 4..<start + 4 + length).withUnsafeBytes { unsafe body($0) }
  }
}
