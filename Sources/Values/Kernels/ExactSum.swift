// Kernels: the point-in-time rules as loops over sorted rows and questions, and the arithmetic that they need.
//
// In:  spans of primitive values, sorted and grouped by the caller.
// Out: row numbers, sums, counts, written into the caller's spans.
// Knows nothing of columns' types, views, files: type dispatch, branching and parallelism belong to the caller.

/// A sum of doubles or integers, kept exactly, from which exact removal is possible.
///
/// A fixed-point number that spans the whole range of its terms (Kulisch's long accumulator), in limbs of 32 bits with
/// the carries left standing in 64. So no order of additions and removals changes a bit of the result, and nothing
/// overflows on the way. Adding touches three limbs (five for a square); rounding costs the limbs in use, a handful for ordinary data.
package struct ExactSum: Sendable {
  /// The weight of the lowest bit is 2 to the power of minus this.
  private let fractionBits: Int
  /// Limb `i` weighs 2^(32·i − fractionBits); any limb may be negative or above 32 bits between normalizations.
  private var limbs: ContiguousArray<Int64>
  /// Limbs outside are zero.
  private var used: Range<Int> = 0..<0
  private var pending = 0

  private static let digit: Int64 = 0xFFFF_FFFF
  /// A limb grows by less than 2^33 an operation.
  private static let pendingLimit = 1 << 29

  /// For sums of doubles or 64-bit integers.
  package static func ofValues() -> ExactSum { ExactSum(fractionBits: 1_074, limbCount: 72) }

  /// For sums of their squares.
  package static func ofSquares() -> ExactSum { ExactSum(fractionBits: 2_148, limbCount: 140) }

  private init(fractionBits: Int, limbCount: Int) {
    self.fractionBits = fractionBits
    limbs = ContiguousArray(repeating: 0, count: limbCount)
  }

  package mutating func reset() {
    for i in used { limbs[i] = 0 }
    used = 0..<0
    pending = 0
  }

  package mutating func add(_ value: Double) { accumulate(value, negative: value.sign == .minus) }
  package mutating func remove(_ value: Double) { accumulate(value, negative: value.sign == .plus) }
  package mutating func add(_ value: Int64) { accumulate(value.magnitude, at: fractionBits, negative: value < 0) }
  package mutating func remove(_ value: Int64) { accumulate(value.magnitude, at: fractionBits, negative: value >= 0) }

  package mutating func addSquare(of value: Double) { accumulateSquare(of: value, negative: false) }
  package mutating func removeSquare(of value: Double) { accumulateSquare(of: value, negative: true) }
  package mutating func addSquare(of value: Int64) { accumulateSquare(value.magnitude, at: fractionBits, negative: false) }
  package mutating func removeSquare(of value: Int64) { accumulateSquare(value.magnitude, at: fractionBits, negative: true) }

  /// The sum rounded once, half to even; infinite beyond the range of a double.
  package mutating func rounded() -> Double {
    normalize()
    return Magnitude(limbs, used).rounded(fractionBits: fractionBits)
  }

  /// n·Σx² − (Σx)², rounded once: n(n − 1) times the sample variance. Never negative.
  package static func spread(count: Int, sum: inout ExactSum, squares: inout ExactSum) -> Double {
    sum.normalize()
    squares.normalize()
    let total = Magnitude(sum.limbs, sum.used)
    let difference = Magnitude(squares.limbs, squares.used).multiplied(by: UInt64(count)).subtracting(total.squared())
    return difference.rounded(fractionBits: squares.fractionBits)
  }

  private mutating func accumulate(_ value: Double, negative: Bool) {
    let (mantissa, position) = parts(of: value)
    accumulate(mantissa, at: position, negative: negative)
  }

  private mutating func accumulateSquare(of value: Double, negative: Bool) {
    let (mantissa, position) = parts(of: value)
    accumulateSquare(mantissa, at: 2 * position, negative: negative)
  }

  /// `value` is mantissa · 2^(position − 1074).
  private func parts(of value: Double) -> (mantissa: UInt64, position: Int) {
    let field = Int(value.exponentBitPattern)
    return field == 0 ? (value.significandBitPattern, 0) : (value.significandBitPattern | 1 << 52, field - 1)
  }

  private mutating func accumulate(_ mantissa: UInt64, at position: Int, negative: Bool) {
    if mantissa == 0 { return }
    let low = (mantissa & 0xFFFF_FFFF) << UInt64(position & 31)
    let high = (mantissa >> 32) << UInt64(position & 31)
    let first = position >> 5
    open(first..<(first + 3))
    let sign: Int64 = negative ? -1 : 1
    limbs[first] += sign * Int64(low & 0xFFFF_FFFF)
    limbs[first + 1] += sign * Int64((low >> 32) + (high & 0xFFFF_FFFF))
    limbs[first + 2] += sign * Int64(high >> 32)
  }

  private mutating func accumulateSquare(_ mantissa: UInt64, at position: Int, negative: Bool) {
    if mantissa == 0 { return }
    let square = mantissa.multipliedFullWidth(by: mantissa)
    let parts = [square.low & 0xFFFF_FFFF, square.low >> 32, square.high & 0xFFFF_FFFF, square.high >> 32] as InlineArray<4, UInt64>
    let shift = UInt64(position & 31)
    let first = position >> 5
    open(first..<(first + 5))
    let sign: Int64 = negative ? -1 : 1
    for i in 0..<4 {
      let shifted = parts[i] << shift
      limbs[first + i] += sign * Int64(shifted & 0xFFFF_FFFF)
      limbs[first + i + 1] += sign * Int64(shifted >> 32)
    }
  }

  private mutating func open(_ range: Range<Int>) {
    if used.isEmpty {
      used = range
    } else if range.lowerBound < used.lowerBound || range.upperBound > used.upperBound {
      used = min(used.lowerBound, range.lowerBound)..<max(used.upperBound, range.upperBound)
    }
    pending += 1
    if pending == Self.pendingLimit { normalize() }
  }

  /// Brings all limbs into 32 bits, but for the highest, which keeps the sign.
  private mutating func normalize() {
    pending = 0
    var carry: Int64 = 0
    for i in used {
      let value = limbs[i] + carry
      limbs[i] = value & Self.digit
      carry = value >> 32
    }
    if carry == -1 {
      // Folded back, so that asking a negative sum again and again does not lengthen it.
      limbs[used.upperBound - 1] -= Self.digit + 1
    } else if carry != 0 {
      // Fewer than 2^30 operations of less than 2^33 each have gone into it: it fits, and keeps the sign.
      limbs[used.upperBound] = carry
      used = used.lowerBound..<(used.upperBound + 1)
    }
    shrink()
  }

  private mutating func shrink() {
    var (low, high) = (used.lowerBound, used.upperBound)
    while high > low, limbs[high - 1] == 0 { high -= 1 }
    while low < high, limbs[low] == 0 { low += 1 }
    used = low..<high
  }
}

