import Testing

@testable import Kernels

/// Kernels by runs against a model that looks at every row for every question.
@Suite struct `Windows by runs` {
  static let seeds = (1...300).map { Seed(value: $0) }

  @Test(arguments: seeds, Partition.Shape.allCases)
  func `count, add and pick what is inside, in partition after partition`(seed: Seed, shape: Partition.Shape) {
    var random = seed.generator
    var buffers = Buffers()
    for firstBit in 0..<4 {
      let partition = Partition(&random, shape: shape)
      buffers.lay(partition, fromEventTimes: shape == .ordered && firstBit % 2 == 0)
      buffers.count(partition, firstBit: firstBit * 3 + firstBit)
      check(partition, &buffers)
    }
  }

  @Test(arguments: seeds.prefix(6), Partition.Shape.allCases)
  func `answer the same of entities with many rows`(seed: Seed, shape: Partition.Shape) {
    var random = seed.generator
    var buffers = Buffers()
    for length in [3, 130] as [Int64] {
      var partition = Partition(&random, shape: shape, size: 200)
      partition.leave = zip(partition.leave, partition.enter).map { $0 == .max || $1 == .max ? $0 : $0 + length }
      partition.length += length
      buffers.lay(partition, fromEventTimes: shape == .ordered)
      buffers.count(partition, firstBit: 5)
      check(partition, &buffers)
    }
  }

  @Test func `answer in all small patterns of rows in order`() {
    var buffers = Buffers()
    for times in sortedTimes(upTo: 3, 0...2) {
      for asks in sortedTimes(upTo: 2, 0...5) where !asks.isEmpty {
        for (offset, length) in [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)] as [(Int64, Int64)] {
          var partition = Partition()
          (partition.offset, partition.length) = (offset, length)
          partition.append(times.map { ($0, $0 + offset, $0 + offset + length) }, asks: asks)
          partition.values = times.indices.map { [2, 1, 1][$0] }
          partition.counted = times.map { _ in true }
          buffers.countAll()
          for fromEventTimes in [true, false] {
            buffers.lay(partition, fromEventTimes: fromEventTimes)
            check(partition, &buffers)
          }
        }
      }
    }
  }

  @Test(arguments: [[0], [1], [0, 1], [1, 2], [0, 2], [0, 1, 2], [1, 1, 2]] as [[Int64]])
  func `answer in all small patterns of intervals`(asks: [Int64]) {
    var buffers = Buffers()
    let times: [Int64] = [0, 1, 2, 3]
    let intervals = times.flatMap { enter in times.map { (0, enter, $0) } } as [(Int64, Int64, Int64)]
    for first in intervals {
      for second in intervals {
        for third in intervals {
          var partition = Partition()
          partition.append([first, second, third], asks: asks)
          (partition.values, partition.counted) = ([1, 0, 1], [true, true, true])
          buffers.countAll()
          buffers.lay(partition, fromEventTimes: false)
          checkPicks(partition, &buffers)
          checkWinners(partition, &buffers)
          guard buffers.counts(partition) == partition.inside().map({ Int64($0.count) }) else {
            Issue.record("\(first) \(second) \(third)")
            return
          }
        }
      }
    }
  }

  @Test func `hold at both ends of time`() {
    var partition = Partition()
    let (least, most) = (Int64.min, Int64.max - 1)
    (partition.offset, partition.length) = (1, 10)
    partition.append(
      [(least, least + 1, least + 11), (most - 20, most - 19, most - 9), (most - 1, most, .max)],
      asks: [least, least + 1, least + 10, least + 11, 0, most - 19, most - 9, most])
    (partition.values, partition.counted) = ([1, 2, 3], [true, true, true])
    var buffers = Buffers()
    for fromEventTimes in [true, false] {
      buffers.lay(partition, fromEventTimes: fromEventTimes)
      check(partition, &buffers)
    }
  }

  @Test func `stride over many rows to few questions`() {
    var partition = Partition()
    partition.length = 70
    partition.append((0..<1_000).map { ($0 / 3, $0 / 3, $0 / 3 + 70) }, asks: [-1, 0, 5, 6, 200, 201, 333, 1_000])
    partition.values = partition.eventTimes.map { $0 % 7 }
    partition.counted = partition.eventTimes.map { _ in true }
    var buffers = Buffers()
    for fromEventTimes in [true, false] {
      buffers.lay(partition, fromEventTimes: fromEventTimes)
      check(partition, &buffers)
    }
  }

  @Test func `leave questions of no entity alone`() {
    var partition = Partition()
    partition.append([(0, 0, 9)], asks: [1, 2])
    partition.append([(0, 3, 9), (0, 0, 9)], asks: [1, 2, 3])
    (partition.values, partition.counted) = ([1, 2, 3], [true, true, true])
    partition.groups.removeFirst()
    var buffers = Buffers()
    buffers.lay(partition, fromEventTimes: false)
    #expect(buffers.counts(partition) == [-9, -9, 1, 1, 2])
    #expect(buffers.picked(.last, partition) == [-9, -9, 2, 2, 2])
    #expect(buffers.winners(partition, fromEventTimes: false) == [-9, -9, 2, 2, 2])
  }

  @Test(arguments: seeds, Partition.Shape.allCases)
  func `find the last row that serves`(seed: Seed, shape: Partition.Shape) {
    var random = seed.generator
    var buffers = Buffers()
    for _ in 0..<4 {
      var partition = Partition(&random, shape: shape)
      if shape != .corrected { partition.leave = partition.leave.map { _ in .max } }
      checkWinners(partition, &buffers)
      if shape == .ordered {
        #expect(buffers.winners(partition, fromEventTimes: true) == partition.inside().map { Int32($0.last ?? -1) })
      }
    }
  }

  private func sortedTimes(upTo count: Int, _ range: ClosedRange<Int64>) -> [[Int64]] {
    if count == 0 { return [[]] }
    let shorter = sortedTimes(upTo: count - 1, range)
    return shorter
      + shorter.filter { $0.count == count - 1 }.flatMap { times in
        range.filter { $0 >= times.last ?? $0 }.map { times + [$0] }
      }
  }
}

