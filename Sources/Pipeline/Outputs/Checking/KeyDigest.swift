internal import Columns

/// 128 bits that stand for an entity's key. Two keys of one digest are as likely as guessing a cipher's key.
package struct KeyDigest: Sendable, Hashable, BitwiseCopyable {
  package let low: UInt64
  package let high: UInt64
}

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF"), fed with whole words.
package struct SipHash: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var words: UInt64 = 0

  package init(key low: UInt64, _ high: UInt64) {
    v0 = 0x736f_6d65_7073_6575 ^ low
    v1 = 0x646f_7261_6e64_6f6d ^ high ^ 0xee
    v2 = 0x6c79_6765_6e65_7261 ^ low
    v3 = 0x7465_6462_7974_6573 ^ high
  }

  @inline(__always)
  package mutating func feed(_ word: UInt64) {
    words &+= 1
    absorb(word)
  }

  package var digest: KeyDigest {
    var state = self
    // The length in bytes, of which the last eight bits count.
    state.absorb(words << 59)
    state.v2 ^= 0xee
    let low = state.squeeze()
    state.v1 ^= 0xdd
    return KeyDigest(low: low, high: state.squeeze())
  }

  @inline(__always)
  private mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  private mutating func squeeze() -> UInt64 {
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  @inline(__always)
  private mutating func round() {
    v0 &+= v1
    v1 = v1 << 13 | v1 >> 51
    v1 ^= v0
    v0 = v0 << 32 | v0 >> 32
    v2 &+= v3
    v3 = v3 << 16 | v3 >> 48
    v3 ^= v2
    v0 &+= v3
    v3 = v3 << 21 | v3 >> 43
    v3 ^= v0
    v2 &+= v1
    v1 = v1 << 17 | v1 >> 47
    v1 ^= v2
    v2 = v2 << 32 | v2 >> 32
  }
}

/// Digests of keys with a secret of this process, so that nobody can make a file of keys that share one. No result depends on it.
enum KeyDigests {
  private static let secret = (low: UInt64.random(in: .min ... .max), high: UInt64.random(in: .min ... .max))

  /// One per row. What stands in a null's slot is digested too: the caller leaves such rows out.
  static func of(_ key: [Column], rowCount: Int) -> ContiguousArray<KeyDigest> {
    var states = ContiguousArray(repeating: SipHash(key: secret.low, secret.high), count: rowCount)
    var span = states.mutableSpan
    for column in key { column.feed(to: &span) }
    var digests = ContiguousArray<KeyDigest>()
    digests.reserveCapacity(rowCount)
    for state in states { digests.append(state.digest) }
    return digests
  }
}

extension Column {
  /// Values as words; a text is fed its length first, so that (1, 23) and (12, 3) differ.
  fileprivate func feed(to states: inout MutableSpan<SipHash>) {
    switch values {
    case .int64(let buffer), .timestamp(let buffer):
      let span = buffer.span
      for row in span.indices { states[row].feed(UInt64(bitPattern: span[row])) }
    case .float64(let buffer):
      let span = buffer.span
      for row in span.indices { states[row].feed(span[row].bitPattern) }
    case .date(let buffer):
      let span = buffer.span
      for row in span.indices { states[row].feed(UInt64(bitPattern: Int64(span[row]))) }
    case .boolean(let bits): for row in 0..<count { states[row].feed(bits[row] ? 1 : 0) }
    case .string(let offsets, let bytes):
      let (ends, text) = (offsets.span, bytes.span)
      for row in 0..<count {
        let (start, end) = (Int(ends[row]), Int(ends[row + 1]))
        states[row].feed(UInt64(end - start))
        for from in stride(from: start, to: end, by: 8) {
          var word: UInt64 = 0
          for i in from..<min(from + 8, end) { word |= UInt64(text[i]) << UInt64(8 * (i - from)) }
          states[row].feed(word)
        }
      }
    }
  }
}
