import Definitions
import Diagnostics
import Foundation
import Snapshots

/// The things of one kind, each with a line of facts.
public struct Listing: Sendable {
  public let kind: Kind
  /// Each begins with its name; all have the same names of facts.
  public let items: [[Fact]]
}

extension Workspace {
  /// What the project defines, and what its store holds. Needs neither a warehouse nor a store, and writes nothing.
  ///
  /// - Parameters:
  ///   - word: a kind, singular or plural; nil: all of them.
  ///   - events: hears why rows and ages cannot be told, if so.
  public func list(_ word: String? = nil, events: (Event) -> Void = { _ in }) throws(GangwayError) -> [Listing] {
    try GangwayError.catching {
      let kinds = try word.map { [try kind($0, among: Kind.allCases)] } ?? Kind.allCases
      let needsStore = word != nil && !Kind.definitions.contains(kinds[0])
      var contents = StoreContents()
      do { contents = try storeContents() } catch {
        if needsStore { throw error }
        for problem in GangwayError(error).problems { events(.note("the store was not read: \(problem.message)")) }
      }
      return kinds.map { Listing(kind: $0, items: items($0, contents)) }
    }
  }

  func kind(_ word: String, among kinds: [Kind]) throws(Diagnostics) -> Kind {
    if let kind = Kind(word: word), kinds.contains(kind) { return kind }
    let near = nearestName(to: word, among: kinds.map(\.plural))
    throw Diagnostics([
      Diagnostic(
        at: nil, "there is no kind \"\(word)\"", rule: "unknown-kind",
        hint: near.map { "did you mean \"\($0)\"?" } ?? "use one of: \(kinds.map(\.plural).joined(separator: ", "))")
    ])
  }

  /// One place for each kind: a new one gets its line here and its facts below.
  private func items(_ kind: Kind, _ contents: StoreContents) -> [[Fact]] {
    switch kind {
    case .source: project.sources.map { $0.line }
    case .entity: project.entities.map { $0.line }
    case .module: project.ownModules.map { $0.line(contents.newestBuild[$0.name.value], contents.newestLook[$0.name.value]) }
    case .mart: project.marts.map { $0.line(project.module($0.name.value), contents.newestBuild[$0.name.value]) }
    case .featureView: project.featureViews.map { $0.line(contents.newestSnapshot[$0.name.value]) }
    case .trainingSet: project.trainingSets.map { $0.line }
    case .output: project.outputs.map { $0.line(contents.outputs[$0.name.value]) }
    case .snapshot: contents.snapshots.map(\.line)
    case .version: contents.versions.map(\.line)
    case .batch: contents.outputs.sorted { $0.key < $1.key }.flatMap { $0.value.batches.map(\.line) }
    case .build: contents.builds.map(\.line)
    }
  }
}

/// What the store said when it was asked once.
struct StoreContents {
  var snapshots: [Snapshot] = []
  var builds: [BuildRecord] = []
  /// At observed modules, the oldest first.
  var looks: [Look] = []
  /// By name and number.
  var versions: [TrainingSetVersion] = []
  /// By output.
  var outputs: [String: OutputRecord] = [:]

  /// By view.
  var newestSnapshot: [String: Snapshot] { Dictionary(snapshots.map { ($0.view, $0) }) { newest, _ in newest } }
  /// By module.
  var newestBuild: [String: BuildRecord] { Dictionary(builds.map { ($0.module, $0) }) { newest, _ in newest } }
  /// By module.
  var newestLook: [String: Look] { Dictionary(looks.map { ($0.module, $0) }) { _, newest in newest } }
}

extension Workspace {
  /// - Returns: nothing where there is no store.
  func storeContents() throws(StoreError) -> StoreContents {
    guard let store = try SnapshotStore.existing(folder: project.settings.storeFolder) else { return StoreContents() }
    var outputs: [String: OutputRecord] = [:]
    for name in try store.outputNames() { outputs[name] = try store.outputRecord(name) }
    return StoreContents(
      snapshots: try store.snapshots(), builds: try store.builds(), looks: try store.looks(), versions: try store.versions(),
      outputs: outputs)
  }
}

