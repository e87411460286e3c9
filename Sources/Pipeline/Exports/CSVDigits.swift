// Numbers to decimal digits, eight at a time in one word: multiplications in place of divisions and of loops. After Daniel Lemire and
// Wojciech Muła ("Converting integers to fix-digit representations quickly", 2021).

/// Eight times "0".
let zeros8: UInt64 = 0x3030_3030_3030_3030

/// The digits of a number below 10⁸, each 0 to 9 in a byte, the first in the lowest.
@inline(__always)
func digits8(_ number: UInt64) -> UInt64 {
  let upper = (number &* 109_951_163) >> 40
  let fours = upper | (number &- upper &* 10_000) << 32
  let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007F_0000_007F
  let twos = hundreds | (fours &- hundreds &* 100) << 16
  let tens = ((twos &* 103) >> 10) & 0x000F_000F_000F_000F
  return tens | (twos &- tens &* 10) << 8
}

/// The same of a number below 10⁴, in the lower half.
@inline(__always)
func digits4(_ number: UInt64) -> UInt64 {
  let hundreds = (number &* 10_486) >> 20
  let twos = hundreds | (number &- hundreds &* 100) << 16
  let tens = ((twos &* 103) >> 10) & 0x000F_000F
  return tens | (twos &- tens &* 10) << 8
}

/// A whole number without zeros before it.
@inline(__always)
func writeWhole(_ number: UInt64, to cell: inout CSVCell) {
  if number < 10_000 {
    let digits = digits4(number)
    // The last digit counts, whatever it is.
    let zeros = (digits | 1 << 24).trailingZeroBitCount & ~7
    cell.write((digits | zeros8) >> UInt64(truncatingIfNeeded: zeros), count: 4 - zeros >> 3)
  } else if number < 100_000_000 {
    let digits = digits8(number)
    let zeros = digits.trailingZeroBitCount & ~7
    cell.write((digits | zeros8) >> UInt64(truncatingIfNeeded: zeros), count: 8 - zeros >> 3)
  } else {
    writeLongWhole(number, to: &cell)
  }
}

@inline(__always)
private func writeLongWhole(_ number: UInt64, to cell: inout CSVCell) {
  let (upper, last) = number.quotientAndRemainder(dividingBy: 100_000_000)
  if upper < 100_000_000 {
    let digits = digits8(upper)
    let zeros = digits.trailingZeroBitCount & ~7
    cell.write((digits | zeros8) >> UInt64(truncatingIfNeeded: zeros), count: 8 - zeros >> 3)
  } else {
    let (first, middle) = upper.quotientAndRemainder(dividingBy: 100_000_000)
    let digits = digits4(first)
    let zeros = digits.trailingZeroBitCount & ~7
    cell.write((digits | zeros8) >> UInt64(truncatingIfNeeded: zeros), count: 4 - zeros >> 3)
    cell.write(digits8(middle) | zeros8, count: 8)
  }
  cell.write(digits8(last) | zeros8, count: 8)
}

/// The digits behind the point of a number below 10¹⁶ that stands for so many 10⁻¹⁶, without zeros at the end but one.
@inline(__always)
func writeFraction(ofSixteen number: UInt64, to cell: inout CSVCell) {
  let upper = number / 100_000_000
  let lower = number &- upper &* 100_000_000
  let digits = digits8(upper)
  if lower == 0 { return writeFractionDigits(digits, to: &cell) }
  cell.write(digits | zeros8, count: 8)
  let rest = digits8(lower)
  cell.write(rest | zeros8, count: 8 - rest.leadingZeroBitCount >> 3)
}

/// The same of eight digits.
@inline(__always)
func writeFractionDigits(_ digits: UInt64, to cell: inout CSVCell) {
  cell.write(digits | zeros8, count: 8 - (digits | 1).leadingZeroBitCount >> 3)
}
