/// A number with a finite binary expansion, kept exactly: `integer` × 2^−`scale`.
///
/// Every double and every 64-bit integer is one; sums and products stay exact and are rounded once, at the end.
package struct ExactNumber: Sendable {
  private var integer: BigInteger
  private var scale: Int

  package init(_ value: Int64) {
    integer = BigInteger(value)
    scale = 0
  }

  /// A finite double: its bits say which integer times which power of two it is.
  package init(_ value: Double) {
    let isNormal = value.exponentBitPattern > 0
    let significand = Int64(value.significandBitPattern | (isNormal ? 1 << 52 : 0))
    let exponent = (isNormal ? Int(value.exponentBitPattern) : 1) - 1075
    let signed = BigInteger(value.sign == .minus ? -significand : significand)
    integer = exponent > 0 ? signed << exponent : signed
    scale = max(0, -exponent)
  }

  private init(integer: BigInteger, scale: Int) {
    self.integer = integer
    self.scale = scale
  }

  package static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    let scale = max(a.scale, b.scale)
    return ExactNumber(integer: a.aligned(scale) + b.aligned(scale), scale: scale)
  }

  package static func - (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    let scale = max(a.scale, b.scale)
    return ExactNumber(integer: a.aligned(scale) - b.aligned(scale), scale: scale)
  }

  package static func * (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    ExactNumber(integer: a.integer * b.integer, scale: a.scale + b.scale)
  }

  private func aligned(_ scale: Int) -> BigInteger { integer << (scale - self.scale) }

  /// The nearest double, ties to even; infinite beyond the range.
  package var rounded: Double {
    let size = integer.bitWidth
    let dropped = max(0, size - 53, scale - 1074)
    var kept: UInt64 = 0
    for place in stride(from: size - 1, through: dropped, by: -1) { kept = kept << 1 | (integer.bit(place) ? 1 : 0) }
    if dropped > 0, integer.bit(dropped - 1) {
      let isMoreThanHalf = (0..<dropped - 1).contains { integer.bit($0) }
      if isMoreThanHalf || kept & 1 == 1 { kept += 1 }
    }
    let magnitude = Double(kept).scaled(dropped - scale)
    return integer.isNegative ? -magnitude : magnitude
  }
}

extension Double {
  /// Times 2 to the power of `exponent`; exact wherever the result is a double.
  fileprivate func scaled(_ exponent: Int) -> Double {
    var (value, left) = (self, exponent)
    while left != 0 && value != 0 && value.isFinite {
      let step = Swift.max(-1000, Swift.min(1000, left))
      value *= Double(sign: .plus, exponent: step, significand: 1)
      left -= step
    }
    return value
  }
}
