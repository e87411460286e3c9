import Testing

@testable import SQLiteWarehouse

@Suite struct `Sharing out row ids` {
  static let tables: [[Int64]] = [
    Array(1...1_000),
    (0..<1_000).map { $0 * 1_000_000_007 },
    Array(1...500) + [.max],
    [.min] + (0..<500).map { $0 + 1 << 61 } + [.max],
    (0..<500).map { $0 } + (0..<500).map { $0 + 1 << 50 },
    (0..<62).map { 1 << $0 },
    [.min, .max],
    [.min] + (0..<18).map { 1 << $0 } + [.max],
  ]

  /// Threads as steps of one loop: each has a range at a time, the oldest is read and given back.
  @Test(arguments: tables, [2, 3, 8])
  func `gives every row to one thread, in few steps`(rowIDs: [Int64], threads: Int) {
    let batchRows = 10
    var state = RangeState(left: [rowIDs[0]...rowIDs[rowIDs.count - 1]], threads: threads, batchRows: batchRows)
    var held: [ClosedRange<Int64>] = []
    var read: [Int64] = []
    var claims = 0
    while true {
      while held.count < threads, case .range(let range) = state.claim() {
        held.append(range)
        claims += 1
      }
      guard let range = held.first else { break }
      held.removeFirst()
      let rows = rowIDs.filter(range.contains)
      let batch = rows.prefix(batchRows)
      read += batch
      let ends = batch.first.flatMap { first in batch.last.map { first...$0 } }
      _ = state.giveBack(range, rowCount: batch.count, rows: ends, isDone: rows.count < batchRows)
    }
    #expect(state.claim() == .end)
    #expect(read.sorted() == rowIDs)
    #expect(claims < 2 * rowIDs.count / batchRows + 200)
  }

  @Test func `wakes who waits when a row is given back, and when all is done`() {
    var state = RangeState(left: [1...1], threads: 3, batchRows: 100)
    #expect(state.claim() == .range(1...1))
    #expect(state.claim() == .wait && state.claim() == .wait)
    #expect(state.giveBack(1...2, rowCount: 1, rows: 1...1, isDone: false) == 2)
    #expect(state.claim() == .range(2...2))
    #expect(state.claim() == .wait)
    #expect(state.giveBack(2...2, rowCount: 1, rows: 2...2, isDone: true) == 1)
    #expect(state.claim() == .end)
  }

  @Test func `ends for all when it is abandoned`() {
    var state = RangeState(left: [1...1], threads: 2, batchRows: 100)
    #expect(state.claim() == .range(1...1))
    #expect(state.claim() == .wait)
    #expect(state.abandon() == 1)
    #expect(state.claim() == .end)
    _ = state.giveBack(1...2, rowCount: 1, rows: 1...1, isDone: false)
    #expect(state.claim() == .end)
  }
}
