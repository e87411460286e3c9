import Columns
import Definitions
import Diagnostics
import Modelling
import Warehouses

extension ShowContext {
  /// What a mart is put together from, then what is known of any module.
  mutating func facts(_ mart: Mart, _ module: Module) throws(Diagnostics) -> [Fact] {
    let composed = try composed(mart)
    let origins = Dictionary((composed?.columns ?? []).map { ($0.name, $0) }) { first, _ in first }
    var facts = [Fact("entity", mart.entity.value)]
    if case .sql(let file, _) = module.origin { facts.append(Fact("sql", workspace.relative(file.value))) }
    if let composition = mart.composition {
      facts += [Fact("base", composition.base.value), Fact("joins", .table(composition.joins.map(\.line)))]
    }
    let relation = try glance.relation(module.relation)
    facts += commonFacts(module, relation)
    let stored = columns(declared: module.columns, relation).map { column in
      let origin = column.first.flatMap { if case .text(let name) = $0.value { origins[name] } else { nil } }
      return column.filter { $0.name != "known_at" && $0.name != "description" } + [
        Fact("from", origin?.words),
        Fact("description", origin?.description ?? column.first { $0.name == "description" }.flatMap(\.value.text)),
      ]
    }
    // Not built yet: what it would have.
    let planned = (relation == nil ? composed?.columns ?? [] : []).map { column in
      [
        Fact("name", column.name), Fact("type", column.type?.rawValue), Fact("stored_as", nil as String?), Fact("from", column.words),
        Fact("description", column.description),
      ]
    }
    facts.append(Fact("columns", .table(stored.isEmpty ? planned : stored)))
    facts.append(lastBuild(of: module))
    return facts
  }

  /// - Returns: nil for a mart written as SQL, and where what it reads is not there or does not fit.
  private mutating func composed(_ mart: Mart) throws(Diagnostics) -> ComposedMart? {
    guard let composition = mart.composition else { return nil }
    let recipe = MartRecipe(mart, composition, in: project)
    let found = try recipe.compose { name throws(Diagnostics) in try glance.relation(name) }
    return try? found?.get()
  }
}

extension MartJoin {
  fileprivate var line: [Fact] {
    let kind =
      switch source {
      case .module: "module"
      case .output: "output"
      case .view: "feature view"
      }
    return [
      Fact("name", source.name.value), Fact("what", kind),
      Fact("key", key.map { $0.there.value == $0.here.value ? $0.here.value : "\($0.there.value) = \($0.here.value)" }),
      Fact("columns", columns?.map(\.name.value) ?? []), Fact("prefix", prefix.isEmpty ? nil : prefix),
      Fact("as_of", asOf?.column.value),
    ]
  }
}

extension MartColumn {
  /// `module "x"`, and the column's name there if it is another.
  fileprivate var words: String { name == source ? subject : "\"\(source)\" of \(subject)" }
}

extension FactValue {
  fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
}

extension Project {
  /// The marts that take their rows or columns from a module, output or published view.
  func marts(reading name: String, _ isMeant: (MartJoin.Source) -> Bool) -> [String] {
    marts.filter { mart in
      guard let composition = mart.composition else { return false }
      let sources = composition.joins.map(\.source) + [.module(composition.base)]
      return sources.contains { $0.name.value == name && isMeant($0) }
    }.map(\.name.value)
  }
}
