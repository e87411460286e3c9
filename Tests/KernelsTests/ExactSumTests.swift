import Testing

@testable import Kernels

@Suite struct `Exact sum` {
  @Test(arguments: Seed.fixed)
  func `is the sum rounded once, whatever the order and whatever came and went`(seed: Seed) {
    var random = seed.generator
    let values = (0..<200).map { _ in random.nastyDouble() }
    let passing = (0..<50).map { _ in random.nastyDouble() }
    var sum = ExactSum.ofValues()
    for value in passing { sum.add(value) }
    for value in values.shuffled(using: &random) { sum.add(value) }
    for value in passing.shuffled(using: &random) { sum.remove(value) }
    #expect(sum.rounded() == partialsSum(values))
  }

  @Test(
    arguments: [
      ([1e308, 1e308, -1e308], 1e308), ([1e16, 1, 1], 10_000_000_000_000_002), ([1e16, 1], 1e16), ([0x1p-1074, -0x1p-1074], 0),
      ([0x1p-1074, 0x1p-1074], 0x1p-1073), ([0.1, 0.2], 0.30000000000000004), ([-1e16, 1e-300, 1e16], 1e-300), ([1e308, 1e308], .infinity),
      ([-1.5, 0.25], -1.25),
    ] as [([Double], Double)])
  func `holds the whole range`(values: [Double], expected: Double) {
    var sum = ExactSum.ofValues()
    for value in values { sum.add(value) }
    #expect(sum.rounded() == expected)
    #expect(sum.rounded() == expected, "asking does not change it")
  }

  @Test(arguments: Seed.fixed)
  func `gives the spread of integers exactly`(seed: Seed) {
    var random = seed.generator
    let values = (0..<20).map { _ in Int64.random(in: -3_000_000...3_000_000, using: &random) }
    var (sum, squares) = (ExactSum.ofValues(), ExactSum.ofSquares())
    var (doubleSum, doubleSquares) = (ExactSum.ofValues(), ExactSum.ofSquares())
    for value in values {
      sum.add(value)
      squares.addSquare(of: value)
      doubleSum.add(Double(value))
      doubleSquares.addSquare(of: Double(value))
    }
    let total = values.reduce(0, +)
    let expected = Double(20 * values.reduce(0) { $0 + $1 * $1 } - total * total)
    #expect(ExactSum.spread(count: 20, sum: &sum, squares: &squares) == expected)
    #expect(ExactSum.spread(count: 20, sum: &doubleSum, squares: &doubleSquares) == expected)
  }

  @Test func `gives the spread of huge and of tiny values`() {
    for scale in [0x1p500, 0x1p-500, 0x1p-1074] {
      var (sum, squares) = (ExactSum.ofValues(), ExactSum.ofSquares())
      for value in [1 * scale, 3 * scale] {
        sum.add(value)
        squares.addSquare(of: value)
      }
      // 2·(1 + 9) − 16 = 4 scales squared; below the range of a double it rounds to 0.
      #expect(ExactSum.spread(count: 2, sum: &sum, squares: &squares) == 4 * scale * scale)
    }
  }

  @Test func `keeps the digits that are left when a huge value leaves`() {
    var sum = ExactSum.ofValues()
    for value in [1e300, 0.001, -7.25] { sum.add(value) }
    sum.remove(1e300)
    #expect(sum.rounded() == -7.249)
  }

  @Test func `stays as long as it is when a negative sum is asked often`() {
    var sum = ExactSum.ofValues()
    for i in 1...1_000 {
      sum.add(-0.25)
      #expect(sum.rounded() == -0.25 * Double(i))
    }
    for _ in 1...1_000 { sum.remove(-0.25) }
    #expect(sum.rounded() == 0)
  }

  @Test func `adds the least and the greatest integer`() {
    var sum = ExactSum.ofValues()
    for value in [Int64.min, .max, .max, 5] { sum.add(value) }
    #expect(sum.rounded() == Double(Int64.max))
    sum.remove(.min)
    #expect(sum.rounded() == 2 * 0x1p63)
  }
}

/// Shewchuk's partials (Adaptive precision floating-point arithmetic, 1997), rounded as Python's `math.fsum` does.
private func partialsSum(_ values: [Double]) -> Double {
  var partials: [Double] = []
  for value in values {
    var x = value
    var kept: [Double] = []
    for partial in partials {
      var (a, b) = (x, partial)
      if a.magnitude < b.magnitude { swap(&a, &b) }
      let high = a + b
      let low = b - (high - a)
      if low != 0 { kept.append(low) }
      x = high
    }
    partials = kept + [x]
  }
  var n = partials.count
  guard n > 0 else { return 0 }
  n -= 1
  var high = partials[n]
  var low = 0.0
  while n > 0 {
    let x = high
    n -= 1
    let y = partials[n]
    high = x + y
    low = y - (high - x)
    if low != 0 { break }
  }
  if n > 0, (low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0) {
    let y = low * 2
    let x = high + y
    if y == x - high { high = x }
  }
  return high
}
