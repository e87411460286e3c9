import Gangway

extension Lineage {
  /// The tree below what was asked about. A part that hangs in several places is drawn once, and mentioned elsewhere.
  var tree: [String] {
    var lines: [String] = []
    var drawn: Set<String> = []
    func draw(_ node: LineageNode, _ head: String, _ below: String, role: String) {
      let next = neighbours(of: node.id)
      let isRepeated = !drawn.insert(node.id).inserted && !next.isEmpty
      lines.append(head + role + node.words + (isRepeated ? " (see above)" : ""))
      if isRepeated { return }
      for (number, neighbour) in next.enumerated() {
        let isLast = number == next.count - 1
        draw(neighbour.node, below + (isLast ? "└── " : "├── "), below + (isLast ? "    " : "│   "), role: neighbour.role)
      }
    }
    if let root = nodes.first { draw(root, "", "", role: "") }
    return lines
  }

  private func neighbours(of id: String) -> [(node: LineageNode, role: String)] {
    edges.compactMap { edge in
      let (here, there) = direction == .upstream ? (edge.to, edge.from) : (edge.from, edge.to)
      guard here == id, let node = node(there) else { return nil }
      return (node, edge.role == "spine" ? "spine: " : "")
    }
  }

  /// What each feature rests on.
  var featureTable: TextTable {
    TextTable(
      ["feature", "module", "columns"].map { TextTable.Heading(title: $0, isNumeric: false) },
      rows: features.map { feature in
        let columns = feature.columns.joined(separator: ", ")
        return [feature.name, feature.module, columns + (feature.isComplete ? "" : columns.isEmpty ? "not known" : ", perhaps others")]
      })
  }

  /// A flowchart for Markdown: arrows from what is read to what reads it.
  var mermaid: [String] {
    let numbers = Dictionary(nodes.enumerated().map { ($1.id, "n\($0)") }) { first, _ in first }
    var lines = ["flowchart LR"]
    for (number, node) in nodes.enumerated() {
      lines.append("  n\(number)[\"\(mermaidText(node.title))<br/>\(mermaidText(node.name))\"]")
    }
    for edge in edges {
      guard let from = numbers[edge.from], let to = numbers[edge.to] else { continue }
      lines.append("  \(from) -->\(edge.role == "spine" ? "|spine|" : "") \(to)")
    }
    return lines
  }
}

extension LineageNode {
  fileprivate var title: String { kind.replacing("-", with: " ") }

  fileprivate var words: String {
    let places = [place?.text, sqlFile].compactMap(\.self).map(printable)
    return "\(title) \(printable(name))" + (places.isEmpty ? "" : "  \(places.joined(separator: ", "))")
  }
}

/// A text inside a quoted label: whatever means something to Mermaid or HTML is written as a numbered entity.
private func mermaidText(_ text: String) -> String {
  var result = ""
  for scalar in printable(text).unicodeScalars {
    if "\"#<>&`\\;".unicodeScalars.contains(scalar) { result += "#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
  }
  return result
}
