/// A fixed 64-bit hash of bytes: the same on every machine and in every version, since stored segments are sorted by it.
///
/// Fed with 64-bit words; a text is fed its length first, so that (1, 23) and (12, 3) differ.
@frozen
package struct KeyHash: Sendable {
  @usableFromInline var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inlinable package init() {}

  @inlinable package mutating func feed(_ word: UInt64) {
    // One round of multiply and fold; the odd constants are digits of √2 and √3.
    let product = (state ^ word &* 0x6A09_E667_F3BC_C909).multipliedFullWidth(by: 0xBB67_AE85_84CA_A73B)
    state = product.high ^ product.low &+ word
  }

  /// Spread over all bits.
  @inlinable package var value: UInt64 {
    var x = state
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
    return x ^ x >> 31
  }
}
