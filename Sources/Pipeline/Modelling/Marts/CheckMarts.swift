import Definitions
package import Diagnostics
package import Warehouses

/// What a warehouse tells of marts that have not been built with it yet.
package struct MartFindings: Sendable {
  package fileprivate(set) var mistakes: [Diagnostic] = []
  /// Outputs and feature views that marts join and that are not published: nothing is known of their columns.
  package fileprivate(set) var unpublished: [String] = []
}

extension ModuleGraph {
  /// Compares every mart's columns, keys and names with the relations that are there.
  ///
  /// - Parameters:
  ///   - warehouse: its name, for messages.
  ///   - names: of all relations, for hints.
  ///   - relation: finds a relation by its name.
  package func checkMarts(
    in warehouse: String, names: () throws(Diagnostics) -> [String], relation: (String) throws(Diagnostics) -> Relation?
  ) throws(Diagnostics) -> MartFindings {
    var findings = MartFindings()
    for module in modules {
      guard case .mart(let recipe) = module.content else { continue }
      if case .failure(let error) = try recipe.compose(relation) { findings.mistakes += error.diagnostics }
      for needed in module.outside where try relation(needed.relation) == nil {
        switch needed.kind {
        case .output, .view: if !findings.unpublished.contains(needed.name) { findings.unpublished.append(needed.name) }
        case .source, .module:
          let near = nearestName(to: needed.relation, among: try names())
          findings.mistakes.append(needed.missing(from: module.subject, in: warehouse, near: near))
        }
      }
    }
    return findings
  }
}
