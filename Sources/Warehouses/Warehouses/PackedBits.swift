internal import Columns

/// Bits that come one by one, or many at once: what ``BitmapBuilder`` cannot.
struct PackedBits: Sendable {
  /// Bits beyond `count` are 0.
  private var bytes: ContiguousArray<UInt8> = []
  private var count = 0

  init() {}

  /// - Parameter ones: how many bits there are already, all of them set.
  init(ones: Int) {
    count = ones
    bytes = ContiguousArray(repeating: 0xFF, count: ones >> 3)
    if ones & 7 != 0 { bytes.append(1 << UInt8(ones & 7) - 1) }
  }

  mutating func append(_ bit: Bool) {
    if count & 7 == 0 { bytes.append(0) }
    if bit { bytes[count >> 3] |= 1 << UInt8(truncatingIfNeeded: count & 7) }
    count += 1
  }

  /// Which cells are values, by their kinds in a ``CellBlock``: null is 0, all others are small.
  mutating func append(kinds: Span<UInt8>) {
    var i = 0
    while count & 7 != 0 && i < kinds.count {
      append(kinds[i] != CellBlock.Kind.null)
      i += 1
    }
    while i &+ 8 <= kinds.count {
      // Safe because: eight bytes from `i` on are there.
      let eight = unsafe kinds.bytes.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self)
      bytes.append(firstBits(eight))
      count &+= 8
      i &+= 8
    }
    while i < kinds.count {
      append(kinds[i] != CellBlock.Kind.null)
      i += 1
    }
  }

  /// - Parameter bits: absent: `more` bits that are set.
  mutating func append(_ bits: Bitmap?, count more: Int) {
    let shift = UInt8(truncatingIfNeeded: count & 7)
    for i in 0..<(more + 7) >> 3 {
      let isWhole = (i + 1) << 3 <= more
      let byte = (bits?.bytes.span[i] ?? 0xFF) & (isWhole ? 0xFF : 1 << UInt8(truncatingIfNeeded: more & 7) - 1)
      if shift == 0 {
        bytes.append(byte)
      } else {
        bytes[bytes.count - 1] |= byte << shift
        bytes.append(byte >> (8 - shift))
      }
    }
    count += more
    bytes.removeLast(bytes.count - (count + 7) >> 3)
  }

  var bitmap: Bitmap { Bitmap(bytes: Buffer(bytes), count: count) }
}

/// One bit per byte, the least significant first: whether the byte, which is below 128, is not 0.
private func firstBits(_ eight: UInt64) -> UInt8 {
  let high = (UInt64(littleEndian: eight) &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080
  // Each bit 8i + 7 goes to bit 56 + i; no two of the products' other bits meet there.
  return UInt8(truncatingIfNeeded: ((high >> 7) &* 0x0102_0408_1020_4080) >> 56)
}
