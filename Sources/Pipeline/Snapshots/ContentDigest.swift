package import Columns
import Crypto
import Foundation

/// Names rows by their content, whatever their layout: SHA-256 of schema, row count and the sum, mod 2²⁵⁶, of the SHA-256 of each
/// row's canonical bytes.
///
/// The sum makes it additive: appended rows are hashed, those before are not. A cell's canonical bytes are 0 for null, else 1 and the
/// value: eight bytes, little-endian, or for text its length in eight bytes and its UTF-8.
package func contentDigest(of table: Table) -> String {
  var sum = DigestSum()
  let cells = table.columns.map(CanonicalCells.init)
  var row = ContiguousArray<UInt8>()
  for index in 0..<table.rowCount {
    row.removeAll(keepingCapacity: true)
    for column in cells { column.append(index, to: &row) }
    var hash = SHA256()
    // Safe because: the pointer does not leave the closure.
    unsafe row.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    sum.add(hash.finalize())
  }
  var whole = SHA256()
  let schema = table.fields.map { "\($0.type.rawValue) \($0.name.utf8.count) \($0.name)\n" }.joined()
  whole.update(data: Data("rows \(table.rowCount)\n\(schema)".utf8))
  whole.update(data: Data(sum.bytes))
  return whole.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// One column's cells as canonical bytes.
private struct CanonicalCells {
  let column: Column

  init(_ column: Column) { self.column = column }

  func append(_ row: Int, to bytes: inout ContiguousArray<UInt8>) {
    if column.isNull(row) {
      bytes.append(0)
      return
    }
    bytes.append(1)
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer): appendWord(UInt64(bitPattern: buffer.span[row]), to: &bytes)
    case .float64(let buffer): appendWord(buffer.span[row].bitPattern, to: &bytes)
    case .boolean(let bits): appendWord(bits[row] ? 1 : 0, to: &bytes)
    case .date(let buffer): appendWord(UInt64(bitPattern: Int64(buffer.span[row])), to: &bytes)
    case .string(let offsets, let text):
      let (start, end) = (Int(offsets.span[row]), Int(offsets.span[row + 1]))
      appendWord(UInt64(end - start), to: &bytes)
      let span = text.span
      for i in start..<end { bytes.append(span[i]) }
    }
  }

  private func appendWord(_ word: UInt64, to bytes: inout ContiguousArray<UInt8>) {
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
  }
}

/// 256 bits, the least significant word first; sums wrap.
private struct DigestSum {
  private var words: InlineArray<4, UInt64> = [0, 0, 0, 0]

  mutating func add(_ digest: SHA256.Digest) {
    var other: InlineArray<4, UInt64> = [0, 0, 0, 0]
    for (i, byte) in digest.enumerated() { other[i >> 3] |= UInt64(byte) << UInt64(8 * (i & 7)) }
    var carry: UInt64 = 0
    for i in 0..<4 {
      let (partial, first) = words[i].addingReportingOverflow(other[i])
      let (total, second) = partial.addingReportingOverflow(carry)
      words[i] = total
      carry = (first ? 1 : 0) + (second ? 1 : 0)
    }
  }

  var bytes: [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(8 * ($0 & 7))) }
  }
}
