@testable import Kernels

/// A few entities with rows and questions at few different times, so that every border is hit; and the slow model of what
/// is inside a window.
struct Partition {
  enum Shape: String, CaseIterable, Sendable {
    /// Rows are known when they happen and never change.
    case ordered
    /// Some are known later.
    case late
    /// And some end early, or never are known.
    case corrected
  }

  var groups: ContiguousArray<EntityGroups.Group> = []
  var eventTimes: [Int64] = []
  var enter: [Int64] = []
  var leave: [Int64] = []
  var askTimes: [Int64] = []
  var values: [Int64] = []
  var counted: [Bool] = []
  /// The window as ``layWindow`` takes it where rows are ordered.
  var offset: Int64 = 0
  var length: Int64 = 1

  init() {}

  init(_ random: inout SplitMix64, shape: Shape, size: Int = 7) {
    offset = Int64.random(in: 0...1, using: &random)
    length = Int64.random(in: 1...4, using: &random)
    let span = Int64(size)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let times = (0..<Int.random(in: 0...size, using: &random)).map { _ in Int64.random(in: 0..<span, using: &random) }
      let asks = (0..<Int.random(in: 1...max(6, size / 10), using: &random)).map { _ in Int64.random(in: -1...(span + 6), using: &random) }
      append(
        times.sorted().map { time in
          let start = time + offset
          let enter = shape == .ordered || Bool.random(using: &random) ? start : start + Int64.random(in: 0...3, using: &random)
          let end = start + length
          let leave = shape != .corrected || Bool.random(using: &random) ? end : enter + Int64.random(in: -1...4, using: &random)
          let isNever = shape == .corrected && Int.random(in: 0..<8, using: &random) == 0
          return (time, isNever ? .max : enter, Int.random(in: 0..<8, using: &random) == 0 && shape == .corrected ? .max : leave)
        }, asks: asks.sorted())
    }
    values = eventTimes.map { _ in Int64.random(in: -2...2, using: &random) }
    counted = eventTimes.map { _ in Int.random(in: 0..<4, using: &random) > 0 }
  }

  /// One entity.
  mutating func append(_ rows: [(event: Int64, enter: Int64, leave: Int64)], asks: [Int64]) {
    let (firstRow, firstAsk) = (Int32(eventTimes.count), Int32(askTimes.count))
    for row in rows {
      eventTimes.append(row.event)
      enter.append(row.enter)
      leave.append(row.leave)
    }
    askTimes += asks
    groups.append(.init(rows: firstRow..<Int32(eventTimes.count), asks: firstAsk..<Int32(askTimes.count)))
  }

  /// Per question, the rows that are inside, in row order.
  func inside(_ isInside: (_ enter: Int64, _ time: Int64, _ leave: Int64) -> Bool = { $0 <= $1 && $1 < $2 }) -> [[Int]] {
    groups.flatMap { group in
      group.asks.map { ask in
        group.rows.map(Int.init).filter { isInside(enter[$0], askTimes[Int(ask)], leave[$0]) }
      }
    }
  }

  func insideCounted() -> [[Int]] { inside().map { $0.filter { counted[$0] } } }
}

/// The buffers that a thread carries from partition to partition, and kernels that answer into arrays.
struct Buffers {
  var scratch = WindowScratch()
  var runs = WindowRuns()
  var counted = CountedRows()
  var sums = PrefixSums()
  var squares = PrefixSquares()
  var ranks = RowRanks()

  mutating func lay(_ partition: Partition, fromEventTimes: Bool) {
    if fromEventTimes {
      layWindow(
        groups: partition.groups.span, eventTimes: partition.eventTimes.span, offset: partition.offset, length: partition.length,
        askTimes: partition.askTimes.span, into: &runs)
    } else {
      layWindow(
        groups: partition.groups.span, enter: partition.enter.span, leave: partition.leave.span,
        askTimes: partition.askTimes.span, scratch: &scratch, into: &runs)
    }
  }

  mutating func countAll() { counted.setAll() }

  /// From a bitmap that does not begin at a byte, and in two halves.
  mutating func count(_ partition: Partition, firstBit: Int) {
    let bits = bitmap([Bool](repeating: true, count: firstBit) + partition.counted)
    let others = bitmap([Bool](repeating: false, count: firstBit) + partition.counted.map { _ in true })
    let none: [UInt8] = []
    switch firstBit % 3 {
    case 0: counted.set(bits.span, and: none.span, from: firstBit, rowCount: partition.counted.count)
    case 1: counted.set(none.span, and: bits.span, from: firstBit, rowCount: partition.counted.count)
    default: counted.set(bits.span, and: others.span, from: firstBit, rowCount: partition.counted.count)
    }
  }

