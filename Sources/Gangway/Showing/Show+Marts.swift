import Columns
import Definitions
import Diagnostics
import Modelling
import Warehouses

extension ShowContext {
  /// What a mart is put together from, then what is known of any module.
  mutating func facts(_ mart: Mart, _ module: Module) throws(Diagnostics) -> [Fact] {
    let relation = try glance.relation(module.relation)
    var facts = [Fact("entity", mart.entity.value)]
    var planned: [MartColumn] = []
    if case .sql(let file, _) = module.origin { facts.append(Fact("sql", workspace.relative(file.value))) }
    if let composition = mart.composition {
      let recipe = MartRecipe(mart, composition, in: project)
      let joins = zip(composition.joins, recipe.joinKeys).map { join, key in join.line(key: key) }
      facts += [Fact("base", composition.base.value), Fact("joins", .table(joins))]
      planned = try columns(recipe)
    }
    facts += commonFacts(module, relation)
    facts.append(Fact("columns", .table(columns(of: module, relation, planned))))
    facts.append(lastBuild(of: module))
    return facts
  }

  /// - Returns: none where what it reads is not there or does not fit.
  private mutating func columns(_ recipe: MartRecipe) throws(Diagnostics) -> [MartColumn] {
    let found = try recipe.compose { name throws(Diagnostics) in try glance.relation(name) }
    return (try? found?.get())?.columns ?? []
  }

  /// Those that are there; of a mart that has not been built, those that it would have.
  private func columns(of module: Module, _ relation: Relation?, _ planned: [MartColumn]) -> [[Fact]] {
    let declared = planned.map { column in
      ModuleColumn(
        name: Located(column.name, at: module.name.location), type: column.type, description: column.description, knownTime: nil)
    }
    let origins = Dictionary(planned.map { ($0.name, $0.words) }) { first, _ in first }
    return columns(declared: declared.isEmpty ? module.columns : declared, relation).map { line in
      guard case .text(let name) = line[0].value else { return line }
      var line = line.filter { $0.name != "known_at" }
      line.insert(Fact("from", origins[name]), at: line.count - 1)
      return line
    }
  }
}

extension MartJoin {
  fileprivate func line(key: [KeyPair]) -> [Fact] {
    let kind =
      switch source {
      case .module: "module"
      case .output: "output"
      case .view: "feature view"
      }
    return [
      Fact("name", source.name.value), Fact("what", kind), Fact("as_of", asOf?.column.value),
      Fact("key", key.map { $0.there.value == $0.here.value ? $0.here.value : "\($0.there.value) = \($0.here.value)" }),
      Fact("prefix", prefix.isEmpty ? nil : prefix),
    ]
  }
}

extension MartColumn {
  fileprivate var words: String { "\(reference).\(source)" }
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
