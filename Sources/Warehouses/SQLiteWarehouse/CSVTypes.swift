internal import Columns
internal import Times

/// What a CSV column's cells can all be, narrowed cell by cell.
struct CSVColumnGuess {
  private var canBeInteger = true
  private var canBeReal = true
  private var canBeBoolean = true
  private var hasValues = false

  mutating func see(_ text: Span<UInt8>) {
    hasValues = true
    if canBeBoolean { canBeBoolean = csvBoolean(text) != nil }
    if canBeInteger { canBeInteger = csvInteger(text) != nil }
    if canBeReal { canBeReal = csvReal(text, converting: false) != nil }
  }

  /// nil where no cell has a value.
  var type: DataType? {
    if !hasValues { return nil }
    return canBeInteger ? .int64 : canBeReal ? .float64 : canBeBoolean ? .boolean : .string
  }
}

extension DataType {
  /// The word that makes a reader see this type again.
  var declaration: String {
    switch self {
    case .int64: "INTEGER"
    case .float64: "REAL"
    case .boolean: "BOOLEAN"
    case .string: "TEXT"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    }
  }
}

extension Statement {
  /// - Returns: false if the text is no value of the type.
  func bindCell(_ text: Span<UInt8>, as type: DataType, at index: Int32) -> Bool {
    switch type {
    case .int64:
      guard let value = csvInteger(text) else { return false }
      bind(value, at: index)
    case .float64:
      guard let value = csvReal(text) else { return false }
      bind(value, at: index)
    case .boolean:
      guard let value = csvBoolean(text) ?? csvBit(text) else { return false }
      bind(Int64(value ? 1 : 0), at: index)
    case .string: bind(utf8: text, at: index)
    case .date:
      guard parseDate(utf8: text) != nil else { return false }
      bind(utf8: text, at: index)
    case .timestamp:
      // Only its form: the zone is known where it is read.
      guard case .time = TimeReader(role: .value, zone: .utc).read(utf8: text) else { return false }
      bind(utf8: text, at: index)
    }
    return true
  }
}

/// `true` or `false` in any case.
private func csvBoolean(_ text: Span<UInt8>) -> Bool? {
  func reads(_ word: [5 of UInt8], _ count: Int) -> Bool {
    guard text.count == count else { return false }
    for i in text.indices where lowercased(text[i]) != word[i] { return false }
    return true
  }
  if reads([116, 114, 117, 101, 0], 4) { return true }
  return reads([102, 97, 108, 115, 101], 5) ? false : nil
}

private func csvBit(_ text: Span<UInt8>) -> Bool? {
  guard text.count == 1, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1") else { return nil }
  return text[0] == UInt8(ascii: "1")
}

/// A whole number written as we would write it: no plus, no leading zeros (`007` is a text), within 64 bits.
private func csvInteger(_ text: Span<UInt8>) -> Int64? {
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
private func csvReal(_ text: Span<UInt8>, converting: Bool = true) -> Double? {
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
