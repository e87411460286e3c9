// What the bytes of a cell mean as values of a type. Nothing is guessed: what is not written as a value would be is none.

/// `true` or `false` in any case.
package func csvBoolean(_ text: Span<UInt8>) -> Bool? {
  func reads(_ word: [5 of UInt8], _ count: Int) -> Bool {
    guard text.count == count else { return false }
    for i in text.indices where text[i] | 0x20 != word[i] { return false }
    return true
  }
  if reads([116, 114, 117, 101, 0], 4) { return true }
  return reads([102, 97, 108, 115, 101], 5) ? false : nil
}

/// `1` or `0`.
package func csvBit(_ text: Span<UInt8>) -> Bool? {
  guard text.count == 1, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1") else { return nil }
  return text[0] == UInt8(ascii: "1")
}

/// A whole number written as we would write it: no plus, no leading zeros (`007` is a text), within 64 bits.
package func csvInteger(_ text: Span<UInt8>) -> Int64? {
  let start = text.count > 1 && text[0] == UInt8(ascii: "-") ? 1 : 0
  guard start < text.count, text.count - start <= 19 else { return nil }
  if text[start] == UInt8(ascii: "0") { return text.count == 1 ? 0 : nil }
  var value: Int64 = 0
  for i in start..<text.count {
    let digit = text[i] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    // Downwards, since the lowest number has no counterpart above.
    let (product, tooFar) = value.multipliedReportingOverflow(by: 10)
    let (difference, overflow) = product.subtractingReportingOverflow(Int64(digit))
    if tooFar || overflow { return nil }
    value = difference
  }
  if start == 1 { return value }
  return value == .min ? nil : -value
}

/// A decimal number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, finite. A whole number must be exact: identifiers of twenty digits
/// are texts, not the nearest double.
///
/// - Parameter converting: false where any value will do, if only there is one.
package func csvReal(_ text: Span<UInt8>, converting: Bool = true) -> Double? {
  var i = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
  let isNegative = i == 1
  func isDigit(_ i: Int) -> Bool { i < text.count && text[i] &- UInt8(ascii: "0") < 10 }
  guard isDigit(i), !(text[i] == UInt8(ascii: "0") && isDigit(i + 1)) else { return nil }
  var digits: UInt64 = 0
  var digitCount = 0
  var decimals = 0
  while isDigit(i) {
    digits = digits &* 10 &+ UInt64(text[i] &- UInt8(ascii: "0"))
    digitCount += 1
    i += 1
  }
  if i == text.count {
    guard digitCount <= 18, let value = Double(exactly: Int64(digits)) else { return nil }
    return isNegative ? -value : value
  }
  if text[i] == UInt8(ascii: ".") {
    i += 1
    guard isDigit(i) else { return nil }
    while isDigit(i) {
      digits = digits &* 10 &+ UInt64(text[i] &- UInt8(ascii: "0"))
      digitCount += 1
      decimals += 1
      i += 1
    }
    if i == text.count && digitCount < 300 && !converting { return 0 }
    // Both exact, so the quotient is rounded once, as it must be (Clinger).
    if i == text.count && digitCount <= 15 {
      let value = Double(digits) / powersOfTen[decimals]
      return isNegative ? -value : value
    }
  }
  if i < text.count {
    guard text[i] | 0x20 == UInt8(ascii: "e") else { return nil }
    i += 1
    if i < text.count, text[i] == UInt8(ascii: "+") || text[i] == UInt8(ascii: "-") { i += 1 }
    guard isDigit(i) else { return nil }
    while isDigit(i) { i += 1 }
    guard i == text.count else { return nil }
  }
  return slowReal(text)
}

private let powersOfTen: ContiguousArray<Double> = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

private func slowReal(_ text: Span<UInt8>) -> Double? {
  var copy: [UInt8] = []
  for i in text.indices { copy.append(text[i]) }
  guard let value = Double(String(decoding: copy, as: UTF8.self)), value.isFinite else { return nil }
  return value
}
