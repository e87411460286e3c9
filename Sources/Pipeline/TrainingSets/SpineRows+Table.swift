package import Columns
import Engine
package import Planning
import Warehouses

/// A spine at rest: its rows in final order, so that a training set can be computed again without its source.
extension SpineRows {
  private static let time = "decision_time"
  private static let untyped = "gangway.untyped"
  private static let nonFinite = "gangway.non_finite"

  package var table: Table {
    let fields = [Field(Self.time, .timestamp)] + columns.indices.map { Field("\($0) \(plan.outputs[$0].text)", columns[$0].column.type) }
    return Table(fields: fields, columns: [Column(.timestamp(decisionTime))] + columns.map(\.column), rowCount: rowCount)
  }

  /// What of the spine its columns do not tell.
  package var metadata: [(String, String)] {
    let untyped = columns.indices.filter { columns[$0].isUntyped }.map(String.init)
    let nonFinite = columns.map { String($0.nonFinite) }
    return [(Self.untyped, untyped.joined(separator: ",")), (Self.nonFinite, nonFinite.joined(separator: ","))]
  }

  /// - Returns: nil if the table is not a spine of this plan.
  package init?(_ table: Table, metadata: [String: String], plan: TrainingSetPlan) {
    let untyped = Set((metadata[Self.untyped] ?? "").split(separator: ",").compactMap { Int($0) })
    let nonFinite = (metadata[Self.nonFinite] ?? "").split(separator: ",").compactMap { Int($0) }
    guard table.columns.count == plan.outputs.count + 1, nonFinite.count == plan.outputs.count,
      table.fields.first?.name == Self.time, case .timestamp(let times)? = table.columns.first?.values
    else { return nil }
    let columns = table.columns.dropFirst().enumerated().map { index, column in
      ScannedColumn(column: column, isUntyped: untyped.contains(index), nonFinite: nonFinite[index])
    }
    self.init(plan: plan, columns: columns, decisionTime: times, rowCount: table.rowCount)
  }
}
