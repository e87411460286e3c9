/// A JSON document as a value. Its text is the same wherever and whenever it is written: keys sorted by their UTF-8 bytes.
public indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// NaN and infinities, which JSON lacks, are written as null.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Indented by two spaces, without a line break at the end. ASCII control characters are escaped, all else is UTF-8 as it is.
  public var text: String {
    var text = ""
    write(to: &text, indent: "")
    return text
  }

  private func write(to text: inout String, indent: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let values): Self.write(values.map { (nil, $0) }, between: ("[", "]"), to: &text, indent)
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(sorted.map { ($0.key, $0.value) }, between: ("{", "}"), to: &text, indent)
    }
  }

  private static func write(_ entries: [(String?, JSONValue)], between ends: (String, String), to text: inout String, _ indent: String) {
    text += ends.0
    for (index, entry) in entries.enumerated() {
      text += "\(index == 0 ? "" : ",")\n\(indent)  "
      if let key = entry.0 {
        write(key, to: &text)
        text += ": "
      }
      entry.1.write(to: &text, indent: indent + "  ")
    }
    text += entries.isEmpty ? ends.1 : "\n\(indent)\(ends.1)"
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}

extension JSONValue {
  public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
  public init(_ count: Int?) { self = count.map { .integer(Int64($0)) } ?? .null }
  public init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
}
