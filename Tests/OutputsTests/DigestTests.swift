import Columns
import Testing

@testable import Outputs

@Suite struct `Digests of keys` {
  /// From OpenSSL: `openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 SIPHASH`, bytes 00 01 02 …
  @Test(arguments: [
    (0, [0xe6a8_25ba_047f_81a3 as UInt64, 0x9302_55c7_1472_f66d] as [UInt64]),
    (1, [0x61f5_5862_baa9_623b, 0xb497_14f3_64e2_830f] as [UInt64]),
    (2, [0xbb54_b067_caa4_e26e, 0x7705_2385_bf15_33fd] as [UInt64]),
  ])
  func `are SipHash`(words: Int, expected: [UInt64]) {
    var hash = SipHash(key: 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
    for word in [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908 as UInt64].prefix(words) { hash.feed(word) }
    #expect(hash.digest == KeyDigest(low: expected[0], high: expected[1]))
  }

  @Test func `tell part from part`() {
    func digest(_ a: String, _ b: String) -> KeyDigest {
      let columns = [a, b].map { text in
        var column = ColumnBuilder(.string)
        column.append(text)
        return column.finish()
      }
      return KeyDigests.of(columns, rowCount: 1)[0]
    }
    let pairs = [
      ("1", "23"), ("12", "3"), ("123", ""), ("", "123"), ("\u{0}", ""), ("", "\u{0}"), ("", ""), ("12345678", ""), ("1234567", "8"),
    ]
    #expect(Set(pairs.map(digest)).count == pairs.count)
    #expect(digest("a", "b") == digest("a", "b"))
  }
}

@Suite struct `Rows that were seen` {
  @Test func `are found by key and moment`() {
    var seen = SeenRows()
    func key(_ i: Int) -> KeyDigest { KeyDigest(low: UInt64(i) &* 0x9E37_79B9_7F4A_7C15, high: ~UInt64(i)) }
    for i in 0..<200_000 { #expect(seen.insert(key(i / 2), at: Int64(i % 2), place: Int64(i + 2)) == nil) }
    for i in stride(from: 0, to: 200_000, by: 997) {
      let earlier = seen.insert(key(i / 2), at: Int64(i % 2), place: 0)
      #expect(earlier?.number == i && earlier?.place == Int64(i + 2))
    }
    #expect(seen.rowCount == 200_000)
    #expect(seen.countKeys() == 100_000)
  }
}
