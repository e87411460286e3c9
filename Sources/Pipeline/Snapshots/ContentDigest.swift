import Columns
import Crypto
import Digests
import Foundation

/// Names rows by their content, whatever their layout: SHA-256 of schema, row count and the sum, mod 2²⁵⁶, of the SHA-256 of each
/// row's canonical bytes.
///
/// The sum makes it additive: appended rows are hashed, those before are not. A cell's canonical bytes are 0 for null, else 1 and the
/// value: eight bytes, little-endian, or for text its length in eight bytes and its UTF-8.
struct ContentDigest: Sendable {
  private var sum = DigestSum()
  private(set) var rowCount = 0

  mutating func add(_ columns: [Column], rowCount: Int) {
    self.rowCount += rowCount
    forEachRowDigest(columns, rowCount: rowCount) { sum.add($0) }
  }

  /// Rows of which the digests are known.
  mutating func add(_ digests: [RowDigest]) {
    rowCount += digests.count
    for digest in digests { sum.add(digest.bytes) }
  }

  /// Rows that are elsewhere are added up first.
  mutating func add(_ other: ContentDigest) {
    sum.add(other.sum)
    rowCount += other.rowCount
  }

  /// - Parameter fields: of the columns, in their order.
  func hex(_ fields: [Field]) -> String {
    var whole = SHA256()
    let schema = fields.map { "\($0.type.rawValue) \($0.name.utf8.count) \($0.name)\n" }.joined()
    whole.update(data: Data("rows \(rowCount)\n\(schema)".utf8))
    whole.update(data: Data(sum.bytes))
    return hexadecimalText(whole.finalize())
  }

  /// As text for the catalog: what is needed to go on adding.
  var text: String { "\(rowCount) " + hexadecimalText(sum.bytes) }

  init() {}

  /// - Returns: nil if `text` is none of ``text``.
  init?(text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let rows = Int(parts[0]), let sum = DigestSum(hex: parts[1]) else { return nil }
    (rowCount, self.sum) = (rows, sum)
  }
}

/// Each row's own digest.
func rowDigests(_ columns: [Column], rowCount: Int) -> [RowDigest] {
  var digests: [RowDigest] = []
  digests.reserveCapacity(rowCount)
  forEachRowDigest(columns, rowCount: rowCount) { digests.append(RowDigest(bytes: $0)) }
  return digests
}

private func forEachRowDigest(_ columns: [Column], rowCount: Int, _ body: (MessageDigests.Digest) -> Void) {
  var rows = CanonicalRows(columns)
  var start = 0
  while start < rowCount {
    let end = min(start + CanonicalRows.limit, rowCount)
    rows.forEachDigest(start..<end, body)
    start = end
  }
}

/// 256 bits, the least significant word first; sums wrap.
private struct DigestSum: Sendable {
  fileprivate(set) var words: InlineArray<4, UInt64> = [0, 0, 0, 0]

  init() {}

  init?(hex: Substring) {
    guard hex.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var rest = hex
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    for (i, byte) in bytes.enumerated() { words[i >> 3] |= UInt64(byte) << UInt64(8 * (i & 7)) }
  }

  mutating func add(_ digest: MessageDigests.Digest) {
    var other = DigestSum()
    other.words = digest
    add(other)
  }

  mutating func add(_ other: DigestSum) {
    var carry: UInt64 = 0
    for i in 0..<4 {
      let (partial, first) = words[i].addingReportingOverflow(other.words[i])
      let (total, second) = partial.addingReportingOverflow(carry)
      words[i] = total
      carry = (first ? 1 : 0) + (second ? 1 : 0)
    }
  }

  var bytes: [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(8 * ($0 & 7))) }
  }
}
