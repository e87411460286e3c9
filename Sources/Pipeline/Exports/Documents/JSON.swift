/// A JSON document whose keys stand in the order in which they were given, so that equal facts give equal bytes.
package indirect enum JSON: Sendable {
  case null
  case boolean(Bool)
  case number(Int)
  case text(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// Indented by two, with a newline at the end. What holds no other array or object stands in one line.
  package var document: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let value): text += String(value)
    case .text(let value): value.writeQuoted(to: &text)
    case .array(let items):
      write(items.count, between: "[]", flat: items.allSatisfy(\.isScalar), to: &text, indent: indent) { number, indent, text in
        items[number].write(to: &text, indent: indent)
      }
    case .object(let pairs):
      write(pairs.count, between: "{}", flat: pairs.allSatisfy(\.value.isScalar), to: &text, indent: indent) { number, indent, text in
        pairs[number].key.writeQuoted(to: &text)
        text += ": "
        pairs[number].value.write(to: &text, indent: indent)
      }
    }
  }

  private func write(
    _ count: Int, between brackets: String, flat: Bool, to text: inout String, indent: Int, item: (Int, Int, inout String) -> Void
  ) {
    let inner = flat ? indent : indent + 2
    text += brackets.prefix(1)
    for number in 0..<count {
      if number > 0 { text += flat ? ", " : "," }
      if !flat { text += "\n" + String(repeating: " ", count: inner) }
      item(number, inner, &text)
    }
    if !flat { text += "\n" + String(repeating: " ", count: indent) }
    text += brackets.suffix(1)
  }

  private var isScalar: Bool {
    switch self {
    case .null, .boolean, .number, .text: true
    case .array(let items): items.isEmpty
    case .object(let pairs): pairs.isEmpty
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { (key: $0, value: $1) }) }
}

extension JSON {
  /// An object without the keys that have no value.
  static func fields(_ pairs: KeyValuePairs<String, JSON?>) -> JSON {
    .object(pairs.compactMap { key, value in value.map { (key: key, value: $0) } })
  }
}

extension String {
  fileprivate func writeQuoted(to text: inout String) {
    text += "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
