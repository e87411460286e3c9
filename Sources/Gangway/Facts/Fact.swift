import Times

/// Something known about a thing, under a name in snake case.
public struct Fact: Sendable, Hashable {
  public let name: String
  public let value: FactValue

  init(_ name: String, _ value: FactValue) {
    self.name = name
    self.value = value
  }

  /// Nil and empty texts are not said.
  init(_ name: String, _ text: String?) {
    self.init(name, text.map { .text($0) } ?? .none)
  }

  init(_ name: String, _ texts: [String]) { self.init(name, .texts(texts)) }

  init(_ name: String, _ number: Double?) { self.init(name, number.map { .number($0) } ?? .none) }

  init(_ name: String, _ count: Int?) { self.init(name, count.map { .count($0) } ?? .none) }
}

/// What is known: a command decides how it looks.
public indirect enum FactValue: Sendable, Hashable {
  case none
  case flag(Bool)
  case count(Int)
  /// Of which people want the first digits.
  case number(Double)
  case seconds(Double)
  /// From 0 to 1.
  case share(Double)
  case text(String)
  case texts([String])
  /// A name by content, of which people want the first digits.
  case digest(String)
  /// Microseconds since the Unix epoch, UTC.
  case time(Int64)
  case facts([Fact])
  /// Rows of equal names.
  case table([[Fact]])

  /// Whether there is anything to say.
  public var isEmpty: Bool {
    switch self {
    case .none: true
    case .texts(let texts): texts.isEmpty
    case .facts(let facts): facts.allSatisfy(\.value.isEmpty)
    case .table(let rows): rows.isEmpty
    case .flag, .count, .number, .seconds, .share, .text, .digest, .time: false
    }
  }

  /// Times as `2024-05-01T08:00:00Z`, shares as fractions.
  public var json: JSONValue {
    switch self {
    case .none: .null
    case .flag(let flag): .bool(flag)
    case .count(let count): .integer(Int64(count))
    case .number(let number), .seconds(let number), .share(let number): .number(number)
    case .text(let text), .digest(let text): .string(text)
    case .texts(let texts): JSONValue(texts)
    case .time(let time): .string(timestampText(time))
    case .facts(let facts): facts.json
    case .table(let rows): .array(rows.map(\.json))
    }
  }
}

extension [Fact] {
  /// An object with a member per fact.
  public var json: JSONValue { .object(members) }

  public var members: [String: JSONValue] {
    Dictionary(map { ($0.name, $0.value.json) }) { $1 }
  }
}
