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
      guard case .sql(let file, let text) = module.origin else { continue }
      add(module, text: text, path: project.settings.pathFromRoot(file.value))
    }
    mistakes += modules.cycleMistakes
  }

  private mutating func add(_ module: Module, text: String, path: String) {
    let (template, templateMistakes) = SQLTemplateReader.read(text, path: path, moduleName: module.name.value)
    mistakes += templateMistakes
    refuseToReplaceSource(module)
    refuseDisagreement(module, template)
    var upstream: [Located<String>] = []
    var outside: [OutsideRelation] = []
    for reference in template.references {
      switch resolve(reference, in: module) {
      case .failure(let mistake): mistakes.append(mistake.diagnostic)
      case .success(.built(let name)):
        if !upstream.contains(where: { $0.value == name }) { upstream.append(Located(name, at: reference.location)) }
      case .success(.outside(let relation)):
        if !outside.contains(where: { $0.relation == relation.relation }) { outside.append(relation) }
      }
    }
    modules.append(
      RenderedModule(
        module: module, kind: kind(of: module, template), select: template.rendered { quotedIdentifier(relationName(of: $0)) },
        path: path, upstream: upstream, outside: outside))
  }

  private func kind(of module: Module, _ template: SQLTemplate) -> Relation.Kind {
    switch module.materialized?.value ?? template.materialized?.value ?? .view {
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
    case built(String)
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
    guard let target = project.module(reference.name) else {
      let isSource = project.sources.contains { $0.name.value == reference.name }
      return .failure(
        unknown(
          reference, in: module, what: "module", rule: "unknown-module",
          hint: isSource
            ? "it is a source: write {{ source('\(reference.name)') }}"
            : hint(for: reference.name, among: project.modules.map(\.name), else: "declare it under `modules:`")))
    }
    if target.name.value == module.name.value {
      return .failure(
        Mistake(
          diagnostic: Diagnostic(
            at: reference.location, "module \"\(module.name.value)\" reads itself", rule: "self-reference",
            hint: "give the earlier state another name, or read what it is made from")))
    }
    switch target.origin {
    case .sql, .composition: return .success(.built(target.name.value))
    case .output: return .success(outside(target.relation, .module, reference))
    case .relation(let relation): return .success(outside(relation.value, .module, reference))
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
    return .success(outside(reference.name, .source, reference))
  }

  /// A relation that another module of ours builds under its own name is no stranger: it is built first.
  private func outside(_ relation: String, _ kind: OutsideRelation.Kind, _ reference: SQLTemplate.Reference) -> Target {
    if kind == .module, let builder = project.module(relation), builder.isBuiltHere { return .built(relation) }
    return .outside(OutsideRelation(kind: kind, name: reference.name, relation: relation, location: reference.location))
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
