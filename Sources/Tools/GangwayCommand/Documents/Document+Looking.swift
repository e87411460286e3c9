import Gangway

// The documents of list, show and lineage.
extension Document {
  static func list(_ project: String, _ listings: [Listing], notes: [String]) -> Document {
    let lists = listings.map { ($0.kind.plural.replacing("-", with: "_"), JSONValue.array($0.items.map(\.json))) }
    return Document("list", ["project": .string(project), "lists": .object(Dictionary(lists) { $1 }), "notes": JSONValue(notes)])
  }

  static func show(_ showings: [Showing], notes: [String]) -> Document {
    let definitions = showings.map { showing -> JSONValue in
      .object(
        showing.facts.members.merging([
          "kind": .string(showing.kind.rawValue), "name": .string(showing.name), "defined_at": showing.place?.json ?? .null,
        ]) { $1 })
    }
    return Document("show", ["definitions": .array(definitions), "notes": JSONValue(notes)])
  }

  static func rows(_ sample: RowSample) -> Document {
    Document(
      "rows",
      [
        "kind": .string(sample.kind.rawValue), "name": .string(sample.name), "origin": .string(sample.origin),
        "columns": JSONValue(sample.columns), "rows": .array(sample.rows.map { .array($0.map(\.json)) }), "total": JSONValue(sample.total),
      ])
  }

  static func lineage(_ lineage: Lineage, notes: [String]) -> Document {
    let nodes = lineage.nodes.map { node -> JSONValue in
      [
        "id": .string(node.id), "kind": .string(node.kind), "name": .string(node.name), "defined_at": node.place?.json ?? .null,
        "sql_file": JSONValue(node.sqlFile),
      ]
    }
    let edges = lineage.edges.map { edge -> JSONValue in
      ["from": .string(edge.from), "to": .string(edge.to), "role": .string(edge.role), "said_at": edge.place?.json ?? .null]
    }
    let features = lineage.features.map { feature -> JSONValue in
      [
        "name": .string(feature.name), "view": .string(feature.view), "module": .string(feature.module),
        "columns": JSONValue(feature.columns), "is_complete": .bool(feature.isComplete),
      ]
    }
    return Document(
      "lineage",
      [
        "root": JSONValue(lineage.nodes.first?.id), "direction": .string(lineage.direction.rawValue), "nodes": .array(nodes),
        "edges": .array(edges), "features": .array(features), "notes": JSONValue(notes),
      ])
  }
}

extension Place {
  fileprivate var json: JSONValue {
    ["file": .string(file), "line": JSONValue(line), "column": JSONValue(column)]
  }
}
