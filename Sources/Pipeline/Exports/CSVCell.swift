/// Where the next cell goes: a place in a block's memory that moves behind what is written.
///
/// Whole words are stored and then only in part kept: what comes next is written over the rest. So a cell has no loop over its bytes.
@safe
struct CSVCell {
  // Safe because: every store is compared with the end of the row's slot (which costs a thirtieth of the time), and the block that made
  // the cell outlives it. Bytes one by one in a checked array took half as long again.
  private var place: UnsafeMutableRawPointer
  private let end: UnsafeMutableRawPointer

  /// How far a store may reach behind what is kept of it.
  static let slack = 32

  /// - Parameter end: behind the last byte that may be stored.
  @inline(__always)
  @unsafe
  init(at place: UnsafeMutableRawPointer, end: UnsafeMutableRawPointer) {
    unsafe self.place = unsafe place
    unsafe self.end = unsafe end
  }

  @inline(__always)
  func offset(from start: UnsafeMutableRawPointer) -> Int { unsafe place - start }

  @inline(__always)
  mutating func write(_ byte: UInt8) {
    unsafe precondition(place + 1 <= end)
    unsafe place.storeBytes(of: byte, as: UInt8.self)
    unsafe place += 1
  }

  /// A byte that is kept only if it is wanted.
  @inline(__always)
  mutating func write(_ byte: UInt8, if isWanted: Bool) {
    unsafe precondition(place + 1 <= end)
    unsafe place.storeBytes(of: byte, as: UInt8.self)
    unsafe place += isWanted ? 1 : 0
  }

  /// The first `count` of eight bytes, the first one in the lowest bits.
  @inline(__always)
  mutating func write(_ word: UInt64, count: Int) {
    unsafe precondition(place + 8 <= end)
    unsafe place.storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe place += count
  }

  @inline(__always)
  mutating func write(_ words: SIMD2<UInt64>, count: Int) {
    unsafe precondition(place + 16 <= end)
    unsafe place.storeBytes(of: words, as: SIMD2<UInt64>.self)
    unsafe place += count
  }

  /// Bytes of a text, sixteen at a time where it does not end too soon for that.
  @inline(__always)
  mutating func write(_ text: Span<UInt8>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
    unsafe precondition(place + range.count + 16 <= end)
    unsafe text.withUnsafeBytes { source in
      var from = range.lowerBound
      var to = unsafe place
      while from < range.upperBound, from + 16 <= source.count {
        unsafe to.storeBytes(of: source.loadUnaligned(fromByteOffset: from, as: SIMD2<UInt64>.self), as: SIMD2<UInt64>.self)
        from += 16
        unsafe to += 16
      }
      while from < range.upperBound {
        unsafe to.storeBytes(of: source[from], as: UInt8.self)
        from += 1
        unsafe to += 1
      }
    }
    unsafe place += range.count
  }
}
