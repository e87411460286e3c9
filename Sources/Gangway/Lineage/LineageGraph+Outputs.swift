import Definitions
import Diagnostics
import Snapshots

// Where a model's output comes from: the training set of its model, the versions that were registered, production.
extension LineageGraph {
  /// What the definitions say.
  mutating func addSources(of output: ModelOutput) {
    let id = Self.id(.output, output.name.value)
    if let model = output.model, workspace.project.trainingSet(model.value) != nil {
      connect(Self.id(.trainingSet, model.value), to: id, as: "model", at: model.location)
    }
    if let graduation = output.graduation {
      connect(production(graduation.relation.value), to: id, as: "production", at: graduation.relation.location)
    }
  }

  /// What the store says: the versions of which something counts, and what each was trained on.
  mutating func addVersions(_ contents: StoreContents) {
    for output in workspace.project.outputs {
      guard let record = contents.outputs[output.name.value] else { continue }
      let counting = Set(record.current.map(\.version))
      for version in record.versions where counting.contains(version.name) && version.name != ModelOutput.production {
        let id = "model-version:\(output.name.value)@\(version.name)"
        let live = record.live.contains(version.name) ? "" : ", not live"
        nodes[id] = LineageNode(id: id, kind: "model-version", name: version.name + live, place: nil, sqlFile: nil)
        connect(id, to: Self.id(.output, output.name.value), as: "predicts", at: nil)
        if let trainedOn = version.facts.trainedOn { addTraining(trainedOn, of: id) }
      }
    }
  }

  /// - Parameter trainedOn: `eta@` and the whole digest.
  private mutating func addTraining(_ trainedOn: String, of version: String) {
    guard let at = trainedOn.firstIndex(of: "@") else { return }
    let set = String(trainedOn[..<at])
    let name = "\(set)@\(trainedOn[trainedOn.index(after: at)...].prefix(8))"
    let id = Self.id(.version, name)
    nodes[id] = LineageNode(id: id, kind: Kind.version.rawValue, name: name, place: nil, sqlFile: nil)
    connect(id, to: version, as: "trained", at: nil)
    if workspace.project.trainingSet(set) != nil { connect(Self.id(.trainingSet, set), to: id, as: "exported", at: nil) }
  }

  /// A module that builds it, else a table.
  private mutating func production(_ relation: String) -> String {
    let module = workspace.project.module(relation)
    return module == nil ? stored(relation) : Self.id(.module, relation)
  }

  /// Outputs that come back to the model that makes them, one mistake a circle.
  var outputLoops: [Diagnostic] {
    workspace.project.outputs.compactMap { output in
      let start = Self.id(.output, output.name.value)
      guard let path = path(from: start) else { return nil }
      let steps = path.reversed().compactMap { nodes[$0.from].map { "\($0.kind.replacing("-", with: " ")) \($0.name)" } }
      return Diagnostic(
        at: output.model?.location ?? output.name.location,
        "output \"\(output.name.value)\" feeds the model that makes it: \((steps + ["output \(output.name.value)"]).joined(separator: " → "))",
        rule: "output-loop",
        hint: "leave the view over it out of the training set, or give the newer model an output and a name of its own")
    }
  }

  /// The way upstream from a node back to it, by what data flows along; nil: there is none.
  private func path(from start: String) -> [LineageEdge]? {
    let flows = edges.filter { !["entity", "lists", "scoring", "production"].contains($0.role) }
    let byReader = Dictionary(grouping: flows) { $0.to }
    var cameFrom: [String: LineageEdge] = [:]
    var waiting = [start]
    while !waiting.isEmpty {
      let node = waiting.removeFirst()
      for edge in byReader[node] ?? [] {
        if edge.from == start {
          var path = [edge]
          while path[path.count - 1].to != start, let next = cameFrom[path[path.count - 1].to] { path.append(next) }
          return path.reversed()
        }
        if cameFrom[edge.from] == nil {
          cameFrom[edge.from] = edge
          waiting.append(edge.from)
        }
      }
    }
    return nil
  }
}
