import Diagnostics

/// All definitions of all files, in file order, against the table of keys but not yet against each other.
struct DefinitionFields {
  var sources: [Fields] = []
  var entities: [Fields] = []
  var modules: [Fields] = []
  var views: [Fields] = []
  var sets: [Fields] = []
  var outputs: [Fields] = []
  var marts: [Fields] = []
  /// The lists of which names may be missing for a mistake that is reported already.
  var incompleteLists: Set<String> = []

  mutating func add(_ file: Fields) {
    sources += file.list("sources")
    entities += file.list("entities")
    modules += file.list("modules")
    views += file.list("feature_views")
    sets += file.list("training_sets")
    outputs += file.list("outputs")
    marts += file.list("marts")
    incompleteLists.formUnion(file.kind.keys.map(\.name).filter(file.isBroken))
  }

  /// Notes top-level keys that are misspelt: what they hold is not known.
  mutating func noteUnread(in tree: Tree) {
    guard case .mapping(let entries) = tree.content else { return markAllIncomplete() }
    for entry in entries where DefinitionKeys.file.key(entry.key.value) == nil {
      if let list = DefinitionKeys.file.keyMeant(by: entry.key.value) {
        incompleteLists.insert(list)
      } else {
        markAllIncomplete()
      }
    }
  }

  mutating func markAllIncomplete() { incompleteLists.formUnion(DefinitionKeys.file.keys.map(\.name)) }
}

/// Turns checked definitions into the project, in the order in which they need each other.
struct ProjectReader {
  let findings: Findings
  let root: String
  let zone: Located<String>
  let definitions: DefinitionFields
  var modules: Catalog<Module>
  var entities: Catalog<Entity>
  var views: Catalog<FeatureView>
  var sets: Catalog<TrainingSet>
  var outputs: Catalog<ModelOutput>
  /// The views whose values are put into the warehouse.
  let published: [Located<String>]

  init(_ definitions: DefinitionFields, root: String, zone: Located<String>, findings: Findings) {
    self.definitions = definitions
    self.root = root
    self.zone = zone
    self.findings = findings
    let incomplete = definitions.incompleteLists
    // Marts and outputs are modules to whoever reads them.
    modules = Catalog(
      DefinitionKeys.module, of: definitions.modules + definitions.outputs + definitions.marts,
      isIncomplete: !incomplete.isDisjoint(with: ["modules", "outputs", "marts"]))
    outputs = Catalog(DefinitionKeys.output, of: definitions.outputs, isIncomplete: incomplete.contains("outputs"))
    published = definitions.views.filter { $0.flag("publish") }.compactMap(\.name)
    entities = Catalog(DefinitionKeys.entity, of: definitions.entities, isIncomplete: incomplete.contains("entities"))
    views = Catalog(DefinitionKeys.featureView, of: definitions.views, isIncomplete: incomplete.contains("feature_views"))
    sets = Catalog(DefinitionKeys.trainingSet, of: definitions.sets, isIncomplete: incomplete.contains("training_sets"))
  }

  /// - Returns: only what is free of mistakes; the others are in `findings`.
  mutating func read(settings: ProjectSettings) -> Project {
    let relations = (definitions.sources + definitions.modules + definitions.outputs + definitions.marts)
      .sorted { $0.location < $1.location }
    reportPublishedNames(relations)
    for kind in [relations, definitions.entities, definitions.views, definitions.sets] { reportDuplicates(among: kind, findings) }
    let sources = definitions.sources.compactMap { build($0, Self.source) }
    var modules = define(definitions.modules, in: \.modules, Self.module)
    let entities = define(definitions.entities, in: \.entities, Self.entity)
    let outputs = define(definitions.outputs, in: \.outputs, Self.output)
    for output in outputs { self.modules.define(output.name, as: module(of: output)) }
    let marts = definitions.marts.compactMap { build($0, Self.mart) }
    for (mart, module) in marts { self.modules.define(mart.name, as: module) }
    modules += outputs.map(module) + marts.map(\.module)
    let views = define(definitions.views, in: \.views, Self.featureView)
    let sets = define(definitions.sets, in: \.sets, Self.trainingSet)
    return Project(
      settings: settings, sources: sources, entities: entities, modules: modules, featureViews: views, trainingSets: sets,
      outputs: outputs, marts: marts.map(\.mart), published: published)
  }

  /// A published view is a relation too.
  private func reportPublishedNames(_ relations: [Fields]) {
    for name in published {
      guard let other = relations.first(where: { $0.name?.value == name.value }) else { continue }
      report(
        Diagnostic(
          at: name.location, "feature view \"\(name.value)\" is published under the name of a \(other.kind.title) (\(other.location))",
          rule: "duplicate-name", hint: "rename one of them, or remove `publish: true`"))
    }
  }

  private mutating func define<Model>(
    _ definitions: [Fields], in catalog: WritableKeyPath<Self, Catalog<Model>>, _ construct: (Self) -> (Fields) -> Model?
  ) -> [Model] {
    definitions.compactMap { fields in
      guard let model = build(fields, construct), let name = fields.name else { return nil }
      self[keyPath: catalog].define(name, as: model)
      return model
    }
  }

  /// Builds even what is broken, for its further mistakes, but returns only what has none.
  private func build<Model>(_ fields: Fields, _ construct: (Self) -> (Fields) -> Model?) -> Model? {
    let before = findings.count
    let model = construct(self)(fields)
    return fields.isBroken || findings.count > before ? nil : model
  }

  func report(_ diagnostic: Diagnostic) { findings.report(diagnostic) }
}
