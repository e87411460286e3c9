import Columns
import Definitions
import Diagnostics
import Snapshots
import Times
import Warehouses

// Sources, entities and modules.
extension ShowContext {
  mutating func facts(_ source: Source) throws(Diagnostics) -> [Fact] {
    let relation = try glance.relation(source.name.value)
    return [
      Fact("in_warehouse", relation.map { .text($0.kind.rawValue) } ?? .none),
      Fact("columns", .table(columns(declared: [], relation))),
    ]
  }

  func facts(_ entity: Entity) throws(Diagnostics) -> [Fact] {
    let name = entity.name.value
    let key = entity.key.map { part in
      [Fact("name", part.name.value), Fact("type", part.type?.rawValue), Fact("description", part.description)]
    }
    let views = project.featureViews.filter { $0.entity?.value == name }.map(\.name.value)
    return [Fact("module", entity.module?.value), Fact("feature_views", views), Fact("key", .table(key))]
  }

  mutating func facts(_ module: Module) throws(Diagnostics) -> [Fact] {
    let relation = try glance.relation(module.relation)
    var facts: [Fact] = []
    switch module.origin {
    case .sql(let file, _): facts.append(Fact("sql", workspace.relative(file.value)))
    case .relation(let name): facts.append(Fact("relation", name.value))
    case .composition, .output: break
    }
    facts += commonFacts(module, relation)
    facts.append(Fact("columns", .table(columns(declared: module.columns, relation))))
    if module.observation != nil {
      facts.append(Fact("last_observed", contents.newestLook[module.name.value].map { .facts(lookFacts($0)) } ?? .none))
    }
    facts.append(lastBuild(of: module))
    return facts
  }

  /// What is known of modules and marts alike.
  func commonFacts(_ module: Module, _ relation: Relation?) -> [Fact] {
    let views = project.featureViews.filter { $0.module.value == module.name.value }.map(\.name.value)
    let sets = project.trainingSets.filter { $0.spine.reads(module) }.map(\.name.value)
    let marts = project.marts(reading: module.name.value) { if case .module = $0 { true } else { false } }
    return [
      Fact("in_warehouse", relation.map { .text($0.kind.rawValue) } ?? .none), Fact("layer", module.layer),
      Fact("grain", module.grain.map(\.value)), Fact("times", module.time.inWords(of: module.observation)),
      Fact("versions", module.versionsInWords), Fact("feature_views", views), Fact("training_sets", sets),
      Fact("marts", marts),
    ]
  }

  func lastBuild(of module: Module) -> Fact {
    Fact("last_build", contents.newestBuild[module.name.value].map { .facts(buildFacts($0)) } ?? .none)
  }

  /// The last look that found something, and what all of them came to.
  private func lookFacts(_ look: Look) -> [Fact] {
    let looks = contents.looks.filter { $0.module == look.module }
    return [
      Fact("at", .time(look.observedAt)), Fact("rows", look.rowCount), Fact("looks", looks.count),
      Fact("rows_logged", looks.reduce(0) { $0 + $1.newRows + $1.changedRows + $1.goneRows }),
    ]
  }

  private func buildFacts(_ build: BuildRecord) -> [Fact] {
    [Fact("kind", build.kind), Fact("rows", build.rowCount), Fact("took", .seconds(build.seconds)), Fact("built", .time(build.builtAt))]
  }

  /// The warehouse's columns, then those that only the definition names.
  func columns(declared: [ModuleColumn], _ relation: Relation?) -> [[Fact]] {
    let stored = relation?.columns ?? []
    let names = stored.map(\.name) + declared.map(\.name.value).filter { name in !stored.contains { $0.name == name } }
    return names.map { name in
      let declaration = declared.first { $0.name.value == name }
      let column = stored.first { $0.name == name }
      return [
        Fact("name", name), Fact("type", (declaration?.type ?? column?.declaredType)?.rawValue),
        Fact("stored_as", column.flatMap { $0.declaredText.isEmpty ? nil : $0.declaredText }),
        Fact("known_at", declaration?.knownTime?.knownInWords),
        Fact("description", declaration?.description),
      ]
    }
  }
}

extension Module {
  fileprivate var versionsInWords: String? {
    guard !recordID.isEmpty, observation == nil else { return nil }
    let records = "rows with one \(recordID.map { "\"\($0.value)\"" }.joined(separator: ", ")) are versions of one record"
    return records + (deleted.map { ", \"\($0.value)\" says that it is gone" } ?? "")
  }
}

extension Spine {
  func reads(_ module: Module) -> Bool {
    if case .module(let name) = origin { name.value == module.name.value } else { false }
  }
}
