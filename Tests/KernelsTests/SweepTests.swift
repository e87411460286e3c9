import Testing

@testable import Kernels

/// A few entities with rows and questions at few different times, so that every border is hit.
private struct SweepWorld {
  var groups: ContiguousArray<EntityGroups.Group> = []
  var enter: [Int64] = []
  var leave: [Int64] = []
  var askTimes: [Int64] = []
  var askRows: [Int32] = []
  var values: [Int64] = []
  var counted: [Bool] = []

  init(seed: Seed, ordered: Bool) {
    var random = seed.generator
    for _ in 0..<4 {
      let firstRow = Int32(enter.count)
      let rows = Int.random(in: 0...7, using: &random)
      var entering = (0..<rows).map { _ in Int64.random(in: 0...6, using: &random) }
      if ordered { entering.sort() }
      for time in entering {
        enter.append(time)
        leave.append(ordered ? .max : Bool.random(using: &random) ? .max : time + Int64.random(in: -1...4, using: &random))
        values.append(Int64.random(in: -2...2, using: &random))
        counted.append(Int.random(in: 0..<4, using: &random) > 0)
      }
      let firstAsk = Int32(askTimes.count)
      let asks = Int.random(in: 1...4, using: &random)
      askTimes += (0..<asks).map { _ in Int64.random(in: -1...8, using: &random) }.sorted()
      groups.append(.init(rows: firstRow..<Int32(enter.count), asks: firstAsk..<Int32(askTimes.count)))
    }
    askRows = (0..<Int32(askTimes.count)).shuffled(using: &random)
  }

  var countedBits: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (counted.count + 7) / 8)
    for (i, bit) in counted.enumerated() where bit { bytes[i / 8] |= 1 << UInt8(i % 8) }
    return bytes.isEmpty ? [0] : bytes
  }

  /// Per question slot, the rows that are inside, in row order.
  func inside(mutated: Bool = false) -> [[Int]] {
    var result = [[Int]](repeating: [], count: askTimes.count)
    for group in groups {
      for ask in group.asks {
        let t = askTimes[Int(ask)]
        result[Int(askRows[Int(ask)])] = group.rows.map(Int.init).filter {
          mutated ? enter[$0] < t && t < leave[$0] : enter[$0] <= t && t < leave[$0]
        }
      }
    }
    return result
  }

  var winners: [Int32] {
    var result = [Int32](repeating: -9, count: askTimes.count)
    var span = result.mutableSpan
    findWinners(
      groups: groups.span, enter: enter.span, leave: leave.span, askTimes: askTimes.span, askRows: askRows.span, into: &span)
    return result
  }

  var borders: ContiguousArray<Border> {
    windowBorders(groups: groups.span, enter: enter.span, leave: leave.span, askTimes: askTimes.span, askRows: askRows.span)
  }
}

@Suite struct `Sweep over borders` {
  static let seeds = (1...300).map { Seed(value: $0) }

  @Test(arguments: seeds, [true, false])
  func `finds the last row that serves`(seed: Seed, ordered: Bool) {
    let world = SweepWorld(seed: seed, ordered: ordered)
    #expect(world.winners == world.inside().map { Int32($0.last ?? -1) })
  }

  @Test func `would tell a row that serves at its border from one that does not`() {
    let differs = Self.seeds.contains { seed in
      let world = SweepWorld(seed: seed, ordered: true)
      return world.winners != world.inside(mutated: true).map { Int32($0.last ?? -1) }
    }
    #expect(differs)
  }

  @Test(arguments: seeds, [true, false])
  func `counts, sums and finds extremes of what is inside`(seed: Seed, ordered: Bool) {
    let world = SweepWorld(seed: seed, ordered: ordered)
    let borders = world.borders
    let bits = world.countedBits
    let expected = world.inside().map { $0.filter { world.counted[$0] } }
    let n = expected.count

    var counts = [Int64](repeating: -9, count: n)
    var countSpan = counts.mutableSpan
    windowCounts(borders: borders.span, counts: bits.span, into: &countSpan)
    #expect(counts == expected.map { Int64($0.count) })

    var sums = [Int128](repeating: -9, count: n)
    var sumSpan = sums.mutableSpan
    windowSums(borders: borders.span, values: world.values.span, counts: bits.span, into: &sumSpan)
    #expect(sums == expected.map { $0.reduce(0) { $0 + Int128(world.values[$1]) } })

    let doubles = world.values.map { Double($0) / 8 }
    var doubleSums = [Double](repeating: -9, count: n)
    var doubleSpan = doubleSums.mutableSpan
    windowSums(borders: borders.span, values: doubles.span, counts: bits.span, into: &doubleSpan)
    #expect(doubleSums == expected.map { $0.reduce(0) { $0 + doubles[$1] } })

    var least = [Int32](repeating: -9, count: n)
    var leastSpan = least.mutableSpan
    windowLeast(borders: borders.span, keys: world.values.span, counts: bits.span, into: &leastSpan)
    #expect(least == expected.map { rows in Int32(rows.min { (world.values[$0], $0) < (world.values[$1], $1) } ?? -1) })
  }

  @Test(arguments: seeds)
  func `counts different values and finds quantiles`(seed: Seed) {
    let world = SweepWorld(seed: seed, ordered: false)
    let bits = world.countedBits
    let expected = world.inside().map { $0.filter { world.counted[$0] }.map { world.values[$0] }.sorted() }
    let n = expected.count
    var ranks = [Int32](repeating: -9, count: world.values.count)
    var rowOfRank = ranks
    var rankSpan = ranks.mutableSpan
    var rowSpan = rowOfRank.mutableSpan
    ranksWithinEntities(
      groups: world.groups.span, keys: world.values.span, counts: bits.span, into: &rankSpan, rowOfRank: &rowSpan)

    var distinct = [Int64](repeating: -9, count: n)
    var distinctSpan = distinct.mutableSpan
    windowDistinctCounts(borders: world.borders.span, ranks: ranks.span, counts: bits.span, into: &distinctSpan)
    #expect(distinct == expected.map { Int64(Set($0).count) })

    for p in [0.5, 0.9, 0.1] {
      var (lower, upper) = ([Int32](repeating: -9, count: n), [Int32](repeating: -9, count: n))
      var fraction = [Double](repeating: -9, count: n)
      var lowerSpan = lower.mutableSpan
      var upperSpan = upper.mutableSpan
      var fractionSpan = fraction.mutableSpan
      windowQuantiles(
        borders: world.borders.span, ranks: ranks.span, counts: bits.span, p: p, lower: &lowerSpan, upper: &upperSpan,
        fraction: &fractionSpan)
      for group in world.groups {
        for ask in group.asks {
          let slot = Int(world.askRows[Int(ask)])
          guard let last = expected[slot].indices.last else {
            #expect(lower[slot] == noRow)
            continue
          }
          let h = Double(last) * p
          let value = { (rank: Int32) in world.values[Int(rowOfRank[Int(group.rows.lowerBound + rank)])] }
          #expect(value(lower[slot]) == expected[slot][Int(h)])
          #expect(value(upper[slot]) == expected[slot][min(Int(h) + 1, last)])
          #expect(fraction[slot] == h - h.rounded(.down))
        }
      }
    }
  }

  @Test func `orders doubles as their keys`() {
    let values = [-Double.infinity, -1e300, -2, -1, -0x1p-1074, 0, 0x1p-1074, 1, 2, 1e300, .infinity]
    #expect(values.map(orderKey) == values.map(orderKey).sorted())
    #expect(Set(values.map(orderKey)).count == values.count)
  }
}
