// Modelling: our own SQL modules, from their files to relations in the warehouse.
//
// In:  a `Project` (definitions and the texts of its SQL files); for building, a `Warehouse`.
// Out: what is wrong with the SQL's templating and references; an order of building; relations built, one report each.
// Knows nothing of features, point-in-time rules, or of how a warehouse does what it is asked.

package import Definitions
package import Diagnostics
package import Warehouses

/// The project's SQL modules, rendered, and which of them reads which.
package struct ModuleGraph: Sendable {
  /// In definition order.
  package let modules: [RenderedModule]

  /// - Throws: every mistake that ``checkTemplates(_:)`` finds.
  package init(_ project: Project) throws(Diagnostics) {
    let draft = GraphDraft(project)
    guard draft.mistakes.isEmpty else { throw Diagnostics(draft.mistakes) }
    modules = draft.modules
  }
}

/// A SQL module whose references all lead somewhere.
package struct RenderedModule: Sendable {
  package let module: Module
  package let kind: Relation.Kind
  /// Nothing left to render.
  package let select: String
  /// Path of the SQL file as people know it.
  package let path: String
  /// The SQL modules that must be built first, each once, where the SQL first names them.
  package let upstream: [Located<String>]
  /// Relations that something else must have put into the warehouse.
  package let outside: [OutsideRelation]

  package var name: String { module.name.value }
}

/// A relation that a module reads and that is not built here.
package struct OutsideRelation: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case source, module }

  package let kind: Kind
  /// Name of the source or module.
  package let name: String
  package let relation: String
  /// Where the SQL names it.
  package let location: SourceLocation
}

/// What can be known about the project's SQL modules without a warehouse: templating, references, cycles, `materialized`.
///
/// - Returns: all mistakes, in file order; empty if there are none.
package func checkTemplates(_ project: Project) -> [Diagnostic] {
  GraphDraft(project).mistakes.inFileOrder
}
