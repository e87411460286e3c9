import Columns
import Diagnostics
import Parallel
import Synchronization

/// Where a row stands in the order in which rows are kept, as far as numbers tell.
struct SortPlace: Comparable {
  let hash: UInt64
  let event: Int64
  let known: Int64

  init(hash: UInt64, event: Int64, known: Int64) {
    self.hash = hash
    self.event = event
    self.known = known
  }

  /// At or before all rows of a hash.
  init(before hash: UInt64) { self.init(hash: hash, event: .min, known: .min) }

  static func < (a: SortPlace, b: SortPlace) -> Bool {
    if a.hash != b.hash { return a.hash < b.hash }
    return a.event != b.event ? a.event < b.event : a.known < b.known
  }
}

/// How many rows may be sorted at once.
struct SortLimit {
  /// Beside the rows themselves: hashes, times, the order and what it is made of.
  private static let bytesPerRow = 80
  /// A table of fewer rows or bytes is not worth being made.
  private static let leastRows = 4_096
  private static let leastBytes = 1 << 20
  private let workers: Int
  private let bytes: Int

  /// - Parameter memory: bytes that tables may take which are sorted, wait to be written or are written.
  init(memory: Int, workers: Int) {
    self.workers = workers
    bytes = memory
  }

  /// Into how many parts, of about as many rows, a part has to be cut.
  func cuts(of part: Int, _ rows: PartedRows.Parts) -> Int {
    let rowCount = rows.rowCount(of: part)
    // Exact sizes are looked for only where rows of some length more than the others' could matter.
    let most = PieceSize(rowCount: rowCount, byteCount: 8 * rowCount * rows.bytesPerRow)
    return cuts(of: most) == 1 ? 1 : cuts(of: rows.size(of: part))
  }

  private func cuts(of size: PieceSize) -> Int {
    // A worker has the rows twice while it sorts them; as many tables as there are workers may wait, some are being written.
    let sorting = workers * (2 * size.byteCount + Self.bytesPerRow * size.rowCount)
    let all = sorting + (workers + 3) * size.byteCount
    if all <= bytes { return 1 }
    return max(1, min(all / max(1, bytes / 4 * 3) + 1, max(size.rowCount / Self.leastRows, size.byteCount / Self.leastBytes)))
  }
}

extension PartedRows.Parts {
  typealias Places = @Sendable (_ columns: [Column], _ rowCount: Int) -> ContiguousArray<SortPlace>

  /// Between which places a part was cut, and what came of it.
  struct Cut {
    let parts: PartedRows.Parts
    fileprivate let borders: ContiguousArray<SortPlace>

    /// The hashes of which some rows lie before a border, and some behind it.
    var dividedHashes: Set<UInt64> { Set(borders.lazy.filter { $0 != SortPlace(before: $0.hash) }.map(\.hash)) }
  }

  func size(of part: Int) -> PieceSize {
    let sizes = pieces(of: part).map(size(of:))
    return PieceSize(rowCount: sizes.reduce(0) { $0 + $1.rowCount }, byteCount: sizes.reduce(0) { $0 + $1.byteCount })
  }

  /// A part cut into smaller ones that follow each other by their rows' places: equal places stay together. They are on disk.
  ///
  /// - Parameters:
  ///   - dividing: whether rows of one hash may be divided by their times, where they are many.
  ///   - places: of some rows.
  ///   - check: called now and then; it may throw to stop it.
  func cut(
    _ part: Int, into count: Int, dividing: Bool = true, by places: Places, spill: any Spill, workers: Int,
    check: @Sendable () throws(Diagnostics) -> Void = {}
  ) throws(Diagnostics) -> Cut {
    let pieces = pieces(of: part)
    let borders = try borders(of: pieces, into: count, dividing: dividing, by: places)
    let rows = PartedRows(partCount: borders.count + 1, budget: 8 << 20, spill: spill)
    try forEachInParallel(pieces.count, workers: workers) { _, number throws(Diagnostics) in
      try check()
      let (some, count) = try wholeColumns(of: pieces[number])
      if count == 0 { return }
      let parts = ContiguousArray(places(some, count).lazy.map { Int32(borders.countNotAfter($0)) })
      try rows.add(some, rows: ContiguousArray(0..<Int32(count)), parts: parts, number: number)
      release(pieces[number])
    }
    return Cut(parts: try rows.finish(types: types, staysInMemory: false), borders: borders)
  }

  /// Whether all rows of each of some hashes have one key: then their times alone put them in order.
  ///
  /// - Parameter keys: of some rows' columns.
  func haveOneKey(
    each hashes: Set<UInt64>, keys: @Sendable ([Column]) -> KeyColumns, workers: Int
  ) throws(Diagnostics) -> Bool {
    if hashes.isEmpty { return true }
    let pieces = (0..<count).flatMap(pieces(of:))
    let firsts = Mutex<[UInt64: KeyColumns]>([:])
    let clash = Atomic<Bool>(false)
    try forEachInParallel(pieces.count, workers: workers) { _, number throws(Diagnostics) in
      let (some, count) = try wholeColumns(of: pieces[number])
      let keys = keys(some)
      let found = keys.hashes(0..<count)
      for hash in hashes {
        let rows = ContiguousArray((0..<Int32(count)).lazy.filter { found[Int($0)] == hash })
        if rows.isEmpty { continue }
        let first = keys.gathered(rows.span.extracting(0..<1))
        let isSame = firsts.withLock { firsts in
          let known = firsts[hash] ?? first
          firsts[hash] = known
          return KeyColumns.compare(known, 0, first, 0) == 0
        }
        if !isSame || keys.differences(rows.span).contains(true) { clash.store(true, ordering: .relaxed) }
      }
      release(pieces[number])
    }
    return !clash.load(ordering: .relaxed)
  }

  /// A piece's rows alone.
  private func wholeColumns(of piece: Piece) throws(Diagnostics) -> (columns: [Column], rowCount: Int) {
    let (columns, rows) = try columns(of: piece)
    return (columns.map { Column.concatenated([($0, rows)], type: $0.type) }, rows.count)
  }

  /// Places between which there are about as many rows, found by looking at some of them.
  private func borders(
    of pieces: [Piece], into count: Int, dividing: Bool, by places: Places
  ) throws(Diagnostics) -> ContiguousArray<SortPlace> {
    let samplesOfPart = 256
    let rowCount = pieces.reduce(0) { $0 + size(of: $1).rowCount }
    let step = max(1, rowCount / (samplesOfPart * count))
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
    let many = samples.reduce(into: [:]) { $0[$1.hash, default: 0] += 1 }.filter { $0.value > samplesOfPart / 2 }
    var borders = ContiguousArray<SortPlace>()
    for i in 1..<max(1, count) {
      let place = samples[i * samples.count / count]
      let border = dividing && many[place.hash] != nil ? place : SortPlace(before: place.hash)
      if border > borders.last ?? samples[0] { borders.append(border) }
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