/// A whole number as sign and 32-bit digits, the lowest of which weighs 2^(32·offset).
struct Magnitude {
  var isNegative = false
  var digits: ContiguousArray<UInt32> = []
  var offset = 0

  init() {}

  /// - Parameter limbs: normalized in `used`: all in 32 bits, but for the highest, which may be negative.
  init(_ limbs: ContiguousArray<Int64>, _ used: Range<Int>) {
    offset = used.lowerBound
    guard let top = used.last else { return }
    isNegative = limbs[top] < 0
    digits.reserveCapacity(used.count)
    var carry: Int64 = 0
    for i in used {
      let value = (isNegative ? -limbs[i] : limbs[i]) + carry
      digits.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    trim()
  }

  func squared() -> Magnitude {
    var result = Magnitude()
    result.offset = 2 * offset
    result.digits = ContiguousArray(repeating: 0, count: 2 * digits.count)
    for i in digits.indices {
      var carry: UInt64 = 0
      for j in digits.indices {
        let value = UInt64(digits[i]) * UInt64(digits[j]) + UInt64(result.digits[i + j]) + carry
        result.digits[i + j] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      result.digits[i + digits.count] = UInt32(carry)
    }
    result.trim()
    return result
  }

  func multiplied(by factor: UInt64) -> Magnitude {
    var result = self
    result.digits.append(contentsOf: [0, 0])
    var carry: (low: UInt64, high: UInt64) = (0, 0)
    for i in result.digits.indices {
      let product = factor.multipliedFullWidth(by: UInt64(result.digits[i]))
      let (sum, overflow) = product.low.addingReportingOverflow(carry.low)
      let high = product.high + carry.high + (overflow ? 1 : 0)
      result.digits[i] = UInt32(truncatingIfNeeded: sum)
      carry = (sum >> 32 | high << 32, high >> 32)
    }
    result.trim()
    return result
  }

  /// - Precondition: both are not negative, and the result is not.
  func subtracting(_ other: Magnitude) -> Magnitude {
    let low = other.digits.isEmpty ? offset : digits.isEmpty ? other.offset : min(offset, other.offset)
    let high = max(offset + digits.count, other.offset + other.digits.count)
    var result = Magnitude()
    result.offset = low
    var borrow: Int64 = 0
    for i in low..<max(low, high) {
      let value = Int64(digit(i)) - Int64(other.digit(i)) + borrow
      result.digits.append(UInt32(truncatingIfNeeded: value))
      borrow = value >> 32
    }
    precondition(borrow == 0, "a variance is never negative")
    result.trim()
    return result
  }

  private func digit(_ index: Int) -> UInt32 {
    let i = index - offset
    return digits.indices.contains(i) ? digits[i] : 0
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
  }

  /// This times 2^−fractionBits as the nearest double, half to even; infinite beyond its range.
  func rounded(fractionBits: Int) -> Double {
    guard let top = digits.last else { return 0 }
    let unit = 32 * offset - fractionBits
    let length = 32 * digits.count - top.leadingZeroBitCount
    // The lowest bit that a double of this size has; none weighs less than 2^−1074.
    let last = max(length - 53 + unit, -1_074)
    let shift = last - unit
    var kept = bits(from: shift)
    if shift > 0, bit(shift - 1), kept & 1 == 1 || hasBits(below: shift - 1) { kept += 1 }
    guard last < 1_023 else { return isNegative ? -.infinity : .infinity }
    let pattern = UInt64(last + 1_074) << 52 + kept
    let value = Double(bitPattern: min(pattern, Double.infinity.bitPattern))
    return isNegative ? -value : value
  }

  /// The 64 bits from this one upwards; zeros stand below the lowest and above the highest.
  private func bits(from position: Int) -> UInt64 {
    if position < 0 { return bits(from: 0) << UInt64(-position) }
    func word(_ index: Int) -> UInt64 { index < digits.count ? UInt64(digits[index]) : 0 }
    let (index, shift) = (position >> 5, UInt64(position & 31))
    let low = (word(index) | word(index + 1) << 32) >> shift
    return shift == 0 ? low : low | word(index + 2) << (64 - shift)
  }

  private func bit(_ position: Int) -> Bool {
    position >= 0 && position >> 5 < digits.count && digits[position >> 5] >> UInt32(position & 31) & 1 == 1
  }

  private func hasBits(below position: Int) -> Bool {
    guard position > 0 else { return false }
    for i in 0..<min(position >> 5, digits.count) where digits[i] != 0 { return true }
    return position >> 5 < digits.count && digits[position >> 5] & (1 << UInt32(position & 31) - 1) != 0
  }
}
