import Definitions
import Diagnostics
import Planning
import Snapshots

/// Where something is defined.
public struct Place: Sendable, Hashable {
  /// Relative to the project's folder.
  public let file: String
  /// From 1.
  public let line: Int
  /// From 1, in characters.
  public let column: Int

  public var text: String { "\(file):\(line):\(column)" }
}

extension Place {
  init(_ location: SourceLocation) { self.init(file: location.path, line: location.line, column: location.column) }
}

/// One definition with all that is known about it.
public struct Showing: Sendable {
  public let kind: Kind
  public let name: String
  /// nil for what no file defines: a version.
  public let place: Place?
  public let facts: [Fact]
}

extension Workspace {
  /// What is known of the definitions that bear a name: from the files, and from warehouse and store if they are there. Writes nothing.
  ///
  /// - Parameters:
  ///   - kind: singular or plural; nil: every kind.
  ///   - events: hears why something could not be told.
  public func show(_ name: String, kind: String? = nil, events: (Event) -> Void = { _ in }) throws(GangwayError) -> [Showing] {
    try GangwayError.catching {
      if name.contains("@"), let version = try showVersion(name, kind) { return [version] }
      let things = try things(named: name, ofKind: kind)
      var context = ShowContext(self, try storeContents())
      let showings = try things.map { thing in
        let about = thing.about
        var facts = [Fact("description", about.description), Fact("owner", about.owner), Fact("tags", about.tags)]
        facts.append(Fact("meta", .facts(about.meta.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) })))
        facts += try context.facts(thing)
        return Showing(kind: thing.kind, name: thing.name.value, place: Place(thing.name.location), facts: facts)
      }
      for line in context.glance.notes { events(.note(line)) }
      return showings
    }
  }
}

/// What definitions are shown against.
struct ShowContext {
  let workspace: Workspace
  let contents: StoreContents
  var glance: Glance

  init(_ workspace: Workspace, _ contents: StoreContents) {
    self.workspace = workspace
    self.contents = contents
    glance = Glance(workspace, without: "columns are those that definitions name")
  }

  var project: Project { workspace.project }

  /// Whether a snapshot is what the definition reads today; nil where nobody can say.
  func isCurrent(_ snapshot: Snapshot, of view: FeatureView) throws(Diagnostics) -> Bool? {
    guard var planner = glance.planner else { return nil }
    do throws(Diagnostics) { return try planner.plan(view).readDigest == snapshot.readDigest } catch {
      if error.isBusy { throw error }
      return nil
    }
  }

  mutating func facts(_ thing: Thing) throws -> [Fact] {
    switch thing {
    case .source(let source): try facts(source)
    case .entity(let entity): try facts(entity)
    case .module(let module): try facts(module)
    case .mart(let mart, let module): try facts(mart, module)
    case .featureView(let view): try facts(view)
    case .trainingSet(let set): facts(set)
    case .output(let output): try facts(output)
    }
  }
}
