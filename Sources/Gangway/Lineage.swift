import Definitions
import Diagnostics
import Modelling
import Planning

/// Where a thing comes from, or what is made of it.
public struct Lineage: Sendable {
  public enum Direction: String, Sendable { case upstream, downstream }

  public let direction: Direction
  /// The first is what was asked about; the others in the order in which they are reached.
  public let nodes: [LineageNode]
  /// From what is read to what reads it, whatever the direction.
  public let edges: [LineageEdge]
  /// Upstream of a view or a training set: what each column rests on.
  public let features: [LineageFeature]

  public func node(_ id: String) -> LineageNode? { nodes.first { $0.id == id } }
}

public struct LineageNode: Sendable, Hashable {
  /// `module:readings`; unique and stable.
  public let id: String
  /// A ``Kind`` of definitions, `table` for a relation that no definition names, `file` for a CSV spine.
  public let kind: String
  public let name: String
  public let place: Place?
  /// The file with the module's SELECT, relative to the project's folder.
  public let sqlFile: String?
}

public struct LineageEdge: Sendable, Hashable {
  /// What is read.
  public let from: String
  /// What reads it.
  public let to: String
  /// `spine`, `scoring`, `features`, `entity`, `rows`, `reads`, `joins`, `lists`; of outputs `model`, `predicts`, `trained`, `exported`, `production`.
  public let role: String
  /// Where the reader says so: a line of YAML or SQL.
  public let place: Place?
}

public struct LineageFeature: Sendable, Hashable {
  /// As it comes out: of a training set with the view's name or alias in front.
  public let name: String
  public let view: String
  public let module: String
  /// The module's columns that its value rests on.
  public let columns: [String]
  /// False: without a warehouse nobody can say what all of its expressions name.
  public let isComplete: Bool
}

extension Workspace {
  /// Follows a definition to the tables that it rests on, or to all that rests on it. Reads no rows, writes nothing.
  ///
  /// - Parameters:
  ///   - kind: singular or plural; nil: the only thing of that name.
  ///   - events: hears why columns could not be told.
  public func lineage(
    _ name: String, kind: String? = nil, _ direction: Lineage.Direction = .upstream, events: (Event) -> Void = { _ in }
  ) throws(GangwayError) -> Lineage {
    try GangwayError.catching {
      let thing = try thing(named: name, ofKind: kind)
      let graph = try LineageGraph(self)
      let (nodes, edges) = graph.reachable(from: LineageGraph.id(thing), direction)
      return Lineage(
        direction: direction, nodes: nodes, edges: edges,
        features: direction == .upstream ? try features(of: thing, events) : [])
    }
  }

  private func features(of thing: Thing, _ events: (Event) -> Void) throws(Diagnostics) -> [LineageFeature] {
    var reader = FeatureColumnReader(self)
    var features: [LineageFeature] = []
    switch thing {
    case .source, .entity, .module, .mart, .output: return []
    case .featureView(let view): features = try reader.features(of: view).map { $0.feature(named: $0.column) }
    case .trainingSet(let set):
      for selection in set.features {
        guard let view = project.featureView(selection.view.value) else { continue }
        let all = try reader.features(of: view)
        features += selection.columns.map { all[$0].feature(named: "\(selection.alias)__\(all[$0].column)") }
      }
    }
    for line in reader.glance.notes { events(.note(line)) }
    return features
  }
}

/// Takes each view's features apart once.
private struct FeatureColumnReader {
  struct Found {
    let column: String
    let view: FeatureView
    let columns: ModuleColumns

    func feature(named name: String) -> LineageFeature {
      LineageFeature(
        name: name, view: view.name.value, module: view.module.value, columns: columns.names, isComplete: columns.isComplete)
    }
  }

  private(set) var glance: Glance
  private let project: Project
  private let planner: Planner
  private var known: [String: [Found]] = [:]

  init(_ workspace: Workspace) {
    glance = Glance(workspace, without: "what expressions name is not known")
    project = workspace.project
    planner = workspace.planner
  }

  /// One per column of the view, in order.
  mutating func features(of view: FeatureView) throws(Diagnostics) -> [Found] {
    if let found = known[view.name.value] { return found }
    let relation = try glance.relation(project.module(view.module.value)?.relation ?? "")
    var found: [Found] = []
    for feature in view.features {
      let columns = try planner.moduleColumns(of: feature, in: relation)
      found += feature.columns.map { Found(column: $0.name, view: view, columns: columns) }
    }
    known[view.name.value] = found
    return found
  }
}
