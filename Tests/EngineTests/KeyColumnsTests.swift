import Columns
import Testing

@testable import Engine

@Suite struct `Keys` {
  private func texts(_ values: [String?]) -> Column {
    var builder = ColumnBuilder(.string)
    for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
    return builder.finish()
  }

  private func numbers(_ values: [Int64]) -> Column { Column(.int64(Buffer(values))) }

  @Test func `compare text by bytes, composed and decomposed letters being two`() {
    let keys = KeyColumns([texts(["\u{e9}", "e\u{301}", "\u{e9}", "B", "a"])])
    #expect(KeyColumns.compare(keys, 0, keys, 1) != 0)
    #expect(keys.hash(0) != keys.hash(1))
    #expect(KeyColumns.compare(keys, 0, keys, 2) == 0)
    #expect(keys.hash(0) == keys.hash(2))
    #expect(KeyColumns.compare(keys, 3, keys, 4) < 0, "B before a, as bytes are")
  }

  @Test func `are tuples, not joined text`() {
    let keys = KeyColumns([texts(["1", "11"]), texts(["12", "2"])])
    #expect(KeyColumns.compare(keys, 0, keys, 1) != 0)
    #expect(keys.hash(0) != keys.hash(1))
  }

  @Test func `have a hash that no version may change`() {
    #expect(KeyColumns([numbers([42])]).hash(0) == 8_461_561_239_835_989_869)
    #expect(KeyColumns([texts(["gangway"]), numbers([-1])]).hash(0) == 15_875_460_696_948_943_282)
    #expect(KeyColumns([texts([""])]).hash(0) == 16_343_597_007_337_774_213)
  }

  @Test func `spread neighbouring numbers over all bits`() {
    let keys = KeyColumns([numbers(Array(0..<4_096))])
    let hashes = (0..<4_096).map(keys.hash)
    #expect(Set(hashes).count == 4_096)
    for shift in [0, 24, 52] {
      let buckets = hashes.reduce(into: [Int](repeating: 0, count: 16)) { $0[Int($1 >> UInt64(shift) & 15)] += 1 }
      #expect(buckets.allSatisfy { (180...330).contains($0) }, "\(buckets)")
    }
  }

  @Test func `with a null in any part are no keys`() {
    let keys = KeyColumns([texts(["a", nil]), numbers([1, 2])])
    #expect(!keys.hasNull(0))
    #expect(keys.hasNull(1))
  }
}
