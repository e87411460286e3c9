import Columns
import Diagnostics
import Parallel
import Synchronization

/// Where a row stands in the order in which rows are kept, as far as numbers tell.
struct SortPlace: Comparable {
  let hash: UInt64
  let event: Int64
  let known: Int64

  static func < (a: SortPlace, b: SortPlace) -> Bool {
    if a.hash != b.hash { return a.hash < b.hash }
    return a.event != b.event ? a.event < b.event : a.known < b.known
  }
}

/// How many rows may be sorted at once.
struct SortLimit {
  /// Beside the rows themselves: hashes, times, the order and what it is made of.
  private static let bytesPerRow = 80
  /// A table of fewer is not worth being made.
  private static let leastRows = 4_096
  private let workers: Int
  private let bytes: Int

  /// - Parameter memory: bytes that tables may take which are sorted, wait to be written or are written.
  init(memory: Int, workers: Int) {
    self.workers = workers
    bytes = memory
  }

  /// Into how many parts, of about as many rows, a part has to be cut.
  func cuts(of part: Int, _ rows: PartedRows.Parts) -> Int {
    rows.rowCount(of: part) < 2 * Self.leastRows ? 1 : cuts(of: rows.size(of: part))
  }

  private func cuts(of size: PieceSize) -> Int {
    // A worker has the rows twice while it sorts them; as many tables as there are workers may wait, some are being written.
    let sorting = workers * (2 * size.byteCount + Self.bytesPerRow * size.rowCount)
    let all = sorting + (workers + 3) * size.byteCount
    return all <= bytes ? 1 : max(1, min(all / max(1, bytes / 4 * 3) + 1, size.rowCount / Self.leastRows))
  }
}

extension PartedRows.Parts {
  typealias Places = @Sendable (_ columns: [Column], _ rowCount: Int) -> ContiguousArray<SortPlace>

  func size(of part: Int) -> PieceSize {
    let sizes = pieces(of: part).map(size(of:))
    return PieceSize(rowCount: sizes.reduce(0) { $0 + $1.rowCount }, byteCount: sizes.reduce(0) { $0 + $1.byteCount })
  }

  /// A part cut into smaller ones that follow each other by their rows' places: equal places stay together. They are on disk.
  ///
  /// - Parameter places: of some rows.
  func cut(_ part: Int, into count: Int, by places: Places, spill: any Spill, workers: Int) throws(Diagnostics) -> PartedRows.Parts {
    let pieces = pieces(of: part)
    let borders = try borders(of: pieces, into: count, by: places)
    let rows = PartedRows(partCount: borders.count + 1, budget: 8 << 20, spill: spill)
    try forEachInParallel(pieces.count, workers: workers) { _, number throws(Diagnostics) in
      let (columns, range) = try columns(of: pieces[number])
      if range.isEmpty { return }
      let some = columns.map { Column.concatenated([($0, range)], type: $0.type) }
      let parts = ContiguousArray(places(some, range.count).lazy.map { Int32(borders.countNotAfter($0)) })
      try rows.add(some, rows: ContiguousArray(0..<Int32(range.count)), parts: parts, number: number)
      release(pieces[number])
    }
    return try rows.finish(types: types, staysInMemory: false)
  }

  /// Places between which there are about as many rows, found by looking at some of them.
  private func borders(of pieces: [Piece], into count: Int, by places: Places) throws(Diagnostics) -> ContiguousArray<SortPlace> {
    let rowCount = pieces.reduce(0) { $0 + size(of: $1).rowCount }
    let step = max(1, rowCount / (256 * count))
    var samples = ContiguousArray<SortPlace>()
    var next = 0
    for piece in pieces {
      let pieceRows = size(of: piece).rowCount
      let chosen = ContiguousArray(stride(from: next, to: pieceRows, by: step).lazy.map { Int32($0) })
      next = next + chosen.count * step - pieceRows
      if chosen.isEmpty { continue }
      let (columns, range) = try columns(of: piece)
      let rows = ContiguousArray(chosen.lazy.map { $0 + Int32(range.lowerBound) })
      samples.append(contentsOf: places(columns.map { $0.gathered(rows.span) }, rows.count))
      release(piece)
    }
    samples.sort()
    var borders = ContiguousArray<SortPlace>()
    for i in 1..<max(1, count) {
      let place = samples[i * samples.count / count]
      if place > borders.last ?? samples[0] { borders.append(place) }
    }
    return borders
  }
}

extension ContiguousArray<SortPlace> {
  /// How many are not after a place; they are sorted.
  fileprivate func countNotAfter(_ place: SortPlace) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if place < self[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
