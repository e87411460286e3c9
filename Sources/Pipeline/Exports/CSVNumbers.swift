// Numbers as cells.

@inline(__always)
func writeInteger(_ value: Int64, to cell: inout CSVCell) {
  cell.write(UInt8(ascii: "-"), if: value < 0)
  writeWhole(value.magnitude, to: &cell)
}

/// How many decimals a column's doubles have had lately, and what follows from it.
struct Decimals: Sendable {
  /// At most ``most``.
  let count: Int
  let scale: Double
  /// number / 10ᵏ is the upper half of number · `reciprocal`, shifted: exact below 2⁶³.
  private let reciprocal: UInt64
  private let shift: UInt64
  private let power: UInt64
  /// What brings a number below 10ᵏ to eight or to sixteen digits.
  private let fill: UInt64

  static let most = 16
  /// By their count: making one divides.
  static let all = ContiguousArray((0...most).map { Decimals($0) })

  private init(_ count: Int) {
    self.count = count
    power = integerPowersOfTen[count]
    scale = Double(power)
    shift = UInt64(63 - power.leadingZeroBitCount)
    // ⌈2^(64 + shift) / power⌉; for 1 it would not fit, and is not needed.
    reciprocal = count == 0 ? 0 : power.dividingFullWidth((1 << shift, 0)).quotient + 1
    fill = integerPowersOfTen[(count <= 8 ? 8 : 16) - count]
  }

  /// number / 10ᵏ with a point, without zeros at the end but one.
  @inline(__always)
  func write(_ number: UInt64, to cell: inout CSVCell) {
    if count == 0 {
      writeWhole(number, to: &cell)
      return cell.write(pointZero, count: 2)
    }
    let whole = number.multipliedFullWidth(by: reciprocal).high >> shift
    let rest = (number &- whole &* power) &* fill
    writeWhole(whole, to: &cell)
    cell.write(UInt8(ascii: "."))
    if count <= 8 { writeFractionDigits(digits8(rest), to: &cell) } else { writeFraction(ofSixteen: rest, to: &cell) }
  }
}

/// A double as Python's `repr` prints it: the fewest digits that read back to the same value, nearest to it; with an exponent if that is
/// below -4 or above 15. -0 is 0.0; NaN and infinities are nothing.
///
/// Most columns hold decimals of a few digits. If n / 10ᵏ is the value for an n of at most 15 digits, then n is its shortest form, since
/// no two decimals of 15 digits share a double. Else ``shortestDecimal(_:)`` finds the digits.
///
/// - Parameter decimals: what fitted the value before: tried first.
@inline(__always)
func writeDouble(_ value: Double, to cell: inout CSVCell, decimals: inout Decimals) {
  let magnitude = value.magnitude
  let scaled = magnitude * decimals.scale
  if scaled < decimalLimit, magnitude >= 1e-4 || magnitude == 0 {
    // Rounds to a whole number, which is the lower bits then: a conversion with its checks takes longer.
    let number = (scaled + 0x1p52).bitPattern & (1 << 52 - 1)
    // As a signed number: the same, and one instruction.
    if Double(Int64(bitPattern: number)) / decimals.scale == magnitude {
      cell.write(UInt8(ascii: "-"), if: value < 0)
      return decimals.write(number, to: &cell)
    }
  }
  writeHardDouble(value, to: &cell, decimals: &decimals)
}

/// Below it, products with a power of ten are off by less than a quarter, so that rounding finds n.
private let decimalLimit = 9e14

@inline(never)
private func writeHardDouble(_ value: Double, to cell: inout CSVCell, decimals: inout Decimals) {
  guard value.isFinite else { return }
  var (digits, exponent) = shortestDecimal(value.magnitude)
  cell.write(UInt8(ascii: "-"), if: value < 0)
  while digits % 10 == 0 {
    digits /= 10
    exponent += 1
  }
  // Python's layout: `first` is the exponent of the first digit.
  let first = digitCount(digits) - 1 + exponent
  if first < -4 || first >= 16 { return writeScientific(digits, first, to: &cell) }
  if exponent > 0 {
    digits *= integerPowersOfTen[exponent]
    exponent = 0
  }
  guard -exponent <= Decimals.most else { return writeLongFraction(digits, -exponent, to: &cell) }
  let own = Decimals.all[-exponent]
  own.write(digits, to: &cell)
  if digits < 1_000_000_000_000_000 { decimals = own }
}

/// `d.ddde±xx`: the point after the first digit, at least two digits of exponent.
private func writeScientific(_ digits: UInt64, _ exponent: Int, to cell: inout CSVCell) {
  let power = integerPowersOfTen[digitCount(digits) - 1]
  let (first, rest) = digits.quotientAndRemainder(dividingBy: power)
  writeWhole(first, to: &cell)
  if rest > 0 {
    cell.write(UInt8(ascii: "."))
    writeFraction(ofSixteen: rest * (10_000_000_000_000_000 / power), to: &cell)
  }
  cell.write(UInt8(ascii: "e"))
  cell.write(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
  cell.write(UInt8(ascii: "0"), if: exponent.magnitude < 10)
  writeWhole(UInt64(exponent.magnitude), to: &cell)
}

/// Below one, with seventeen decimals or more: 0.0001 at least, so there are at most twenty.
private func writeLongFraction(_ digits: UInt64, _ count: Int, to cell: inout CSVCell) {
  cell.write(pointZero << 8 | UInt64(UInt8(ascii: "0")), count: 2)
  // Four digits more than sixteen.
  let (upper, lower) = digits.quotientAndRemainder(dividingBy: integerPowersOfTen[count - 4])
  cell.write(digits4(upper) | zeros8, count: 4)
  writeFraction(ofSixteen: lower * integerPowersOfTen[20 - count], to: &cell)
}

/// ".0"
private let pointZero = UInt64(UInt8(ascii: ".")) | UInt64(UInt8(ascii: "0")) << 8

/// Digits of a number: at least one.
private func digitCount(_ number: UInt64) -> Int {
  // log10 ≈ log2 · 1233 / 4096, exact for 64 bits after one comparison.
  let bits = 64 - (number | 1).leadingZeroBitCount
  let guess = (bits * 1233) >> 12
  return max(1, guess + (number >= integerPowersOfTen[guess] ? 1 : 0))
}

private let integerPowersOfTen: [20 of UInt64] = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
  1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
  100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]
