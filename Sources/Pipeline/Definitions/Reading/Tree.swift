import Diagnostics

/// A YAML document with a place at every node, and no opinion on what its texts mean.
struct Tree: Sendable {
  enum Content: Sendable {
    /// `isPlain`: written without quotes, so that `null` or nothing at all means no value.
    case scalar(String, isPlain: Bool)
    case list([Tree])
    case mapping([Entry])
    /// What is wrong here is reported already.
    case broken
  }

  struct Entry: Sendable {
    let key: Located<String>
    let value: Tree
  }

  let location: SourceLocation
  let content: Content

  /// Whether there is a key, but nothing behind it.
  var isEmpty: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// As messages call what stands here.
  var found: String {
    switch content {
    case .scalar(let text, _): text.count > 40 ? "a text" : "\"\(text)\""
    case .list: "a list"
    case .mapping: "a mapping"
    case .broken: "broken"
    }
  }

  /// The text of a key of a mapping, if it has one.
  func text(at key: String) -> Located<String>? {
    guard case .mapping(let entries) = content, let entry = entries.first(where: { $0.key.value == key }),
      case .scalar(let text, _) = entry.value.content, !entry.value.isEmpty
    else { return nil }
    return Located(text, at: entry.value.location)
  }
}

extension Tree {
  /// The node as one line of YAML.
  var flowText: String {
    switch content {
    case .scalar(let text, isPlain: true): text
    case .scalar(let text, isPlain: false): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    case .list(let elements): "[\(elements.map(\.flowText).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key.value): \($0.value.flowText)" }.joined(separator: ", "))}"
    case .broken: ""
    }
  }
}
