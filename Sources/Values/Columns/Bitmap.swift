/// Bits side by side, the least significant first, as Arrow keeps validity and booleans.
@frozen
package struct Bitmap: Sendable {
  @usableFromInline package let bytes: Buffer<UInt8>
  package let count: Int

  @inlinable package init(bytes: Buffer<UInt8>, count: Int) {
    precondition(bytes.count * 8 >= count)
    self.bytes = bytes
    self.count = count
  }

  package init(_ bits: some Collection<Bool>) {
    var builder = BitmapBuilder()
    for bit in bits { builder.append(bit) }
    self = builder.finish()
  }

  @inlinable package subscript(_ index: Int) -> Bool {
    bytes.span[index >> 3] >> UInt8(truncatingIfNeeded: index & 7) & 1 == 1
  }

  /// How many bits are set.
  package var ones: Int {
    let span = bytes.span
    var sum = 0
    for i in 0..<(count >> 3) { sum += span[i].nonzeroBitCount }
    for i in (count & ~7)..<count where self[i] { sum += 1 }
    return sum
  }
}

/// Grows a ``Bitmap`` bit by bit.
@frozen
package struct BitmapBuilder: Sendable {
  @usableFromInline var bytes: ContiguousArray<UInt8> = []
  @usableFromInline package var count = 0

  @inlinable package init() {}

  @inlinable package mutating func append(_ bit: Bool) {
    if count & 7 == 0 { bytes.append(0) }
    if bit { bytes[count >> 3] |= 1 << UInt8(truncatingIfNeeded: count & 7) }
    count += 1
  }

  @inlinable package func finish() -> Bitmap { Bitmap(bytes: Buffer(bytes), count: count) }
}
