/// DESIGN.md section 7: UTF-8, `\n`, quotes where RFC 4180 needs them; null is empty, the empty text is `""`.
package func csvText(header: [String], rows: [[Value]]) -> String {
  let lines = [header.map { csvCell(.text(Text($0))) }] + rows.map { $0.map(csvCell) }
  return lines.map { $0.joined(separator: ",") + "\n" }.joined()
}

package func csvCell(_ value: Value) -> String {
  switch value {
  case .null: ""
  case .bool(let value): value ? "true" : "false"
  case .int(let value): "\(value)"
  case .real(let value): pythonText(value)
  case .time(let value): utcText(value)
  case .text(let text): text.bytes.isEmpty || needsQuotes(text) ? quoted(text.string) : text.string
  }
}

private func needsQuotes(_ text: Text) -> Bool {
  text.bytes.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
}

private func quoted(_ text: String) -> String {
  "\"" + text.replacing("\"", with: "\"\"") + "\""
}

/// Shortest digits that read back to the same double, laid out as Python's `repr` does.
package func pythonText(_ value: Double) -> String {
  let (digits, point) = decimal(value.magnitude)
  let sign = value.sign == .minus ? "-" : ""
  if point < -3 || point > 16 { return sign + exponential(digits, point - 1) }
  if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
  if digits.count <= point { return sign + digits + String(repeating: "0", count: point - digits.count) + ".0" }
  return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}

/// Digits d₁d₂… and a place, such that the number is 0.d₁d₂… × 10^place.
private func decimal(_ value: Double) -> (digits: String, point: Int) {
  let parts = value.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".")
  var digits = Array(mantissa.joined())
  var point = mantissa[0].count + (parts.count == 2 ? Int(parts[1])! : 0)
  while digits.first == "0" && digits.count > 1 {
    digits.removeFirst()
    point -= 1
  }
  while digits.last == "0" && digits.count > 1 { digits.removeLast() }
  return digits == ["0"] ? ("0", 1) : (String(digits), point)
}

private func exponential(_ digits: String, _ exponent: Int) -> String {
  let mantissa = digits.count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
  let size = "\(exponent.magnitude)"
  return mantissa + (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" + size : size)
}
