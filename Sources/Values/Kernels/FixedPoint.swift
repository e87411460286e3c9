// Whole numbers of 128 and 256 bits times a power of two, and their nearest doubles: sums of ordinary data without the
// long accumulator of ``ExactSum``, to the same bits.

/// A double taken apart: mantissa · 2^(position − 1074).
struct DoubleParts {
  let mantissa: Int64
  let position: Int

  /// - Parameter value: finite.
  @inline(__always)
  init(_ value: Double) {
    let field = Int(truncatingIfNeeded: value.bitPattern >> 52 & 0x7FF)
    let fraction = Int64(truncatingIfNeeded: value.bitPattern & 0xF_FFFF_FFFF_FFFF)
    let magnitude = field == 0 ? fraction : fraction | 1 << 52
    mantissa = value.bitPattern >> 63 == 0 ? magnitude : -magnitude
    position = max(field, 1) - 1
  }

  static let bits = 53
}

/// 2 to the power of `exponent`, which is from −1074 to 1023.
@inline(__always)
func powerOfTwo(_ exponent: Int) -> Double {
  Double(bitPattern: exponent < -1_022 ? 1 << UInt64(exponent + 1_074) : UInt64(exponent + 1_023) << 52)
}

/// The nearest double, half to even.
@inline(__always)
func rounded(_ value: Int128) -> Double {
  // Most sums are short, and the machine rounds those.
  if let short = Int64(exactly: value) { return Double(short) }
  let magnitude = rounded(value.magnitude)
  return value < 0 ? -magnitude : magnitude
}

@inline(__always)
func rounded(_ value: UInt128) -> Double {
  let high = UInt64(truncatingIfNeeded: value >> 64)
  let low = UInt64(truncatingIfNeeded: value)
  if high == 0 { return Double(low) }
  let zeros = high.leadingZeroBitCount
  let top = UInt64(truncatingIfNeeded: value >> UInt128(64 - zeros))
  // The bits that are cut off only tell a half from more than a half: one bit below the 53 that stay says as much.
  let rest: UInt64 = low &<< UInt64(zeros) == 0 ? 0 : 1
  return Double(top | rest) * powerOfTwo(64 - zeros)
}

/// A whole number below 2^256 that wraps around.
struct UInt256: Sendable, BitwiseCopyable {
  var high: UInt128
  var low: UInt128

  static let zero = UInt256(high: 0, low: 0)

  @inline(__always)
  init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  @inline(__always)
  init(squareOf value: Int128) {
    let square = value.magnitude.multipliedFullWidth(by: value.magnitude)
    self.init(high: square.high, low: square.low)
  }

  @inline(__always)
  static func &+ (a: UInt256, b: UInt256) -> UInt256 {
    let (low, carries) = a.low.addingReportingOverflow(b.low)
    return UInt256(high: a.high &+ b.high &+ (carries ? 1 : 0), low: low)
  }

  @inline(__always)
  static func &- (a: UInt256, b: UInt256) -> UInt256 {
    let (low, borrows) = a.low.subtractingReportingOverflow(b.low)
    return UInt256(high: a.high &- b.high &- (borrows ? 1 : 0), low: low)
  }

  @inline(__always)
  static func &* (a: UInt256, b: UInt64) -> UInt256 {
    let product = a.low.multipliedFullWidth(by: UInt128(b))
    return UInt256(high: a.high &* UInt128(b) &+ product.high, low: product.low)
  }

  /// The nearest double, half to even.
  var rounded: Double {
    if high == 0 { return Kernels.rounded(low) }
    let zeros = high.leadingZeroBitCount
    let top = high << UInt128(zeros) | low >> UInt128(128 - zeros)
    let rest: UInt128 = low << UInt128(zeros) == 0 ? 0 : 1
    return Kernels.rounded(top | rest) * powerOfTwo(128 - zeros)
  }
}
