package import Columns
import Kernels
import Parallel

/// A stretch of the spine as questions to one entity: sorted by (key hash, key, decision time), those with a null in their key apart.
package struct Questions: Sendable {
  /// Of the whole spine.
  let keys: KeyColumns
  /// Which spine rows ask; rows below are counted from its beginning.
  let range: Range<Int>
  /// In order of asking: each question's row, its key's hash, its decision time in microseconds.
  let rows: Buffer<Int32>
  let hashes: Buffer<UInt64>
  let times: Buffer<Int64>
  /// 1 for a question whose key is another than that of the question before.
  let keyBegins: Buffer<UInt8>
  /// Rows with a null in their key (rule R2).
  let keyless: Buffer<Int32>

  package init(keys columns: [Column], times: Buffer<Int64>, range: Range<Int>, workers: Int) {
    let keys = KeyColumns(columns)
    self.keys = keys
    self.range = range
    let lots = Lots(keys: keys, times: times, range: range, workers: workers)
    let (rows, hashes, askTimes) = (
      Slots<Int32>(count: lots.askCount), Slots<UInt64>(count: lots.askCount), Slots<Int64>(count: lots.askCount)
    )
    let keyBegins = Slots<UInt8>(count: lots.askCount)
    forEachInParallel(Lots.count, workers: workers) { _, lot in
      let (asks, differs) = lots.sorted(lot)
      let start = lots.start(of: lot)
      rows.withPlaces { rows in for (i, ask) in asks.enumerated() { rows[start + i] = ask.row } }
      hashes.withPlaces { hashes in for (i, ask) in asks.enumerated() { hashes[start + i] = ask.hash } }
      askTimes.withPlaces { times in for (i, ask) in asks.enumerated() { times[start + i] = ask.time } }
      // The first of a lot has another hash than the one before.
      keyBegins.withPlaces { begins in for i in asks.indices where i == 0 || differs[i] { begins[start + i] = 1 } }
    }
    (self.rows, self.hashes, self.times, self.keyBegins) = (rows.buffer, hashes.buffer, askTimes.buffer, keyBegins.buffer)
    keyless = lots.keyless
  }

  var count: Int { rows.count }

  /// The spine row of a question, for messages.
  func spineRow(_ ask: Int) -> Int { range.lowerBound + Int(rows.span[ask]) }

  /// The first question whose hash is not below this.
  func firstAsk(hash: UInt64) -> Int {
    let span = hashes.span
    var (low, high) = (0, span.count)
    while low < high {
      let middle = (low + high) / 2
      if span[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

private struct Ask: ByHash {
  let hash: UInt64
  let time: Int64
  let row: Int32
}

/// Questions by the first eight bits of their hash: what several workers can sort at once.
private struct Lots: Sendable {
  static let count = 256

  private let keys: KeyColumns
  private let range: Range<Int>
  private let chunks: [ContiguousArray<Ask>]
  /// Per chunk, where each lot ends in it.
  private let ends: [ContiguousArray<Int>]
  private let starts: ContiguousArray<Int>
  let keyless: Buffer<Int32>

  init(keys: KeyColumns, times: Buffer<Int64>, range: Range<Int>, workers: Int) {
    self.keys = keys
    self.range = range
    let size = max(1, min(65_536, (range.count + workers - 1) / workers))
    let chunkCount = (range.count + size - 1) / size
    let made = Gathered<(asks: ContiguousArray<Ask>, ends: ContiguousArray<Int>, keyless: ContiguousArray<Int32>)>(count: chunkCount)
    forEachInParallel(chunkCount, workers: workers) { _, chunk in
      let start = range.lowerBound + chunk * size
      made.set(chunk, Self.chunk(keys, times, start..<min(start + size, range.upperBound), base: range.lowerBound))
    }
    let parts = made.all
    chunks = parts.map(\.asks)
    ends = parts.map(\.ends)
    keyless = Buffer(parts.lazy.flatMap(\.keyless))
    var starts: ContiguousArray<Int> = [0]
    for lot in 0..<Self.count {
      starts.append(starts[lot] + parts.reduce(0) { $0 + $1.ends[lot] - (lot == 0 ? 0 : $1.ends[lot - 1]) })
    }
    self.starts = starts
  }

  var askCount: Int { starts[Self.count] }

  func start(of lot: Int) -> Int { starts[lot] }

  /// One chunk's questions, those of a lot side by side.
  private static func chunk(
    _ keys: KeyColumns, _ times: Buffer<Int64>, _ rows: Range<Int>, base: Int
  ) -> (asks: ContiguousArray<Ask>, ends: ContiguousArray<Int>, keyless: ContiguousArray<Int32>) {
    let hashes = keys.hashes(rows)
    let mayLack = keys.columns.contains { $0.validity != nil }
    var keyless: ContiguousArray<Int32> = []
    var places = ContiguousArray<Int>(repeating: 0, count: count + 1)
    for (i, row) in rows.enumerated() {
      if mayLack, keys.hasNull(row) { keyless.append(Int32(row - base)) } else { places[Int(hashes[i] >> 56) + 1] += 1 }
    }
    for lot in 0..<count { places[lot + 1] += places[lot] }
    let ends = ContiguousArray(places.dropFirst())
    var asks = ContiguousArray<Ask>(repeating: Ask(hash: 0, time: 0, row: 0), count: ends[count - 1])
    let span = times.span
    for (i, row) in rows.enumerated() where !(mayLack && keys.hasNull(row)) {
      let lot = Int(hashes[i] >> 56)
      asks[places[lot]] = Ask(hash: hashes[i], time: span[row], row: Int32(row - base))
      places[lot] += 1
    }
    return (asks, ends, keyless)
  }

  /// - Returns: a lot's questions, and which of them have another key than the one before.
  func sorted(_ lot: Int) -> (asks: ContiguousArray<Ask>, differs: ContiguousArray<Bool>) {
    var asks: ContiguousArray<Ask> = []
    asks.reserveCapacity(starts[lot + 1] - starts[lot])
    for (chunk, ends) in zip(chunks, ends) { asks.append(contentsOf: chunk[(lot == 0 ? 0 : ends[lot - 1])..<ends[lot]]) }
    asks.sortByHash { a, b in a.hash != b.hash ? a.hash < b.hash : a.time != b.time ? a.time < b.time : a.row < b.row }
    var differs = differences(asks)
    // Different keys next to never have one hash.
    if asks.indices.dropFirst().contains(where: { asks[$0 - 1].hash == asks[$0].hash && differs[$0] }) {
      asks.sort { a, b in
        if a.hash != b.hash { return a.hash < b.hash }
        let key = compare(a, b)
        return key != 0 ? key < 0 : a.time != b.time ? a.time < b.time : a.row < b.row
      }
      differs = differences(asks)
    }
    return (asks, differs)
  }

  private func differences(_ asks: ContiguousArray<Ask>) -> ContiguousArray<Bool> {
    keys.differences(ContiguousArray(asks.lazy.map(\.row)).span, base: range.lowerBound)
  }

  private func compare(_ a: Ask, _ b: Ask) -> Int {
    KeyColumns.compare(keys, range.lowerBound + Int(a.row), keys, range.lowerBound + Int(b.row))
  }
}
