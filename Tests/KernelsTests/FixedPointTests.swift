import Testing

@testable import Kernels

/// Sums as whole numbers against ``ExactSum``, to the last bit.
@Suite struct `Fixed-point sums` {
  /// Values of one entity, and whether they are near enough to each other for whole numbers of 128 bits.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fits: Bool
    let value: @Sendable (inout SplitMix64) -> Double
  }

  static let kinds = [
    Kind(testDescription: "cents", fits: true) { Double(Int.random(in: -99_999...99_999, using: &$0)) / 100 },
    Kind(testDescription: "whole", fits: true) { Double(Int.random(in: -99...99, using: &$0)) },
    Kind(testDescription: "half-way cases", fits: true) {
      [0x1p53, 0x1p53 + 2, 1, 1, 0x1p-13, -0x1p-13, -1][Int.random(in: 0..<7, using: &$0)]
    },
    Kind(testDescription: "cancelling", fits: true) { [1e15, -1e15, 0.1, 0.3][Int.random(in: 0..<4, using: &$0)] },
    Kind(testDescription: "nothing", fits: true) { _ in 0 },
    Kind(testDescription: "huge", fits: true) { Double.random(in: -1...1, using: &$0) * 0x1p1000 },
    Kind(testDescription: "beyond the range", fits: true) {
      [Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0x1p1000][Int.random(in: 0..<3, using: &$0)]
    },
    Kind(testDescription: "tiny", fits: true) { Double.random(in: 1...9, using: &$0) * 0x1p-485 },
    Kind(testDescription: "too tiny for squares", fits: false) { Double.random(in: 1...9, using: &$0) * 0x1p-490 },
    Kind(testDescription: "subnormal", fits: false) { Double(Int.random(in: -9...9, using: &$0)) * 0x1p-1074 },
    Kind(testDescription: "subnormal among others", fits: false) {
      [0x1p-1074, -0x1.8p-1070, 0x1p-1022, 1][Int.random(in: 0..<4, using: &$0)]
    },
    Kind(testDescription: "too far apart", fits: false) { [1e-9, 1e16, -1e16, 3][Int.random(in: 0..<4, using: &$0)] },
    Kind(testDescription: "of all sizes", fits: false) { $0.nastyDouble() },
  ]

  @Test(arguments: kinds, Partition.Shape.allCases)
  func `have the bits of the exact sum`(kind: Kind, shape: Partition.Shape) {
    var buffers = Buffers()
    for seed in Seed.fixed {
      var random = seed.generator
      let partition = Partition(&random, shape: shape, size: 30)
      let doubles = partition.eventTimes.map { _ in kind.value(&random) }
      buffers.lay(partition, fromEventTimes: false)
      buffers.count(partition, firstBit: 1)
      // What does not count may be anything.
      buffers.build(partition, doubles: zip(doubles, partition.counted).map { $1 ? $0 : .nan })
      let inside = partition.insideCounted()
      #expect(buffers.roundedSums(partition).map(\.bitPattern) == inside.map { exactSum($0.map { doubles[$0] }).bitPattern }, "\(seed)")
      #expect(buffers.spreads(partition).map(\.bitPattern) == inside.map { exactSpread($0.map { doubles[$0] }).bitPattern }, "\(seed)")
      if kind.fits { #expect(!buffers.sums.units.contains(0)) }
    }
  }

  @Test(arguments: kinds)
  func `are told from sums that do not fit`(kind: Kind) {
    var random = Seed(value: 1).generator
    let doubles = (0..<40).map { _ in kind.value(&random) }
    #expect(sums(of: doubles).units.contains(0) == !kind.fits)
  }

  @Test func `use all their bits and no more`() {
    // 126 = the distance of the powers + 53 of a mantissa + 2 for two rows.
    for (distance, fits) in [(70, true), (71, true), (72, false)] {
      let values = [1, powerOfTwo(distance) * (2 - 0x1p-52)]
      let sums = sums(of: values)
      #expect((sums.units[0] != 0) == fits)
      if fits { #expect(rounded(sums.totals[2]) * sums.units[0] == exactSum(values)) }
    }
  }

  @Test(arguments: [1, 2, 52, 53, 54, 62, 63, 64, 65, 66, 116, 117, 118, 126])
  func `round 128 bits once, half to even`(length: Int) {
    for value in nearHalves(length: length) {
      #expect(rounded(value) == exact(value.magnitude))
      #expect(rounded(-value) == -exact(value.magnitude))
      #expect(rounded(value.magnitude) == exact(value.magnitude))
    }
  }

  @Test(arguments: [0, 1, 11, 63, 64, 65, 127, 128])
  func `round 256 bits once, half to even`(shift: Int) {
    for length in [53, 54, 64, 65, 118, 126] {
      for value in nearHalves(length: length) {
        var wide = UInt256(high: 0, low: value.magnitude)
        for _ in 0..<shift { wide = wide &+ wide }
        #expect(wide.rounded == exact(value.magnitude) * powerOfTwo(shift))
        // One more at the very bottom is seen only where it decides.
        let more = wide &+ UInt256(high: 0, low: 1)
        if shift > 0 { #expect(more.rounded == exactAbove(value.magnitude, shift: shift)) }
      }
    }
  }

  @Test(arguments: Seed.fixed)
  func `compute with 256 bits`(seed: Seed) {
    var random = seed.generator
    let (a, b) = (Int128(Int64.random(in: .min ... .max, using: &random)), Int128(Int64.random(in: .min ... .max, using: &random)))
    let large = a << 60 + b
    // (a·2^60 + b)² = a²·2^120 + 2ab·2^60 + b²
    var expected = UInt256(squareOf: a)
    for _ in 0..<60 { expected = expected &+ expected }
    let middle = UInt256(high: 0, low: (a * b).magnitude) &* 2
    expected = a * b < 0 ? expected &- middle : expected &+ middle
    for _ in 0..<60 { expected = expected &+ expected }
    expected = expected &+ UInt256(squareOf: b)
    let square = UInt256(squareOf: large)
    #expect(square.high == expected.high && square.low == expected.low)
    var times = UInt256.zero
    for _ in 0..<13 { times = times &+ square }
    let product = square &* 13
    #expect(product.high == times.high && product.low == times.low)
  }

  @Test func `would tell a plain sum and a plain variance from exact ones`() {
    var random = Seed(value: 7).generator
    let values = (0..<50).map { _ in Double(Int.random(in: 0...99_999, using: &random)) / 100 + 1e6 }
    let total = values.reduce(0, +)
    #expect(exactSum(values) != total || exactSum(Array(values.prefix(20))) != values.prefix(20).reduce(0, +))
    #expect(exactSpread(values) != 50 * values.reduce(0) { $0 + $1 * $1 } - total * total)
  }

  @Test func `would tell a half that is rounded up`() {
    #expect(rounded(Int128(1) << 53 + 1) == 0x1p53)
    #expect(rounded(Int128(1) << 100 + Int128(1) << 47) == 0x1p100)
    #expect(rounded(Int128(1) << 100 + Int128(1) << 47 + 1) > 0x1p100)
    #expect(rounded(Int128(3) << 99 + Int128(1) << 47) == 0x1.8p100)
  }

  private func sums(of values: [Double]) -> PrefixSums {
    let groups = [EntityGroups.Group(rows: 0..<Int32(values.count), asks: 0..<1)]
    var sums = PrefixSums()
    sums.build(groups: groups.span, values: values.span, counted: CountedRows())
    return sums
  }
}

private func exactSum(_ values: [Double]) -> Double {
  var sum = ExactSum.ofValues()
  for value in values { sum.add(value) }
  return sum.rounded()
}

private func exactSpread(_ values: [Double]) -> Double {
  if values.count < 2 { return 0 }
  var (sum, squares) = (ExactSum.ofValues(), ExactSum.ofSquares())
  for value in values {
    sum.add(value)
    squares.addSquare(of: value)
  }
  return ExactSum.spread(count: values.count, sum: &sum, squares: &squares)
}

/// The nearest double by the long accumulator, from pieces that are doubles.
private func exact(_ value: UInt128) -> Double {
  var sum = ExactSum.ofValues()
  for place in stride(from: 0, to: 128, by: 32) {
    sum.add(Double(UInt32(truncatingIfNeeded: value >> UInt128(place))) * powerOfTwo(place))
  }
  return sum.rounded()
}

/// The nearest double of value · 2^shift + 1.
private func exactAbove(_ value: UInt128, shift: Int) -> Double {
  var sum = ExactSum.ofValues()
  for place in stride(from: 0, to: 128, by: 32) {
    sum.add(Double(UInt32(truncatingIfNeeded: value >> UInt128(place))) * powerOfTwo(place + shift))
  }
  sum.add(1 as Double)
  return sum.rounded()
}

/// Numbers of so many bits, at and around what lies half-way between two doubles.
private func nearHalves(length: Int) -> [Int128] {
  let top = Int128(1) << Int128(length - 1)
  if length < 54 { return [top, top | 1, top | top >> 1] }
  let half = Int128(1) << Int128(length - 54)
  return [0, 1, 2, 3].flatMap { odd in [-1, 0, 1].map { top + odd * 2 * half + half + $0 } } + [top, 2 * top - 1, 2 * top - half]
}
