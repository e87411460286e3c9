import Definitions
import Diagnostics
import Warehouses

/// What stopped one step, in words.
struct StepFailure: Error {
  let diagnostics: [Diagnostic]
  let isBusy: Bool
}

extension BuildPlan.Step {
  /// Builds the module: a mart out of the relations that are there now.
  ///
  /// - Parameter time: what is told of it to readers of the warehouse is of this moment.
  func run(in warehouse: any Warehouse, at time: Int64) throws(StepFailure) -> BuiltRelation {
    let module = rendered.module
    var about = RelationAbout()
    (about.description, about.owner, about.builtAt) = (module.about.description, module.about.owner, time)
    for column in module.columns {
      about.descriptions[column.name.value] = column.description
      about.types[column.name.value] = column.type
    }
    let content = try content(in: warehouse, &about)
    do throws(WarehouseError) { return try warehouse.build(build(content, about)) } catch { throw failure(error) }
  }

  func relation(_ name: String, in warehouse: any Warehouse) throws(StepFailure) -> Relation? {
    do throws(WarehouseError) { return try warehouse.relation(name) } catch { throw failure(error) }
  }

  private func content(in warehouse: any Warehouse, _ about: inout RelationAbout) throws(StepFailure) -> RelationBuild.Content {
    switch rendered.content {
    case .sql(let select, _): return .select(select)
    case .mart(let recipe):
      let mart: Result<ComposedMart, Diagnostics>?
      do throws(WarehouseError) {
        mart = try recipe.compose { name throws(WarehouseError) in try warehouse.relation(name) }
      } catch { throw failure(error) }
      switch mart {
      case .success(let mart):
        for column in mart.columns {
          let read = rendered.columnsRead[column.reference]?[column.source]
          about.types[column.name] = read?.type ?? column.type
          about.descriptions[column.name] = column.description ?? read?.description
        }
        return .composition(mart.composition)
      case .failure(let mistakes): throw StepFailure(diagnostics: mistakes.diagnostics, isBusy: false)
      // Something else has just dropped it.
      case nil: throw failure(.missingRelation(recipe.base.relation, warehouse: warehouse.displayName))
      }
    }
  }

  private func failure(_ error: WarehouseError) -> StepFailure {
    StepFailure(diagnostics: diagnostics(for: error), isBusy: error.isBusy)
  }

  /// The error with the place in the definition, or in the SQL, that must change.
  private func diagnostics(for error: WarehouseError) -> [Diagnostic] {
    if case .mart(let recipe) = rendered.content, let found = recipe.diagnostics(for: error) { return found }
    let place: SourceLocation? =
      switch error {
      case .unavailable, .corrupt, .busy, .io: nil
      case .sql, .expression, .missingRelation, .missingColumn: textPlace
      case .duplicateGrain: rendered.module.grain.first?.location
      case .missingBuiltColumn(let column, _, _): self.place(of: column)
      case .data, .foreignRelation, .duplicateJoinKey, .rowCountChanged: rendered.module.name.location
      }
    return Warehouses.diagnostics(for: error, at: place, of: rendered.subject) { self.place(of: $0.column) }
  }

  private var textPlace: SourceLocation {
    switch rendered.content {
    case .sql(_, let path): SourceLocation(path: path, line: 1, column: 1)
    case .mart: rendered.module.name.location
    }
  }
}

extension MartRecipe {
  /// Errors about what a mart reads, at the place where it names that; nil for all others.
  fileprivate func diagnostics(for error: WarehouseError) -> [Diagnostic]? {
    switch error {
    case .duplicateGrain(let found) where found.relation == base.relation:
      return Warehouses.diagnostics(for: error, at: base.reference.location, of: "\(base.subject), the base of \(subject)")
    case .duplicateJoinKey(_, let join, _):
      return Warehouses.diagnostics(
        for: error, at: joins[join].key.first?.there.location ?? joins[join].part.reference.location, of: subject)
    case .data(let problems) where problems.allSatisfy { $0.relation == base.relation }:
      return Warehouses.diagnostics(for: error, at: base.reference.location, of: "\(base.subject), the base of \(subject)") { problem in
        joins.first { $0.moment?.column.value == problem.column }?.moment?.column.location
      }
    default: return nil
    }
  }
}
