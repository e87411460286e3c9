// Values to text, into room that the caller has made. Each writes from `position` on and moves it behind what it wrote.

@inline(__always)
func write(_ text: StaticString, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
  // Safe because: a static string's bytes never move or change.
  let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  for i in 0..<text.utf8CodeUnitCount { cells[position + i] = unsafe bytes[i] }
  position += text.utf8CodeUnitCount
}

/// Text as a cell: quoted if it must be.
func writeText(_ value: Span<UInt8>, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
  var isSpecial = value.isEmpty
  for i in value.indices {
    let byte = value[i]
    isSpecial = isSpecial || needsQuotes(byte)
    cells[position + i] = byte
  }
  if isSpecial { return writeQuoted(value, to: &cells, at: &position) }
  position += value.count
}

private func writeQuoted(_ value: Span<UInt8>, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
  let quote = UInt8(ascii: "\"")
  cells[position] = quote
  position += 1
  for i in value.indices {
    if value[i] == quote {
      cells[position] = quote
      position += 1
    }
    cells[position] = value[i]
    position += 1
  }
  cells[position] = quote
  position += 1
}

@inline(__always)
func writeInteger(_ value: Int64, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
  if value < 0 {
    cells[position] = UInt8(ascii: "-")
    position += 1
  }
  let magnitude = value.magnitude
  let end = position + digitCount(magnitude)
  writeDigits(magnitude, to: &cells, endingAt: end)
  position = end
}

/// A double as Python's `repr` prints it: the fewest digits that read back to the same value, nearest to it; with an exponent if that is
/// below -4 or above 15. -0 is 0.0; NaN and infinities are nothing.
///
/// Most columns hold decimals of a few digits. If n / 10ᵏ is the value for an n of at most 15 digits, then n is its shortest form, since
/// no two decimals of 15 digits share a double. Else ``shortestDecimal(_:)`` finds the digits.
///
/// - Parameter decimals: the k that fitted the value before: tried first.
@inline(__always)
func writeDouble(_ value: Double, to cells: inout MutableSpan<UInt8>, at position: inout Int, decimals: inout Int) {
  let magnitude = value.magnitude
  if magnitude >= 1e-4, magnitude < decimalLimit {
    let scale = powersOfTen[decimals]
    let scaled = magnitude * scale
    if scaled < decimalLimit {
      let n = UInt64(scaled + 0.5)
      if Double(n) / scale == magnitude {
        return writeDecimal(n, decimals, isNegative: value < 0, to: &cells, at: &position)
      }
    }
  }
  writeHardDouble(value, to: &cells, at: &position, decimals: &decimals)
}

/// Below it, products with a power of ten are off by less than a quarter, so that rounding finds n.
private let decimalLimit = 9e14

private let powersOfTen: [22 of Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
]

@inline(never)
private func writeHardDouble(_ value: Double, to cells: inout MutableSpan<UInt8>, at position: inout Int, decimals: inout Int) {
  guard value.isFinite else { return }
  let magnitude = value.magnitude
  if magnitude == 0 { return write("0.0", to: &cells, at: &position) }
  var (digits, exponent) = shortestDecimal(magnitude)
  while digits % 10 == 0 {
    digits /= 10
    exponent += 1
  }
  // Python's layout: `first` is the exponent of the first digit.
  let first = digitCount(digits) - 1 + exponent
  if first < -4 || first >= 16 {
    return writeScientific(digits, first, isNegative: value < 0, to: &cells, at: &position)
  }
  if exponent > 0 {
    for _ in 0..<exponent { digits *= 10 }
    exponent = 0
  }
  writeDecimal(digits, -exponent, isNegative: value < 0, to: &cells, at: &position)
  if digits < 1_000_000_000_000_000, -exponent < powersOfTen.count { decimals = -exponent }
}

/// `d.ddde±xx`: the point after the first digit, at least two digits of exponent.
private func writeScientific(
  _ digits: UInt64, _ exponent: Int, isNegative: Bool, to cells: inout MutableSpan<UInt8>, at position: inout Int
) {
  if isNegative {
    cells[position] = UInt8(ascii: "-")
    position += 1
  }
  let count = digitCount(digits)
  let end = position + count + (count > 1 ? 1 : 0)
  // One place to the right; then the first digit goes back over the point's.
  writeDigits(digits, to: &cells, endingAt: end)
  if count > 1 {
    cells[position] = cells[position + 1]
    cells[position + 1] = UInt8(ascii: ".")
  }
  cells[end] = UInt8(ascii: "e")
  cells[end + 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
  cells[end + 2] = UInt8(ascii: "0")
  position = end + 2 + max(2, digitCount(UInt64(exponent.magnitude)))
  writeDigits(UInt64(exponent.magnitude), to: &cells, endingAt: position)
}

/// n / 10ᵏ with a point, without zeros at the end but one.
@inline(__always)
private func writeDecimal(
  _ number: UInt64, _ decimals: Int, isNegative: Bool, to cells: inout MutableSpan<UInt8>, at position: inout Int
) {
  if isNegative {
    cells[position] = UInt8(ascii: "-")
    position += 1
  }
  var n = number
  var k = decimals
  while k > 0 {
    let (quotient, digit) = n.quotientAndRemainder(dividingBy: 10)
    if digit != 0 { break }
    n = quotient
    k -= 1
  }
  if k == 0 {
    let end = position + digitCount(n)
    writeDigits(n, to: &cells, endingAt: end)
    position = end
    return write(".0", to: &cells, at: &position)
  }
  let end = position + max(digitCount(n), k + 1) + 1
  position = end
  var place = end
  while k >= 2 {
    let (quotient, pair) = n.quotientAndRemainder(dividingBy: 100)
    place -= 2
    writePair(pair, to: &cells, at: place)
    n = quotient
    k -= 2
  }
  if k == 1 {
    let (quotient, digit) = n.quotientAndRemainder(dividingBy: 10)
    place -= 1
    cells[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
    n = quotient
  }
  cells[place - 1] = UInt8(ascii: ".")
  writeDigits(n, to: &cells, endingAt: place - 1)
}

// MARK: Digits

@inline(__always)
private func writeDigits(_ number: UInt64, to cells: inout MutableSpan<UInt8>, endingAt end: Int) {
  var n = number
  var place = end
  while n >= 100 {
    let (quotient, pair) = n.quotientAndRemainder(dividingBy: 100)
    place -= 2
    writePair(pair, to: &cells, at: place)
    n = quotient
  }
  if n >= 10 {
    writePair(n, to: &cells, at: place - 2)
  } else {
    cells[place - 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: n)
  }
}

@inline(__always)
func writePair(_ pair: UInt64, to cells: inout MutableSpan<UInt8>, at place: Int) {
  // Both digits by a multiplication: pair < 100.
  let tens = (pair &* 103) >> 10
  cells[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: tens)
  cells[place + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
}

/// Digits of a number: at least one.
@inline(__always)
private func digitCount(_ number: UInt64) -> Int {
  // log10 ≈ log2 · 1233 / 4096, exact for 64 bits after one comparison.
  let bits = 64 - (number | 1).leadingZeroBitCount
  let guess = (bits * 1233) >> 12
  return guess + (number >= integerPowersOfTen[guess] ? 1 : 0)
}

private let integerPowersOfTen: [20 of UInt64] = [
  0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
  1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
  100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]
