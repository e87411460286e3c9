import Definitions
import Diagnostics
import Modelling

/// Everything that the definitions and their SQL name, and which of it reads which.
struct LineageGraph {
  var nodes: [String: LineageNode] = [:]
  private(set) var edges: [LineageEdge] = []
  let workspace: Workspace

  /// - Throws: mistakes in the SQL's templating, without which nobody knows what it reads.
  init(_ workspace: Workspace) throws(Diagnostics) {
    self.workspace = workspace
    for thing in workspace.things { add(thing) }
    for module in workspace.project.modules { addRelation(of: module) }
    for module in try ModuleGraph(workspace.project).modules { addReads(of: module) }
    for entity in workspace.project.entities { addLister(of: entity) }
    for view in workspace.project.featureViews { addReads(of: view) }
    for set in workspace.project.trainingSets { addReads(of: set) }
    for output in workspace.project.outputs { addSources(of: output) }
    // A store that cannot be read hides model versions, and nothing else; other commands say so.
    if !workspace.project.outputs.isEmpty, let contents = try? workspace.storeContents() { addVersions(contents) }
  }

  static func id(_ thing: Thing) -> String { id(thing.kind, thing.name.value) }

  /// Of whatever a module is: a mart and an output are modules too.
  private func id(ofModule name: String) -> String {
    let project = workspace.project
    return Self.id(project.mart(name) != nil ? .mart : project.output(name) != nil ? .output : .module, name)
  }

  static func id(_ kind: Kind, _ name: String) -> String { "\(kind.rawValue):\(name)" }

  /// What can be reached from a node, itself first, in the order of definition at each step; cycles end where they began.
  func reachable(from start: String, _ direction: Lineage.Direction) -> (nodes: [LineageNode], edges: [LineageEdge]) {
    var seen: Set<String> = []
    var order: [LineageNode] = []
    var found: [LineageEdge] = []
    let byReader = Dictionary(grouping: edges) { direction == .upstream ? $0.to : $0.from }
    func visit(_ id: String) {
      guard seen.insert(id).inserted, let node = nodes[id] else { return }
      order.append(node)
      for edge in byReader[id] ?? [] {
        found.append(edge)
        visit(direction == .upstream ? edge.from : edge.to)
      }
    }
    visit(start)
    return (order, found)
  }
}

extension LineageGraph {
  private mutating func add(_ thing: Thing) {
    var file: String?
    if let module = thing.module, case .sql(let path, _) = module.origin { file = workspace.relative(path.value) }
    let id = Self.id(thing)
    nodes[id] = LineageNode(
      id: id, kind: thing.kind.rawValue, name: thing.name.value, place: Place(thing.name.location), sqlFile: file)
  }

  mutating func connect(_ from: String, to reader: String, as role: String, at location: SourceLocation?) {
    let edge = LineageEdge(from: from, to: reader, role: role, place: location.map { Place($0) })
    if !edges.contains(edge) { edges.append(edge) }
  }

  /// A source, else a table that no definition names.
  mutating func stored(_ relation: String) -> String {
    let source = Self.id(.source, relation)
    if nodes[source] != nil { return source }
    let id = "table:\(relation)"
    nodes[id] = LineageNode(id: id, kind: "table", name: relation, place: nil, sqlFile: nil)
    return id
  }

  private mutating func addRelation(of module: Module) {
    guard case .relation(let relation) = module.origin else { return }
    let id = Self.id(.module, module.name.value)
    // Two modules may describe one relation, one of them building it.
    if let builder = workspace.project.module(relation.value), builder.name.value != module.name.value, builder.isBuiltHere {
      connect(self.id(ofModule: builder.name.value), to: id, as: "rows", at: relation.location)
    } else {
      connect(stored(relation.value), to: id, as: "rows", at: relation.location)
    }
  }

  private mutating func addReads(of rendered: RenderedModule) {
    let id = id(ofModule: rendered.name)
    if case .composition(let composition) = rendered.module.origin { return addParts(of: composition, to: id) }
    for name in rendered.upstream { connect(self.id(ofModule: name.value), to: id, as: "reads", at: name.location) }
    for outside in rendered.outside {
      switch outside.kind {
      case .module, .output: connect(self.id(ofModule: outside.name), to: id, as: "reads", at: outside.location)
      case .view: connect(Self.id(.featureView, outside.name), to: id, as: "reads", at: outside.location)
      case .source: connect(stored(outside.relation), to: id, as: "reads", at: outside.location)
      }
    }
  }

  private mutating func addParts(of composition: Composition, to mart: String) {
    connect(id(ofModule: composition.base.value), to: mart, as: "rows", at: composition.base.location)
    for join in composition.joins {
      let name = join.source.name
      let joined = if case .view = join.source { Self.id(.featureView, name.value) } else { id(ofModule: name.value) }
      // An output may be joined as it is and as it was: that is one edge.
      if edges.contains(where: { $0.from == joined && $0.to == mart && $0.role == "joins" }) { continue }
      connect(joined, to: mart, as: "joins", at: name.location)
    }
  }

  private mutating func addLister(of entity: Entity) {
    guard let module = entity.module else { return }
    connect(id(ofModule: module.value), to: Self.id(.entity, entity.name.value), as: "lists", at: module.location)
  }

  private mutating func addReads(of view: FeatureView) {
    let id = Self.id(.featureView, view.name.value)
    if let entity = view.entity { connect(Self.id(.entity, entity.value), to: id, as: "entity", at: entity.location) }
    connect(self.id(ofModule: view.module.value), to: id, as: "rows", at: view.module.location)
  }

  private mutating func connect(_ rows: Spine.Origin, to reader: String, as role: String) {
    switch rows {
    case .module(let name): connect(self.id(ofModule: name.value), to: reader, as: role, at: name.location)
    case .file(let path):
      let name = workspace.relative(path.value)
      let file = "file:\(name)"
      nodes[file] = LineageNode(id: file, kind: "file", name: name, place: nil, sqlFile: nil)
      connect(file, to: reader, as: role, at: path.location)
    }
  }

  private mutating func addReads(of set: TrainingSet) {
    let id = Self.id(.trainingSet, set.name.value)
    connect(set.spine.origin, to: id, as: "spine")
    if let rows = set.scoring?.origin { connect(rows, to: id, as: "scoring") }
    for selection in set.features {
      connect(Self.id(.featureView, selection.view.value), to: id, as: "features", at: selection.location)
    }
  }
}

extension Thing {
  fileprivate var module: Module? {
    switch self {
    case .module(let module), .mart(_, let module): module
    case .source, .entity, .featureView, .trainingSet, .output: nil
    }
  }
}
