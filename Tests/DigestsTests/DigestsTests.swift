import Crypto
import Digests
import Testing

@Suite struct `Digests of many messages` {
  /// Around the borders of blocks: 55 bytes are the most that fit into one, with their padding.
  static let lengths = [[], [0], [55, 56], Array(0...200), [3, 1_000, 64, 63, 119, 120, 5], Array(repeating: 100, count: 257)]

  @Test(arguments: lengths, [true, false])
  func `are those of each alone`(lengths: [Int], usesPairs: Bool) {
    var messages = MessageDigests(usesPairs: usesPairs)
    // The second time over what the first has left behind.
    for round in 1...2 {
      let texts = lengths.enumerated().map { number, length in (0..<length).map { UInt8(truncatingIfNeeded: number * 7 + $0 * round) } }
      messages.makeRoom(for: lengths[...])
      // In two goes, and beyond the end as far as is allowed.
      for half in 0...1 {
        unsafe messages.write { bytes, places in
          for (number, text) in texts.enumerated() {
            let part = half == 0 ? text.prefix(text.count / 2) : text.dropFirst(text.count / 2)
            for (i, byte) in part.enumerated() { unsafe bytes[places[number] + i] = byte }
            places[number] += part.count
            if half == 1 { for i in 0..<MessageDigests.slack { unsafe bytes[places[number] + i] = 0xEE } }
          }
        }
      }
      var found: [[UInt8]] = []
      messages.eachDigest { digest in
        found.append((0..<32).map { UInt8(truncatingIfNeeded: digest[$0 / 8] >> UInt64(8 * ($0 % 8))) })
      }
      #expect(found == texts.map { Array(SHA256.hash(data: $0)) })
    }
  }

  @Test func `are written in lower-case digits`() {
    #expect(hexadecimalText([0, 0x0A, 0x9F, 0xFF]) == "000a9fff")
    #expect(hexadecimalText([]) == "")
  }
}
