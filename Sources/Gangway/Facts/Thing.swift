import Definitions
import Diagnostics

/// A definition of whatever kind.
enum Thing {
  case source(Source)
  case entity(Entity)
  case module(Module)
  /// And the module that it is.
  case mart(Mart, Module)
  case featureView(FeatureView)
  case trainingSet(TrainingSet)
  case output(ModelOutput)

  var kind: Kind {
    switch self {
    case .source: .source
    case .entity: .entity
    case .module: .module
    case .mart: .mart
    case .featureView: .featureView
    case .trainingSet: .trainingSet
    case .output: .output
    }
  }

  var name: Located<String> {
    switch self {
    case .source(let source): source.name
    case .entity(let entity): entity.name
    case .module(let module): module.name
    case .mart(let mart, _): mart.name
    case .featureView(let view): view.name
    case .trainingSet(let set): set.name
    case .output(let output): output.name
    }
  }

  var about: About {
    switch self {
    case .source(let source): source.about
    case .entity(let entity): entity.about
    case .module(let module), .mart(_, let module): module.about
    case .featureView(let view): view.about
    case .trainingSet(let set): set.about
    case .output(let output): output.about
    }
  }

  /// `module "x"`.
  var subject: String { "\(kind.title) \"\(name.value)\"" }
}

extension Workspace {
  var things: [Thing] {
    project.sources.map(Thing.source) + project.entities.map(Thing.entity) + project.ownModules.map(Thing.module)
      + project.marts.compactMap { mart in project.module(mart.name.value).map { .mart(mart, $0) } }
      + project.featureViews.map(Thing.featureView) + project.trainingSets.map(Thing.trainingSet) + project.outputs.map(Thing.output)
  }

  /// The names of all definitions of some kinds, as completion offers them.
  ///
  /// - Parameter kinds: none: all kinds.
  public func names(of kinds: [Kind] = []) -> [String] {
    var seen = Set<String>()
    return things.filter { kinds.isEmpty || kinds.contains($0.kind) }.map(\.name.value).filter { seen.insert($0).inserted }
  }

  /// Every definition of that name, at least one; names are unique within a kind only.
  func things(named name: String, ofKind word: String?) throws(Diagnostics) -> [Thing] {
    let kind: Kind? = if let word { try kind(word, among: Kind.definitions) } else { nil }
    let candidates = things.filter { kind == nil || $0.kind == kind }
    let found = candidates.filter { $0.name.value == name }
    if !found.isEmpty { return found }
    let near = nearestName(to: name, among: candidates.map(\.name.value))
    let title = kind?.title ?? "definition"
    throw Diagnostics([
      Diagnostic(
        at: nil, "no \(title) is called \"\(name)\"", rule: "unknown-name",
        hint: near.map { "did you mean \"\($0)\"?" } ?? "see what there is with `gangway list`")
    ])
  }

  func thing(named name: String, ofKind word: String?) throws(Diagnostics) -> Thing {
    let found = try things(named: name, ofKind: word)
    guard let first = found.first, found.count > 1 else { return found[0] }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(name)\" is the name of several things: \(found.map { "a \($0.kind.title)" }.joined(separator: ", "))",
        rule: "ambiguous-name", hint: "say which with `--kind \(first.kind.rawValue)`")
    ])
  }
}
