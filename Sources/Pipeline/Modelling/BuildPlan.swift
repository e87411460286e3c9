import Columns
package import Definitions
package import Diagnostics
package import Times
import Warehouses

/// Which modules to build, in order: each after what it reads, else in definition order.
package struct BuildPlan: Sendable {
  package struct Step: Sendable {
    package let rendered: RenderedModule
    let zone: Zone
    /// Where the definition first names each column that must be there.
    let columnPlaces: [Located<String>]

    package var name: String { rendered.name }
  }

  package let steps: [Step]

  /// - Parameters:
  ///   - names: modules to build, with all that they need; none means every module that is built here.
  ///   - zone: of naive times in the warehouse.
  /// - Throws: the SQL's mistakes, or names that cannot be built.
  package init(for project: Project, building names: [String] = [], zone: Zone) throws(Diagnostics) {
    let modules = try ModuleGraph(project).modules
    let mistakes = names.compactMap { Self.mistake(inName: $0, project) }
    guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
    let needed = names.isEmpty ? Set(modules.map(\.name)) : modules.withUpstream(of: names)
    steps = BuildOrder(modules).order.map { modules[$0] }.filter { needed.contains($0.name) }.map { Step($0, zone: zone) }
  }

  private static func mistake(inName name: String, _ project: Project) -> Diagnostic? {
    if let module = project.module(name) {
      guard case .relation(let relation) = module.origin else { return nil }
      return Diagnostic(
        at: module.name.location,
        "module \"\(name)\" cannot be built here: its relation \"\(relation.value)\" is built elsewhere", rule: "built-elsewhere",
        hint: "leave it out, or give it `sql:` instead of `relation:`")
    }
    if project.sources.contains(where: { $0.name.value == name }) {
      return Diagnostic(
        at: nil, "source \"\(name)\" cannot be built: it is a raw table that something else loads", rule: "unknown-module",
        hint: "name the modules to build, or none to build them all")
    }
    let buildable = project.modules.filter(\.isBuiltHere).map(\.name.value)
    let near = nearestName(to: name, among: buildable)
    return Diagnostic(
      at: nil, "module \"\(name)\" is not defined in any file", rule: "unknown-module",
      hint: near.map { "did you mean \"\($0)\"?" } ?? (buildable.isEmpty ? nil : "name one of: \(buildable.joined(separator: ", "))"))
  }
}

extension BuildPlan.Step {
  init(_ rendered: RenderedModule, zone: Zone) {
    self.rendered = rendered
    self.zone = zone
    columnPlaces = rendered.module.columnPlaces
  }

  func build(_ content: RelationBuild.Content, _ about: RelationAbout) -> RelationBuild {
    let module = rendered.module
    var required: [String] = []
    for place in columnPlaces where !required.contains(place.value) { required.append(place.value) }
    return RelationBuild(
      name: module.relation, kind: rendered.kind, content: content, grain: module.grain.map(\.value), requiredColumns: required,
      typedColumns: module.columns.compactMap { column in column.type.map { Field(column.name.value, $0) } }, zone: zone,
      indexesGrain: rendered.isMart, about: about)
  }

  func place(of column: String) -> SourceLocation? { columnPlaces.first { $0.value == column }?.location }
}

extension Module {
  /// Every column of its own that the definition names: without one of them it would mean nothing.
  fileprivate var columnPlaces: [Located<String>] {
    let times = [time.eventTime, time.knownTime] + columns.map(\.knownTime)
    return columns.map(\.name) + grain + times.compactMap { $0?.column } + recordID + (deleted.map { [$0] } ?? [])
  }
}

extension [RenderedModule] {
  fileprivate func withUpstream(of names: [String]) -> Set<String> {
    let byName = Dictionary(uniqueKeysWithValues: map { ($0.name, $0) })
    var needed = Set<String>()
    var waiting = names
    while let name = waiting.popLast() {
      if needed.insert(name).inserted { waiting += byName[name]?.needs.map(\.value) ?? [] }
    }
    return needed
  }
}
