import Definitions
import Diagnostics
import Modelling
import Times
import Warehouses

extension Workspace {
  /// Says which modules, among some and all that they read, have other SQL than that of which they were built: they are read as they were.
  func notesOnChanges(of names: [String]) throws(Diagnostics) -> [String] {
    let built = names.filter { project.module($0)?.isBuiltHere ?? false }
    // What is wrong with templates is for `check` and `build` to say.
    guard !built.isEmpty, let plan = try? BuildPlan(for: project, building: built, zone: Zone(project.settings.timezone.value) ?? .utc)
    else { return [] }
    let known = try inWarehouse { () throws(WarehouseError) in try warehouse.builtSQL() }
    let changed = plan.steps.filter { step in
      guard case .sql(let text, _) = step.rendered.content, let before = known[step.rendered.module.relation] else { return false }
      return before != text
    }
    if changed.isEmpty { return [] }
    let words = changed.count == 1 ? "its SQL has" : "their SQL has"
    return [
      "\(changed.map(\.name).joined(separator: ", ")): \(words) changed since the last build, which is what is read; see `gangway build`"
    ]
  }
}