// One line of facts a thing.

extension Source {
  fileprivate var line: [Fact] { [Fact("name", name.value), Fact("owner", about.owner), Fact("description", about.description)] }
}

extension Entity {
  fileprivate var line: [Fact] {
    [
      Fact("name", name.value), Fact("key", key.map(\.name.value)), Fact("module", module?.value), Fact("owner", about.owner),
      Fact("description", about.description),
    ]
  }
}

extension Module {
  fileprivate func line(_ build: BuildRecord?, _ look: Look?) -> [Fact] {
    var made = "relation"
    if case .sql = origin { made = "sql" }
    return [
      Fact("name", name.value), Fact("made_by", made), Fact("grain", grain.map(\.value)), Fact("rows", build?.rowCount ?? look?.rowCount),
      Fact("built", build.map { .time($0.builtAt) } ?? .none), Fact("owner", about.owner), Fact("description", about.description),
    ]
  }
}

extension Mart {
  fileprivate func line(_ module: Module?, _ build: BuildRecord?) -> [Fact] {
    [
      Fact("name", name.value), Fact("entity", entity.value), Fact("base", composition?.base.value),
      Fact("joins", composition?.joins.map(\.source.name.value) ?? []), Fact("rows", build?.rowCount),
      Fact("built", build.map { .time($0.builtAt) } ?? .none), Fact("owner", module?.about.owner),
      Fact("description", module?.about.description),
    ]
  }
}

extension FeatureView {
  fileprivate func line(_ snapshot: Snapshot?) -> [Fact] {
    [
      Fact("name", name.value), Fact("entity", entity?.value), Fact("module", module.value), Fact("columns", columns.count),
      Fact("rows", snapshot?.rowCount), Fact("read", snapshot.map { .time($0.createdAt) } ?? .none), Fact("owner", about.owner),
      Fact("description", about.description),
    ]
  }
}

extension TrainingSet {
  fileprivate var line: [Fact] {
    [
      Fact("name", name.value), Fact("spine", spine.origin.name), Fact("views", Set(features.map(\.view.value)).count),
      Fact("features", features.reduce(0) { $0 + $1.columns.count }),
      Fact("inputs", spine.inputs.isEmpty ? nil : spine.inputs.count), Fact("labels", spine.labels.map(\.column.value)),
      Fact("owner", about.owner), Fact("description", about.description),
    ]
  }
}

extension ModelOutput {
  fileprivate func line(_ record: OutputRecord?) -> [Fact] {
    [
      Fact("name", name.value), Fact("entity", entity.value), Fact("model", model?.value), Fact("columns", columns.count),
      Fact("live", record?.live ?? []), Fact("batches", record?.current.count),
      Fact("registered", record?.batches.last.map { .time($0.recordedAt) } ?? .none), Fact("owner", about.owner),
      Fact("description", about.description),
    ]
  }
}

extension OutputBatch {
  var line: [Fact] {
    [
      Fact("name", name), Fact("output", output), Fact("model_version", version), Fact("rows", rowCount),
      Fact("registered", .time(recordedAt)), Fact("since", .time(effectiveAt)), Fact("until", endedAt.map { .time($0) } ?? .none),
      Fact("ended", end?.rawValue),
    ]
  }
}

extension Spine.Origin {
  /// The module's name, or the file's.
  var name: String {
    switch self {
    case .module(let name): name.value
    case .file(let path): (path.value as NSString).lastPathComponent
    }
  }
}

extension Snapshot {
  fileprivate var line: [Fact] {
    [Fact("view", view), Fact("digest", .digest(digest)), Fact("rows", rowCount), Fact("read", .time(createdAt))]
  }
}

extension TrainingSetVersion {
  fileprivate var line: [Fact] {
    [Fact("name", "\(name)@\(number)"), Fact("digest", .digest(digest)), Fact("rows", rowCount), Fact("exported", .time(createdAt))]
  }
}

extension BuildRecord {
  fileprivate var line: [Fact] {
    [
      Fact("module", module), Fact("kind", kind), Fact("rows", rowCount), Fact("took", .seconds(seconds)),
      Fact("built", .time(builtAt)),
    ]
  }
}
