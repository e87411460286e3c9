// Modelling: our own SQL modules and marts, from their files to relations in the warehouse.
//
// In:  a `Project` (definitions and the texts of its SQL files); for building, a `Warehouse`.
// Out: what is wrong with templating, references and marts; an order of building; relations built, one report each.
// Knows nothing of features, point-in-time rules, or of how a warehouse does what it is asked.

package import Definitions
package import Diagnostics
package import Warehouses

/// The project's SQL modules, rendered, its marts, and which of them reads which.
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

/// A module that is built here, whose references all lead somewhere.
package struct RenderedModule: Sendable {
  package enum Content: Sendable {
    /// Nothing left to render; and the path of the file as people know it.
    case sql(String, path: String)
    case mart(MartRecipe)
  }

  package let module: Module
  package let kind: Relation.Kind
  package let content: Content
  /// `module "x"` or `mart "x"`.
  package let subject: String
  package let isMart: Bool
  /// The modules that must be built first, each once, where it first names them.
  package let upstream: [Located<String>]
  /// What is said of the columns of what it reads, by relation as it names it and by column.
  let columnsRead: [String: [String: ModuleColumn]]
  /// The modules of which published views are made that it reads: built before them, and so before it.
  let awaited: [Located<String>]
  /// Relations that something else must have put into the warehouse.
  package let outside: [OutsideRelation]

  package var name: String { module.name.value }

  /// What is odd about what was built, in words.
  func remarks(on built: BuiltRelation) -> [String] {
    guard case .mart(let recipe) = content else { return [] }
    return built.idleJoins.map { recipe.remark(onIdleJoin: $0) }
  }

  /// All that must be built first.
  var needs: [Located<String>] { upstream + awaited }
}

/// A relation that a module reads and that is not built here.
package struct OutsideRelation: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case source, module
    /// Published: a model's output, or a feature view.
    case output, view
  }

  package let kind: Kind
  /// Name of the source, module, output or feature view.
  package let name: String
  package let relation: String
  /// Where the module names it.
  package let location: SourceLocation
}

/// What can be known about the project's SQL modules and marts without a warehouse: templating, references, cycles, keys, `materialized`.
///
/// - Returns: all mistakes, in file order; empty if there are none.
package func checkTemplates(_ project: Project) -> [Diagnostic] {
  GraphDraft(project).mistakes.inFileOrder
}