private func check(_ partition: Partition, _ buffers: inout Buffers) {
  let inside = partition.insideCounted()
  #expect(buffers.counts(partition) == inside.map { Int64($0.count) })

  buffers.buildIntegers(partition)
  let sums = inside.map { $0.reduce(0) { $0 + partition.values[$1] } }
  #expect(buffers.integerSums(partition) == sums.map { Int128($0) })
  #expect(buffers.roundedSums(partition) == sums.map { Double($0) })
  let spreads = inside.map { rows in
    let (sum, squares) = rows.reduce((0, 0)) { ($0.0 + partition.values[$1], $0.1 + partition.values[$1] * partition.values[$1]) }
    return rows.count < 2 ? 0 : Double(Int64(rows.count) * squares - sum * sum)
  }
  #expect(buffers.spreads(partition) == spreads)

  let doubles = partition.values.map { Double($0) / 8 }
  buffers.build(partition, doubles: doubles)
  #expect(buffers.roundedSums(partition) == sums.map { Double($0) / 8 })
  #expect(buffers.spreads(partition) == spreads.map { $0 / 64 })
  for (mean, (sum, rows)) in zip(buffers.means(partition), zip(sums, inside)) {
    #expect(rows.isEmpty ? mean.isNaN : mean == Double(sum) / 8 / Double(rows.count))
  }
  checkPicks(partition, &buffers)
  #expect(buffers.pickedOfDoubles(.least, doubles, partition) == buffers.picked(.least, partition))
  #expect(buffers.pickedOfDoubles(.greatest, doubles, partition) == buffers.picked(.greatest, partition))
  checkRanks(partition, &buffers)
}

private func checkPicks(_ partition: Partition, _ buffers: inout Buffers) {
  let (inside, values) = (partition.insideCounted(), partition.values)
  let expected: [Buffers.Pick: [Int?]] = [
    .least: inside.map { $0.min { (values[$0], $0) < (values[$1], $1) } },
    .greatest: inside.map { $0.min { (-values[$0], $0) < (-values[$1], $1) } },
    .first: inside.map(\.first), .last: inside.map(\.last),
  ]
  for pick in Buffers.Pick.allCases {
    #expect(buffers.picked(pick, partition) == expected[pick]?.map { Int32($0 ?? -1) }, "\(pick)")
  }
}

