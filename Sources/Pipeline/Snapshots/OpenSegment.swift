import ArrowFiles
import Columns

/// A segment that is open, with what the catalog knows of it.
struct OpenSegment: Sendable {
  let file: ArrowBatches
  let record: SegmentRecord?
  /// Of each batch its first row's place in the segment; one more than there are batches.
  private let firstRows: [Int]

  /// - Parameter record: absent of a segment whose bytes were compared with its digest already.
  init(_ path: String, _ record: SegmentRecord?) throws(StoreError) {
    do throws(ArrowFileError) {
      file = try ArrowBatches(mapping: path)
      self.record = record
      firstRows = (record?.batches ?? []).reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
      guard let record else { return }
      try file.checkFrame(record.frame)
      guard file.count == record.batches.count, file.byteCount == record.byteCount else {
        throw .damaged(path: path, what: "it has \(file.count) record batches, not \(record.batches.count)")
      }
    } catch {
      throw .segment(error)
    }
  }

  var batchCount: Int { file.count }

  var lowestHashes: ContiguousArray<UInt64> {
    if let record { ContiguousArray(record.batches.map(\.lowestHash)) } else { ContiguousArray(repeating: 0, count: file.count) }
  }

  func firstRow(of batch: Int) -> Int { batch < firstRows.count ? firstRows[batch] : 0 }

  /// The batches that may hold rows with such hashes.
  func batches(_ hashes: ClosedRange<UInt64>) -> Range<Int> {
    let lowest = lowestHashes
    let end = lowest.firstIndex { $0 > hashes.upperBound } ?? lowest.count
    let start = max(0, (lowest.firstIndex { $0 > hashes.lowerBound } ?? lowest.count) - 1)
    return min(start, end)..<end
  }

  func columns(of batch: Int, wanted: Set<Int>) throws(StoreError) -> (columns: [Column?], rowCount: Int) {
    do throws(ArrowFileError) {
      guard let record else { return try file.columns(of: batch, wanted: wanted, checksums: nil) }
      let facts = record.batches[batch]
      let (columns, rowCount) = try file.columns(of: batch, wanted: wanted, checksums: facts.checksums.span)
      guard rowCount == facts.rowCount else {
        throw .damaged(path: file.path, what: "record batch \(batch) has \(rowCount) rows, not \(facts.rowCount)")
      }
      return (columns, rowCount)
    } catch {
      throw .segment(error)
    }
  }
}

/// Ends that later segments give to versions in one segment: its rows, rising, and the known time of the version that came.
struct VersionEnds: Sendable {
  private(set) var rows: ContiguousArray<Int> = []
  private(set) var ends: ContiguousArray<Int64> = []

  var isEmpty: Bool { rows.isEmpty }

  init() {}

  /// Of a row that is ended twice, the earlier end counts.
  init(_ pairs: [(row: Int, end: Int64)]) {
    for pair in pairs.sorted(by: { ($0.row, $0.end) < ($1.row, $1.end) }) where rows.last != pair.row {
      rows.append(pair.row)
      ends.append(pair.end)
    }
  }

  func within(_ range: Range<Int>) -> [(row: Int, end: Int64)] {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var found: [(row: Int, end: Int64)] = []
    while low < rows.count, rows[low] < range.upperBound {
      found.append((rows[low], ends[low]))
      low += 1
    }
    return found
  }
}
