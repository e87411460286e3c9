package import Definitions
package import Diagnostics
package import Warehouses

/// The module's columns that a feature rests on.
package struct ModuleColumns: Sendable, Hashable {
  /// Each once, in the order in which the definition names them.
  package fileprivate(set) var names: [String] = []
  /// False: an expression is in it that nobody could take apart, so there may be more.
  package fileprivate(set) var isComplete = true
}

extension Planner {
  /// Takes a feature apart as far as it can be done: with the module's relation at hand the warehouse says what expressions name.
  ///
  /// - Parameter relation: nil where there is no warehouse, or the module is not in it.
  /// - Throws: only what may pass, a lock; a broken expression leaves the answer incomplete.
  package func moduleColumns(of feature: Feature, in relation: Relation?) throws(Diagnostics) -> ModuleColumns {
    var columns = ModuleColumns()
    switch feature.kind {
    case .lookup(let source): try add(source.value, in: relation, to: &columns)
    case .aggregates(let aggregates):
      for operand in aggregates.operands { try add(operand.value, in: relation, to: &columns) }
      if let predicate = aggregates.predicate { try add(.expression(predicate.value), in: relation, to: &columns) }
    }
    return columns
  }

  private func add(_ source: ValueSource, in relation: Relation?, to columns: inout ModuleColumns) throws(Diagnostics) {
    switch source {
    case .column(let name): columns.add([name])
    case .columnOrExpression(let text) where relation?.column(text) != nil || (relation == nil && text.isPlainName): columns.add([text])
    case .expression(let text), .columnOrExpression(let text):
      guard let relation else {
        columns.isComplete = false
        return
      }
      do throws(WarehouseError) {
        columns.add(try warehouse.examine(expression: text, over: relation.name).columns)
      } catch {
        if error.isBusy { throw Diagnostics(error, at: nil) }
        columns.isComplete = false
      }
    }
  }
}

extension ModuleColumns {
  fileprivate mutating func add(_ more: [String]) {
    for name in more where !names.contains(name) { names.append(name) }
  }
}