private func checkRanks(_ partition: Partition, _ buffers: inout Buffers) {
  let inside = partition.insideCounted().map { $0.map { partition.values[$0] }.sorted() }
  buffers.ranks.build(
    groups: partition.groups.span, keys: partition.values.span, counted: buffers.counted, scratch: &buffers.scratch)
  #expect(buffers.distinctCounts(partition) == inside.map { Int64(Set($0).count) })
  let doubles = partition.values.map(Double.init)
  buffers.ranks.build(
    groups: partition.groups.span, values: doubles.span, counted: buffers.counted, scratch: &buffers.scratch)
  #expect(buffers.distinctCounts(partition) == inside.map { Int64(Set($0).count) })
  for p in [0.5, 0.9, 0.1] {
    for (place, sorted) in zip(buffers.quantiles(p, partition), inside) {
      guard let last = sorted.indices.last else {
        #expect(place.lower == noRow && place.upper == noRow)
        continue
      }
      let h = Double(last) * p
      #expect(partition.values[Int(place.lower)] == sorted[Int(h)])
      #expect(partition.values[Int(place.upper)] == sorted[min(Int(h) + 1, last)])
      #expect(place.fraction == h - h.rounded(.down))
    }
  }
}

private func checkWinners(_ partition: Partition, _ buffers: inout Buffers) {
  #expect(buffers.winners(partition, fromEventTimes: false) == partition.inside().map { Int32($0.last ?? -1) })
}

/// Kernels made wrong on purpose must not pass for right ones: what the tests above compare with would differ.
@Suite struct `Windows by runs would be caught` {
  @Test(arguments: Partition.Shape.allCases)
  func `entering a moment late`(shape: Partition.Shape) {
    #expect(differs(shape) { $0 < $1 && $1 < $2 })
  }

  @Test(arguments: Partition.Shape.allCases)
  func `leaving a moment late`(shape: Partition.Shape) {
    #expect(differs(shape) { $0 <= $1 && $1 <= $2 && $0 < $2 })
  }

  @Test(arguments: Partition.Shape.allCases)
  func `taking the last of equal values`(shape: Partition.Shape) {
    let differs = anyPartition(shape) { partition, buffers in
      let values = partition.values
      return buffers.picked(.least, partition)
        != partition.insideCounted().map { Int32($0.min { (values[$0], -$0) < (values[$1], -$1) } ?? -1) }
    }
    #expect(differs)
  }

  @Test(arguments: Partition.Shape.allCases)
  func `counting what does not count`(shape: Partition.Shape) {
    #expect(anyPartition(shape) { $1.counts($0) != $0.inside().map { Int64($0.count) } })
  }

  @Test func `taking any rows for rows in order`() {
    let differs = anyPartition(.late) { partition, buffers in
      let right = buffers.counts(partition)
      buffers.lay(partition, fromEventTimes: true)
      return buffers.counts(partition) != right
    }
    #expect(differs)
  }

  private func differs(_ shape: Partition.Shape, _ isInside: (Int64, Int64, Int64) -> Bool) -> Bool {
    anyPartition(shape) { partition, buffers in
      buffers.countAll()
      return buffers.counts(partition) != partition.inside(isInside).map { Int64($0.count) }
        && buffers.winners(partition, fromEventTimes: false) != partition.inside(isInside).map { Int32($0.last ?? -1) }
    }
  }

  private func anyPartition(_ shape: Partition.Shape, _ holds: (Partition, inout Buffers) -> Bool) -> Bool {
    `Windows by runs`.seeds.contains { seed in
      var random = seed.generator
      let partition = Partition(&random, shape: shape)
      var buffers = Buffers()
      buffers.lay(partition, fromEventTimes: false)
      buffers.count(partition, firstBit: 2)
      return holds(partition, &buffers)
    }
  }
}
