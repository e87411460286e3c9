import Foundation
import GRDB

/// What the catalog knows of a segment beyond its name: enough to find a flipped bit in whatever part of it is read.
struct SegmentRecord: Sendable, Hashable {
  struct Batch: Sendable, Hashable {
    let rowCount: Int
    /// No key of it hashes to less.
    let lowestHash: UInt64
    /// One a column.
    let checksums: [UInt64]
  }

  /// The SHA-256 of its bytes, by which the file is named.
  let digest: String
  let byteCount: Int
  /// Of all but the values.
  let frame: UInt64
  let batches: [Batch]

  var rowCount: Int { batches.reduce(0) { $0 + $1.rowCount } }
}

extension SegmentRecord {
  /// As 64-bit words, little-endian: the frame's checksum, the number of columns, then batch by batch rows, lowest hash, checksums.
  var facts: Data {
    var words = [frame, UInt64(batches.first?.checksums.count ?? 0)]
    for batch in batches { words += [UInt64(batch.rowCount), batch.lowestHash] + batch.checksums }
    var data = Data(capacity: words.count * 8)
    for word in words { for shift in 0..<8 { data.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) } }
    return data
  }

  /// - Returns: nil if `facts` are none.
  init?(digest: String, byteCount: Int, facts: Data) {
    guard facts.count % 8 == 0, facts.count >= 16 else { return nil }
    var words: [UInt64] = []
    for (i, byte) in facts.enumerated() {
      if i % 8 == 0 { words.append(0) }
      words[words.count - 1] |= UInt64(byte) << UInt64(8 * (i % 8))
    }
    guard words[1] < 1 << 20 else { return nil }
    let width = Int(words[1]) + 2
    guard (words.count - 2) % width == 0 else { return nil }
    var batches: [Batch] = []
    for start in stride(from: 2, to: words.count, by: width) {
      guard words[start] <= UInt64(Int32.max) else { return nil }
      batches.append(
        Batch(rowCount: Int(words[start]), lowestHash: words[start + 1], checksums: Array(words[start + 2..<start + width])))
    }
    self.init(digest: digest, byteCount: byteCount, frame: words[0], batches: batches)
  }

  init?(_ row: Row) {
    self.init(digest: row["digest"], byteCount: row["byte_count"], facts: row["facts"])
  }
}