  private func bitmap(_ flags: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (flags.count + 7) / 8)
    for (i, bit) in flags.enumerated() where bit { bytes[i / 8] |= 1 << UInt8(i % 8) }
    return bytes.isEmpty ? [0] : bytes
  }

  enum Pick: String, CaseIterable, Sendable { case least, greatest, first, last }

  mutating func picked(_ pick: Pick, _ partition: Partition) -> [Int32] {
    filled(-9, partition) { buffers, span in
      let (groups, values) = (partition.groups.span, partition.values.span)
      switch pick {
      case .least:
        windowLeast(
          groups: groups, runs: buffers.runs, values: values, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      case .greatest:
        windowGreatest(
          groups: groups, runs: buffers.runs, values: values, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      case .first:
        windowFirst(groups: groups, runs: buffers.runs, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      case .last:
        windowLast(groups: groups, runs: buffers.runs, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      }
    }
  }

  mutating func pickedOfDoubles(_ pick: Pick, _ doubles: [Double], _ partition: Partition) -> [Int32] {
    filled(-9, partition) { buffers, span in
      let (groups, values) = (partition.groups.span, doubles.span)
      if pick == .least {
        windowLeast(
          groups: groups, runs: buffers.runs, values: values, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      } else {
        windowGreatest(
          groups: groups, runs: buffers.runs, values: values, counted: buffers.counted, scratch: &buffers.scratch, into: &span)
      }
    }
  }

  mutating func counts(_ partition: Partition) -> [Int64] {
    filled(-9, partition) { buffers, span in
      windowCounts(groups: partition.groups.span, runs: buffers.runs, counted: buffers.counted, into: &span)
    }
  }

  mutating func build(_ partition: Partition, doubles: [Double]) {
    sums.build(groups: partition.groups.span, values: doubles.span, counted: counted)
    squares.build(groups: partition.groups.span, of: sums)
  }

  mutating func buildIntegers(_ partition: Partition) {
    sums.build(groups: partition.groups.span, values: partition.values.span, counted: counted)
    squares.build(groups: partition.groups.span, of: sums)
  }

  mutating func roundedSums(_ partition: Partition) -> [Double] {
    filled(-9, partition) { buffers, span in
      windowSums(groups: partition.groups.span, runs: buffers.runs, sums: buffers.sums, scratch: &buffers.scratch, into: &span)
    }
  }

  mutating func integerSums(_ partition: Partition) -> [Int128] {
    filled(-9, partition) { buffers, span in
      windowSums(groups: partition.groups.span, runs: buffers.runs, sums: buffers.sums, into: &span)
    }
  }

  mutating func spreads(_ partition: Partition) -> [Double] {
    filled(-9, partition) { buffers, span in
      windowSpreads(
        groups: partition.groups.span, runs: buffers.runs, sums: buffers.sums, squares: buffers.squares,
        counted: buffers.counted, scratch: &buffers.scratch, into: &span)
    }
  }

  mutating func means(_ partition: Partition) -> [Double] {
    let (sums, counts) = (roundedSums(partition), counts(partition))
    return filled(-9, partition) { _, span in windowMeans(sums: sums.span, counts: counts.span, into: &span) }
  }

  mutating func distinctCounts(_ partition: Partition) -> [Int64] {
    filled(-9, partition) { buffers, span in
      windowDistinctCounts(
        groups: partition.groups.span, runs: buffers.runs, ranks: buffers.ranks, counted: buffers.counted,
        scratch: &buffers.scratch, into: &span)
    }
  }

  mutating func quantiles(_ p: Double, _ partition: Partition) -> [QuantilePlace] {
    filled(QuantilePlace(), partition) { buffers, span in
      windowQuantiles(
        groups: partition.groups.span, runs: buffers.runs, ranks: buffers.ranks, counted: buffers.counted, p: p,
        scratch: &buffers.scratch, into: &span)
    }
  }

  mutating func winners(_ partition: Partition, fromEventTimes: Bool) -> [Int32] {
    filled(-9, partition) { buffers, span in
      let (groups, askTimes) = (partition.groups.span, partition.askTimes.span)
      if fromEventTimes {
        findWinners(
          groups: groups, eventTimes: partition.eventTimes.span, offset: partition.offset, askTimes: askTimes, into: &span)
      } else {
        findWinners(
          groups: groups, enter: partition.enter.span, leave: partition.leave.span, askTimes: askTimes,
          scratch: &buffers.scratch, into: &span)
      }
    }
  }

  private mutating func filled<Answer>(
    _ answer: Answer, _ partition: Partition, _ body: (inout Buffers, inout MutableSpan<Answer>) -> Void
  ) -> [Answer] {
    var results = [Answer](repeating: answer, count: partition.askTimes.count)
    var span = results.mutableSpan
    body(&self, &span)
    return results
  }
}
