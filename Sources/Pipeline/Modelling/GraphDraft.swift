import Definitions
import Diagnostics
import Warehouses

/// The graph and its mistakes, put together in one pass over the project: what can be rendered is, so that all mistakes show at once.
struct GraphDraft {
  private(set) var modules: [RenderedModule] = []
  private(set) var mistakes: [Diagnostic] = []

  private let project: Project

  init(_ project: Project) {
    self.project = project
    for module in project.modules {
      switch module.origin {
      case .sql(let file, let text): add(module, text: text, path: project.settings.pathFromRoot(file.value))
      case .composition(let composition): add(module, composition)
      case .relation, .output: break
      }
    }
    mistakes += modules.cycleMistakes
  }

  private mutating func add(_ module: Module, text: String, path: String) {
    let (template, templateMistakes) = SQLTemplateReader.read(text, path: path, moduleName: module.name.value)
    mistakes += templateMistakes
    refuseToReplaceSource(module)
    refuseDisagreement(module, template)
    let sql = template.rendered { quotedIdentifier(relationName(of: $0)) }
    add(module, .sql(sql, path: path), template.materialized?.value, template.references.map { resolve($0, in: module) })
  }

  private mutating func add(_ module: Module, _ composition: Composition) {
    guard let mart = project.mart(module.name.value) else { return }
    refuseToReplaceSource(module)
    let recipe = MartRecipe(mart, composition, in: project)
    mistakes += recipe.mistakes
    let joined = zip(composition.joins, recipe.joins).map { target(of: $0.source, relation: $1.part.relation, in: module) }
    add(module, .mart(recipe), nil, [target(of: .module(composition.base), relation: recipe.base.relation, in: module)] + joined)
  }

  private mutating func add(
    _ module: Module, _ content: RenderedModule.Content, _ materialized: Module.Materialization?, _ reads: [Result<Target, Mistake>]
  ) {
    var upstream: [Located<String>] = []
    var outside: [OutsideRelation] = []
    for read in reads {
      switch read {
      case .failure(let mistake): mistakes.append(mistake.diagnostic)
      case .success(.built(let name)): if !upstream.contains(where: { $0.value == name.value }) { upstream.append(name) }
      case .success(.outside(let relation)):
        if !outside.contains(where: { $0.relation == relation.relation }) { outside.append(relation) }
      }
    }
    // A view is read anew from its module before what joins it is built.
    let awaited = outside.filter { $0.kind == .view }.compactMap { relation -> Located<String>? in
      guard let view = project.featureView(relation.name), let module = project.module(view.module.value), module.isBuiltHere else {
        return nil
      }
      return Located(module.name.value, at: relation.location)
    }
    modules.append(
      RenderedModule(
        module: module, kind: kind(of: module, materialized), content: content, subject: project.subject(ofModule: module.name.value),
        isMart: project.mart(module.name.value) != nil, upstream: upstream,
        columnsRead: columnsRead(by: module), awaited: awaited, outside: outside))
  }

  /// What a mart's columns mean is said where they come from.
  private func columnsRead(by module: Module) -> [String: [String: ModuleColumn]] {
    guard case .composition(let composition) = module.origin else { return [:] }
    var found: [String: [String: ModuleColumn]] = [:]
    for name in [composition.base] + composition.joins.map(\.source.name) {
      var own: [String: ModuleColumn] = [:]
      for column in project.module(name.value)?.columns ?? [] { own[column.name.value] = column }
      for feature in project.featureView(name.value)?.features ?? [] where feature.description != nil {
        for column in feature.columns {
          own[column.name] = ModuleColumn(name: feature.name, type: nil, description: feature.description, knownTime: nil)
        }
      }
      found[name.value] = own
    }
    return found
  }

  /// - Parameter materialized: what the SQL says.
  private func kind(of module: Module, _ materialized: Module.Materialization?) -> Relation.Kind {
    switch module.materialized?.value ?? materialized ?? (project.mart(module.name.value) == nil ? .view : .table) {
    case .table: .table
    case .view: .view
    }
  }

  private func relationName(of reference: SQLTemplate.Reference) -> String {
    switch reference.kind {
    case .ref: project.module(reference.name)?.relation ?? reference.name
    case .source: reference.name
    }
  }
}

extension GraphDraft {
  private enum Target {
    /// And where it is named.
    case built(Located<String>)
    case outside(OutsideRelation)
  }

  private struct Mistake: Error {
    let diagnostic: Diagnostic
  }

  private func resolve(_ reference: SQLTemplate.Reference, in module: Module) -> Result<Target, Mistake> {
    switch reference.kind {
    case .ref: resolveRef(reference, in: module)
    case .source: resolveSource(reference, in: module)
    }
  }

