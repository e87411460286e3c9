internal import CDigests
internal import Crypto

/// The SHA-256 of many short messages, which lie side by side, each padded to whole blocks (FIPS 180-4, 5.1.1).
///
/// Hashed two at a time where the processor has the instructions: twice as fast as one after the other, since one alone waits for its own
/// last step; and nothing is allocated or copied for a message.
package struct MessageDigests: Sendable {
  /// The 32 bytes of a digest as words, the least significant byte first.
  package typealias Digest = InlineArray<4, UInt64>

  private static let hasPairs = gangway_has_sha256_pair()
  private static let blockLength = 64
  /// What padding needs at least: a byte, and the length in bits.
  private static let leastPadding = 9

  private var bytes: ContiguousArray<UInt8> = []
  /// Where each message begins, and the end of the last one's padding.
  private var starts: ContiguousArray<Int> = [0]
  private var lengths: ContiguousArray<Int> = []
  /// Where each message goes on.
  private var places: ContiguousArray<Int> = []
  private let usesPairs: Bool

  /// - Parameter usesPairs: false: one message after the other, by the library, as where the processor lacks the instructions.
  package init(usesPairs: Bool = true) { self.usesPairs = usesPairs && Self.hasPairs }

  /// Forgets all messages and makes room for others. What they hold is unspecified until it is written.
  package mutating func makeRoom(for lengths: ArraySlice<Int>) {
    starts.removeAll(keepingCapacity: true)
    self.lengths.removeAll(keepingCapacity: true)
    var end = 0
    for length in lengths {
      starts.append(end)
      self.lengths.append(length)
      end += (length + Self.leastPadding + Self.blockLength - 1) / Self.blockLength * Self.blockLength
    }
    starts.append(end)
    places = starts
    if bytes.count < end { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
  }

  /// Lets `body` write more of each message, from its place on, which it moves.
  ///
  /// Bytes behind a message may be written, too, up to ``slack``.
  package mutating func write(_ body: (UnsafeMutableRawBufferPointer, inout MutableSpan<Int>) -> Void) {
    var taken: ContiguousArray<Int> = []
    swap(&taken, &places)
    do {
      var places = taken.mutableSpan
      // Safe because: the pointer does not leave the closure.
      unsafe bytes.withUnsafeMutableBytes { unsafe body($0, &places) }
    }
    swap(&taken, &places)
  }

  package static let slack = leastPadding - 1

  /// Calls `body` with the digest of each message, in their order.
  package mutating func eachDigest(_ body: (Digest) -> Void) {
    if lengths.isEmpty { return }
    if !usesPairs { return forEachSingly(body) }
    pad()
    // Safe because: the blocks of both messages lie within `bytes`, and both digests within `pair`; no pointer leaves its closure.
    var pair = InlineArray<8, UInt64>(repeating: 0)
    for first in stride(from: 0, to: lengths.count, by: 2) {
      // The last of an odd number is its own companion.
      let second = min(first + 1, lengths.count - 1)
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe withUnsafeMutableBytes(of: &pair) { digests in
          guard let start = bytes.baseAddress, let out = unsafe digests.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return
          }
          unsafe gangway_sha256_pair(
            start + starts[first], blockCount(first), start + starts[second], blockCount(second), out, out + 32)
        }
      }
      body([pair[0].littleEndian, pair[1].littleEndian, pair[2].littleEndian, pair[3].littleEndian])
      if second > first { body([pair[4].littleEndian, pair[5].littleEndian, pair[6].littleEndian, pair[7].littleEndian]) }
    }
  }

  private func blockCount(_ message: Int) -> Int { (starts[message + 1] - starts[message]) / Self.blockLength }

  /// A bit that is set, zeros, and the message's length in bits.
  private mutating func pad() {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      for message in lengths.indices {
        let (end, next) = (starts[message] + lengths[message], starts[message + 1])
        unsafe bytes[end] = 0x80
        for place in end + 1..<next - 8 { unsafe bytes[place] = 0 }
        // Safe because: the last block ends at `next`, which is within `bytes`.
        unsafe bytes.storeBytes(of: UInt64(lengths[message] * 8).bigEndian, toByteOffset: next - 8, as: UInt64.self)
      }
    }
  }

  private func forEachSingly(_ body: (Digest) -> Void) {
    for message in lengths.indices {
      var hash = SHA256()
      let range = starts[message]..<starts[message] + lengths[message]
      // Safe because: the pointers do not leave the closures; a digest has 32 bytes.
      unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[range])) }
      var words: Digest = [0, 0, 0, 0]
      unsafe hash.finalize().withUnsafeBytes { digest in
        for i in 0..<4 { words[i] = unsafe UInt64(littleEndian: digest.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) }
      }
      body(words)
    }
  }
}
