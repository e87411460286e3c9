import Columns
import Diagnostics
import Times

/// A mapping that was read against the table of keys: every value in it has the shape that the table wants.
struct Fields {
  /// A value of the wanted shape.
  indirect enum Value {
    case text(Located<String>)
    case list([Value], at: SourceLocation)
    case fields(Fields)
    case names([Pair], at: SourceLocation)
    case free([Tree.Entry])
  }

  struct Pair {
    let key: Located<String>
    let value: Value
  }

  let kind: DefinitionKind
  /// As messages call it: `feature view "carrier_service"`.
  let subject: String
  /// Of its name where it has one, else of the mapping.
  let location: SourceLocation
  /// What it is called, allowed or not.
  let name: Located<String>?
  /// Where each known key stands, broken ones included.
  let places: [String: SourceLocation]
  let values: [String: Value]
  /// Whether mistakes were found in it or below.
  let isBroken: Bool

  /// Whether the key was said, rightly or wrongly.
  func says(_ key: String) -> Bool { place(of: key) != nil }

  /// Whether the key was said, but its value is broken.
  func isBroken(_ key: String) -> Bool { says(key) && values[key] == nil }

  func place(of key: String) -> SourceLocation? {
    precondition(kind.key(key) != nil, "\(kind.title) has no key \(key) in the table")
    return places[key]
  }

  /// The value, or nil if the key is absent or its value broken.
  subscript(key: String) -> Value? {
    precondition(kind.key(key) != nil, "\(kind.title) has no key \(key) in the table")
    return values[key]
  }
}

// The values by type: nil or empty where the key is absent or its value broken.
extension Fields {
  func text(_ key: String) -> Located<String>? {
    guard case .text(let text)? = self[key] else { return nil }
    return text
  }

  func texts(_ key: String) -> [Located<String>] {
    guard case .list(let values, _)? = self[key] else { return [] }
    return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  func fields(_ key: String) -> Fields? {
    guard case .fields(let fields)? = self[key] else { return nil }
    return fields
  }

  func list(_ key: String) -> [Fields] {
    guard case .list(let values, _)? = self[key] else { return [] }
    return values.compactMap { if case .fields(let fields) = $0 { fields } else { nil } }
  }

  func names(_ key: String) -> [Pair] {
    guard case .names(let pairs, _)? = self[key] else { return [] }
    return pairs
  }

  func flag(_ key: String) -> Bool { text(key)?.value == "true" }

  func span(_ key: String) -> Located<TimeSpan>? { located(key, TimeSpan.init) }

  func choice<Name: RawRepresentable<String>>(_ key: String, _: Name.Type = Name.self) -> Located<Name>? {
    located(key, Name.init(rawValue:))
  }

  func located<Other>(_ key: String, _ convert: (String) -> Other?) -> Located<Other>? {
    guard let text = text(key), let value = convert(text.value) else { return nil }
    return Located(value, at: text.location)
  }

  var about: About {
    var meta: [String: String] = [:]
    if case .free(let entries)? = self["meta"] {
      for entry in entries { meta[entry.key.value] = entry.value.metaText }
    }
    return About(
      description: text("description")?.value, owner: text("owner")?.value, tags: texts("tags").map(\.value), meta: meta)
  }
}

extension Tree {
  /// A text as it is; anything nested as YAML.
  fileprivate var metaText: String {
    if case .scalar(let text, _) = content { text } else { flowText }
  }
}