  private func resolveRef(_ reference: SQLTemplate.Reference, in module: Module) -> Result<Target, Mistake> {
    let name = Located(reference.name, at: reference.location)
    if let target = project.module(reference.name) { return self.target(target, named: name, in: module) }
    if let published = project.publishedRelation(name) { return .success(.outside(published)) }
    return .failure(unknown(reference, in: module, what: "module", rule: "unknown-module", hint: hint(forModule: reference.name)))
  }

  private func hint(forModule name: String) -> String {
    if project.sources.contains(where: { $0.name.value == name }) { return "it is a source: write {{ source('\(name)') }}" }
    if let view = project.featureView(name) {
      return "it is a feature view: add `publish: true` to it (\(view.name.location)), and its values are in the warehouse"
    }
    return hint(for: name, among: project.modules.map(\.name) + project.publishedNames, else: "declare it under `modules:`")
  }

  /// What a mart's base or join stands for.
  private func target(of source: MartJoin.Source, relation: String, in module: Module) -> Result<Target, Mistake> {
    let name = source.name
    switch source {
    case .output: return .success(.outside(OutsideRelation(kind: .output, name: name.value, relation: relation, location: name.location)))
    case .view: return .success(.outside(OutsideRelation(kind: .view, name: name.value, relation: relation, location: name.location)))
    case .module:
      // The definitions have been read: every name leads somewhere.
      guard let target = project.module(name.value) else { preconditionFailure("module \(name.value) was resolved") }
      return self.target(target, named: name, in: module)
    }
  }

  private func target(_ target: Module, named name: Located<String>, in module: Module) -> Result<Target, Mistake> {
    if target.name.value == module.name.value {
      return .failure(
        Mistake(
          diagnostic: Diagnostic(
            at: name.location, "\(project.subject(ofModule: module.name.value)) reads itself", rule: "self-reference",
            hint: "give the earlier state another name, or read what it is made from")))
    }
    switch target.origin {
    case .sql, .composition: return .success(.built(name))
    case .output:
      return .success(.outside(OutsideRelation(kind: .output, name: name.value, relation: target.relation, location: name.location)))
    case .relation(let relation): return .success(outside(relation.value, .module, name))
    }
  }

  private func resolveSource(_ reference: SQLTemplate.Reference, in module: Module) -> Result<Target, Mistake> {
    guard project.sources.contains(where: { $0.name.value == reference.name }) else {
      let isModule = project.module(reference.name) != nil
      return .failure(
        unknown(
          reference, in: module, what: "source", rule: "unknown-source",
          hint: isModule
            ? "it is a module: write {{ ref('\(reference.name)') }}"
            : hint(for: reference.name, among: project.sources.map(\.name), else: "list it under `sources:`")))
    }
    return .success(outside(reference.name, .source, Located(reference.name, at: reference.location)))
  }

  /// A relation that another module of ours builds under its own name is no stranger: it is built first.
  private func outside(_ relation: String, _ kind: OutsideRelation.Kind, _ name: Located<String>) -> Target {
    if kind == .module, let builder = project.module(relation), builder.isBuiltHere { return .built(Located(relation, at: name.location)) }
    return .outside(OutsideRelation(kind: kind, name: name.value, relation: relation, location: name.location))
  }

  private func unknown(
    _ reference: SQLTemplate.Reference, in module: Module, what: String, rule: String, hint: String
  ) -> Mistake {
    Mistake(
      diagnostic: Diagnostic(
        at: reference.location, "module \"\(module.name.value)\" reads \(what) \"\(reference.name)\", which no file defines", rule: rule,
        hint: hint))
  }

  private func hint(for name: String, among candidates: [Located<String>], else otherwise: String) -> String {
    guard let near = nearestName(to: name, among: candidates.map(\.value)),
      let place = candidates.first(where: { $0.value == near })?.location
    else { return otherwise }
    return "did you mean \"\(near)\" (\(place))?"
  }

  private mutating func refuseToReplaceSource(_ module: Module) {
    // Warehouses do not mind the case of names.
    guard let source = project.sources.first(where: { $0.name.value.lowercased() == module.name.value.lowercased() }) else { return }
    mistakes.append(
      Diagnostic(
        at: module.name.location,
        "module \"\(module.name.value)\" would replace the source of that name (\(source.name.location)) when it is built",
        rule: "module-replaces-source", hint: "give the module another name, for example \"stg_\(module.name.value)\""))
  }

  private mutating func refuseDisagreement(_ module: Module, _ template: SQLTemplate) {
    guard let here = module.materialized, let there = template.materialized, here.value != there.value else { return }
    mistakes.append(
      Diagnostic(
        at: here.location,
        "module \"\(module.name.value)\" is materialized as a \(here.value.rawValue) here and as a \(there.value.rawValue) in its SQL (\(there.location))",
        rule: "materialized-disagrees", hint: "say it in one of the two places"))
  }
}

extension ProjectSettings {
  /// As people know the file: relative to the project's folder where it is inside.
  fileprivate func pathFromRoot(_ path: String) -> String {
    let folder = root.hasSuffix("/") ? root : root + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}
