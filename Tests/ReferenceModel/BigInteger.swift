/// Integers of any size, just enough for exact sums and squares: sign and 32-bit digits, lowest first.
package struct BigInteger: Equatable, Sendable {
  private(set) var isNegative = false
  private(set) var digits: [UInt32] = []

  package init(_ value: Int64) {
    isNegative = value < 0
    digits = [UInt32(truncatingIfNeeded: value.magnitude), UInt32(value.magnitude >> 32)]
    normalize()
  }

  private init(isNegative: Bool, digits: [UInt32]) {
    self.isNegative = isNegative
    self.digits = digits
    normalize()
  }

  private mutating func normalize() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { isNegative = false }
  }

  package var isZero: Bool { digits.isEmpty }
  package var magnitude: BigInteger { BigInteger(isNegative: false, digits: digits) }

  /// Bits of the magnitude.
  package var bitWidth: Int {
    digits.isEmpty ? 0 : digits.count * 32 - digits.last!.leadingZeroBitCount
  }

  package func bit(_ place: Int) -> Bool {
    place / 32 < digits.count && digits[place / 32] >> UInt32(place % 32) & 1 == 1
  }

  package static prefix func - (a: BigInteger) -> BigInteger {
    BigInteger(isNegative: !a.isNegative, digits: a.digits)
  }

  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      return BigInteger(isNegative: a.isNegative, digits: sum(a.digits, b.digits))
    }
    if isBelow(a.digits, b.digits) {
      return BigInteger(isNegative: b.isNegative, digits: difference(b.digits, a.digits))
    }
    return BigInteger(isNegative: a.isNegative, digits: difference(a.digits, b.digits))
  }

  package static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + -b }

  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    var product = [UInt32](repeating: 0, count: a.digits.count + b.digits.count + 1)
    for i in a.digits.indices {
      var carry: UInt64 = 0
      for j in b.digits.indices {
        let digit = UInt64(a.digits[i]) * UInt64(b.digits[j]) + UInt64(product[i + j]) + carry
        product[i + j] = UInt32(truncatingIfNeeded: digit)
        carry = digit >> 32
      }
      product[i + b.digits.count] = UInt32(carry)
    }
    return BigInteger(isNegative: a.isNegative != b.isNegative, digits: product)
  }

  /// Times 2 to the power of `places`.
  package static func << (a: BigInteger, places: Int) -> BigInteger {
    var power = BigInteger(1)
    power.digits = [UInt32](repeating: 0, count: places / 32) + [1 << UInt32(places % 32)]
    return a * power
  }

  private static func sum(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for i in 0..<max(a.count, b.count) + 1 {
      let digit = (i < a.count ? UInt64(a[i]) : 0) + (i < b.count ? UInt64(b[i]) : 0) + carry
      result.append(UInt32(truncatingIfNeeded: digit))
      carry = digit >> 32
    }
    return result
  }

  /// Of the greater and the smaller.
  private static func difference(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var borrow: Int64 = 0
    for i in a.indices {
      var digit = Int64(a[i]) - (i < b.count ? Int64(b[i]) : 0) - borrow
      borrow = digit < 0 ? 1 : 0
      if digit < 0 { digit += 1 << 32 }
      result.append(UInt32(digit))
    }
    return result
  }

  private static func isBelow(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    return a.reversed().lexicographicallyPrecedes(b.reversed())
  }
}
