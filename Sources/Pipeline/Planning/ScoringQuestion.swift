package import Columns
package import Definitions
package import Diagnostics
import Warehouses

/// What is asked of rows to score, beside their features.
package struct ScoringQuestion: Sendable {
  package enum Time: Sendable {
    /// Each row's own. In the archive it is called as in the training set.
    case column(TimeColumn)
    /// All rows', microseconds since the epoch, UTC.
    case instant(Int64)
  }

  package let time: Time
  /// By column: what it is in the training set, as far as that is known. A model reads what it was trained on.
  package let types: [String: DataType]

  package init(time: Time, types: [String: DataType]) {
    self.time = time
    self.types = types
  }
}

extension ScoringQuestion.Time {
  var column: TimeColumn? { if case .column(let column) = self { column } else { nil } }
  var instant: Int64? { if case .instant(let instant) = self { instant } else { nil } }
}

extension Planner {
  /// What is known of a training set's keys, kept columns and inputs without reading them: as the spine's module says, else as the warehouse
  /// declares them.
  package mutating func declaredTypes(of set: TrainingSet) throws(Diagnostics) -> [String: DataType] {
    guard case .module(let name) = set.spine.origin, let module = project.module(name.value) else { return [:] }
    let relation = try relation(module.relation)
    var types: [String: DataType] = [:]
    for column in set.spineColumns {
      types[column.value] = module.column(column.value)?.type ?? relation?.column(column.value)?.declaredType
    }
    return types
  }
}
