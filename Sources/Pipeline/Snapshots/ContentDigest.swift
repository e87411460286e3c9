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
  forEachRowDigest(columns, rowCount: rowCount) { digest in
    var words = DigestSum()
    words.add(digest)
    digests.append(RowDigest(bytes: words.words))
  }
  return digests
}

private func forEachRowDigest(_ columns: [Column], rowCount: Int, _ body: (SHA256.Digest) -> Void) {
  var rows = CanonicalRows(columns)
  var start = 0
  while start < rowCount {
    let end = min(start + CanonicalRows.limit, rowCount)
    rows.fill(start..<end)
    rows.eachRow { bytes in
      var hash = SHA256()
      // Safe because: the pointer does not leave the call.
      unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
      body(hash.finalize())
    }
    start = end
  }
}

/// The canonical bytes of some rows, one after the other: written column by column, so that the loops are of one type.
private struct CanonicalRows {
  /// So many rows stay in a core's cache.
  static let limit = 512

  private let columns: [Column]
  private var bytes = ContiguousArray<UInt8>()
  private var ends = ContiguousArray<Int>(repeating: 0, count: limit)
  private var places = ContiguousArray<Int>(repeating: 0, count: limit)
  private var count = 0

  init(_ columns: [Column]) { self.columns = columns }

  func eachRow(_ body: (RawSpan) -> Void) {
    for i in 0..<count { unsafe body(bytes.span.bytes.extracting((i == 0 ? 0 : ends[i - 1])..<ends[i])) }
  }

  mutating func fill(_ rows: Range<Int>) {
    count = rows.count
    for i in 0..<count { places[i] = 0 }
    for column in columns { measure(column, rows) }
    var total = 0
    for i in 0..<count {
      let length = places[i]
      places[i] = total
      total += length
      ends[i] = total
    }
    if bytes.count < total { bytes.append(contentsOf: repeatElement(0, count: total - bytes.count)) }
    for column in columns { write(column, rows) }
  }

  /// Adds up lengths in `places`.
  private mutating func measure(_ column: Column, _ rows: Range<Int>) {
    if case .string(let offsets, _) = column.values {
      let span = offsets.span
      for (i, row) in rows.enumerated() {
        places[i] += column.isNull(row) ? 1 : 9 + Int(span[row + 1] - span[row])
      }
    } else if column.validity != nil {
      for (i, row) in rows.enumerated() { places[i] += column.isNull(row) ? 1 : 9 }
    } else {
      for i in 0..<count { places[i] += 9 }
    }
  }

  private mutating func write(_ column: Column, _ rows: Range<Int>) {
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer):
      let values = buffer.span
      writeWords(column, rows) { UInt64(bitPattern: values[$0]) }
    case .float64(let buffer):
      let values = buffer.span
      writeWords(column, rows) { values[$0].bitPattern }
    case .boolean(let bits): writeWords(column, rows) { bits[$0] ? 1 : 0 }
    case .date(let buffer):
      let values = buffer.span
      writeWords(column, rows) { UInt64(bitPattern: Int64(values[$0])) }
    case .string(let offsets, let text):
      let (ends, source) = (offsets.span, text.span)
      writeWords(column, rows) { UInt64(ends[$0 + 1] - ends[$0]) }
      for (i, row) in rows.enumerated() where !column.isNull(row) {
        var place = places[i]
        for k in Int(ends[row])..<Int(ends[row + 1]) {
          bytes[place] = source[k]
          place += 1
        }
        places[i] = place
      }
    }
  }

  @inline(__always)
  private mutating func writeWords(_ column: Column, _ rows: Range<Int>, _ word: (Int) -> UInt64) {
    let hasNulls = column.validity != nil
    // Safe because: the lengths were measured, so every cell lies within `bytes`; the pointers do not leave the closures.
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe places.withUnsafeMutableBufferPointer { places in
        for (i, row) in rows.enumerated() {
          let place = unsafe places[i]
          if hasNulls, column.isNull(row) {
            unsafe bytes[place] = 0
            unsafe places[i] = place + 1
          } else {
            unsafe bytes[place] = 1
            unsafe bytes.storeBytes(of: word(row).littleEndian, toByteOffset: place + 1, as: UInt64.self)
            unsafe places[i] = place + 9
          }
        }
      }
    }
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

  mutating func add(_ digest: SHA256.Digest) {
    var other = DigestSum()
    // Safe because: a digest has 32 bytes; the pointer does not leave the closure.
    unsafe digest.withUnsafeBytes { bytes in
      for i in 0..<4 { other.words[i] = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) }
    }
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
