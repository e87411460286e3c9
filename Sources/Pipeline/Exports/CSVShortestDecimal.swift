/// The decimal of the fewest digits that reads back to the same double; of those the nearest to it.
///
/// Raffaello Giulietti's Schubfach ("The Schubfach way to render doubles", 2020), after Alexander Bolz's arrangement of it. Three
/// multiplications by a power of ten of 128 bits; half the time of going through `description`.
///
/// - Parameter value: finite, above zero.
/// - Returns: `digits` · 10^`exponent`; there may be zeros at the end of `digits`.
func shortestDecimal(_ value: Double) -> (digits: UInt64, exponent: Int) {
  let fraction = value.significandBitPattern
  let biased = Int(value.exponentBitPattern)
  // value = c · 2^q
  let c = biased == 0 ? fraction : fraction | 1 << 52
  let q = (biased == 0 ? 1 : biased) - 1075
  if q <= 0, q > -53, c & (1 << UInt64(-q) - 1) == 0 { return (c >> UInt64(-q), 0) }

  // The borders between the neighbours and us, four times. They are ours too if c is even.
  let isLowerCloser = fraction == 0 && biased > 1
  let isOdd = c & 1
  let k = (q * 1_262_611 - (isLowerCloser ? 524_031 : 0)) >> 22
  let h = UInt64(q + (-k * 1_741_647) >> 19 + 1)
  let power = powersOfTen128[powersOfTen128Zero - k]
  let lower = product(power, (4 * c - (isLowerCloser ? 1 : 2)) << h) + isOdd
  let middle = product(power, 4 * c << h)
  let upper = product(power, (4 * c + 2) << h) - isOdd

  let s = middle / 4
  if s >= 10 {
    let tenth = s / 10
    let isBelowInside = lower <= 40 * tenth
    let isAboveInside = 40 * tenth + 40 <= upper
    if isBelowInside != isAboveInside { return (tenth + (isAboveInside ? 1 : 0), k + 1) }
  }
  let isBelowInside = lower <= 4 * s
  let isAboveInside = 4 * s + 4 <= upper
  if isBelowInside != isAboveInside { return (s + (isAboveInside ? 1 : 0), k) }
  let half = 4 * s + 2
  let roundsUp = middle > half || (middle == half && s & 1 == 1)
  return (s + (roundsUp ? 1 : 0), k)
}

/// The upper bits of `power · factor`, the last one set if any below is.
@inline(__always)
private func product(_ power: PowerOfTen, _ factor: UInt64) -> UInt64 {
  let low = power.low.multipliedFullWidth(by: factor).high
  let high = power.high.multipliedFullWidth(by: factor)
  let (middle, carry) = high.low.addingReportingOverflow(low)
  return (high.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
}

/// 10^k / 2^(⌊log₂ 10^k⌋ - 127), rounded up: 128 bits, the first set.
private struct PowerOfTen {
  let high: UInt64
  let low: UInt64
}

/// Where 10^0 stands.
private let powersOfTen128Zero = 292

/// 10^-292 to 10^324; made when first needed, which takes about a millisecond.
private let powersOfTen128: ContiguousArray<PowerOfTen> = {
  var power = WideInteger(1)
  var positive: ContiguousArray<PowerOfTen> = []
  var negative: ContiguousArray<PowerOfTen> = []
  for exponent in 0...324 {
    positive.append(power.leading128)
    if exponent > 0, exponent <= powersOfTen128Zero { negative.append(power.reciprocal128) }
    power.multiply(by: 10)
  }
  return ContiguousArray(negative.reversed()) + positive
}()

/// A natural number of any size.
private struct WideInteger {
  /// The least significant first; the last is not zero.
  private var words: ContiguousArray<UInt32>

  init(_ value: UInt32) { words = [value] }

  private var bitCount: Int { words.count * 32 - (words.last?.leadingZeroBitCount ?? 0) }

  private func bit(_ index: Int) -> Bool { index >= 0 && words[index / 32] >> UInt32(index % 32) & 1 == 1 }

  mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for i in words.indices {
      carry += UInt64(words[i]) * UInt64(factor)
      words[i] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }

  /// The first 128 bits, rounded up.
  var leading128: PowerOfTen {
    let end = bitCount - 128
    var bits: UInt128 = 0
    for index in (end..<bitCount).reversed() { bits = bits << 1 | (bit(index) ? 1 : 0) }
    let isExact = end <= 0 || (0..<end).allSatisfy { !bit($0) }
    return PowerOfTen(isExact ? bits : bits + 1)
  }

  /// The first 128 bits of 1 / self, rounded up; self is no power of two.
  var reciprocal128: PowerOfTen {
    var rest = WideInteger(1)
    rest.words = ContiguousArray(repeating: 0, count: words.count + 1)
    rest.words[bitCount / 32] = 1 << UInt32(bitCount % 32)
    var bits: UInt128 = 0
    for _ in 0..<128 {
      bits = bits << 1 | (rest.subtract(self) ? 1 : 0)
      rest.double()
    }
    return PowerOfTen(bits + 1)
  }

  private mutating func double() {
    for i in words.indices.reversed() { words[i] = words[i] << 1 | (i > 0 ? words[i - 1] >> 31 : 0) }
  }

  /// Subtracts `other`, which has one word less, if it is not greater.
  private mutating func subtract(_ other: WideInteger) -> Bool {
    var difference = words
    var borrow: Int64 = 0
    for i in words.indices {
      let next = Int64(words[i]) - (i < other.words.count ? Int64(other.words[i]) : 0) + borrow
      difference[i] = UInt32(truncatingIfNeeded: next)
      borrow = next >> 32
    }
    if borrow < 0 { return false }
    words = difference
    return true
  }
}

extension PowerOfTen {
  fileprivate init(_ bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }
}
