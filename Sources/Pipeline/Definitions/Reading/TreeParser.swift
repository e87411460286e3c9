import Diagnostics
import Yams

/// Reads one YAML document into a tree.
///
/// Byte order marks and CRLF are tolerated. Keys said twice are reported to `findings`; the first one counts.
///
/// - Returns: nil for a file without content.
func parseTree(_ bytes: [UInt8], path: String, findings: Findings) throws(Diagnostics) -> Tree? {
  guard let raw = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(bytes, path: path) }
  let text = withUnixLines(String(raw.drop { $0 == "\u{FEFF}" }))
  let places = TextPlaces(text: text, path: path)
  do {
    let document = try compose(text)
    guard let root = document.root else { return nil }
    var converter = TreeConverter(places: places, renamed: document.renamed, findings: findings)
    return try converter.convert(root, depth: 0)
  } catch let error as YamlError {
    throw Diagnostics([.syntax(error, places)])
  } catch let error as Diagnostics {
    throw error
  } catch {
    throw Diagnostics([.syntax("\(error)", at: places.start)])
  }
}

private func withUnixLines(_ text: String) -> String {
  text.utf8.contains(13) ? text.replacing("\r\n", with: "\n") : text
}

/// Yams' nodes as our own, in limits: aliases of aliases could grow without end.
private struct TreeConverter {
  let places: TextPlaces
  let renamed: RenamedKeys
  let findings: Findings
  var nodesLeft = 1_000_000

  static let depthLimit = 64

  mutating func convert(_ node: Node, depth: Int) throws(Diagnostics) -> Tree {
    let location = places.location(node.mark)
    nodesLeft -= 1
    guard nodesLeft > 0, depth < Self.depthLimit else { throw Diagnostics([.tooLarge(at: location)]) }
    switch node {
    case .scalar(let scalar):
      return Tree(location: location, content: .scalar(scalar.string, isPlain: scalar.style == .plain))
    case .sequence(let sequence):
      var elements: [Tree] = []
      for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
      return Tree(location: location, content: .list(elements))
    case .mapping(let mapping):
      return Tree(location: location, content: .mapping(try entries(of: mapping, depth: depth)))
    case .alias:
      return Tree(location: location, content: .scalar("", isPlain: true))
    }
  }

  private mutating func entries(of mapping: Node.Mapping, depth: Int) throws(Diagnostics) -> [Tree.Entry] {
    var entries: [Tree.Entry] = []
    var first: [String: SourceLocation] = [:]
    for (key, value) in mapping {
      let location = places.location(key.mark)
      guard case .scalar(let scalar) = key else { throw Diagnostics([.keyIsNoText(at: location)]) }
      let name = renamed[key.mark] ?? scalar.string
      if let firstLocation = first[name] {
        findings.report(.duplicateKey(name, at: location, first: firstLocation))
        continue
      }
      first[name] = location
      entries.append(Tree.Entry(key: Located(name, at: location), value: try convert(value, depth: depth + 1)))
    }
    return entries
  }
}
