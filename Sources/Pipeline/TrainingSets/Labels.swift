import Columns
import Engine
import Planning
import Warehouses

/// A label with what is not known yet taken out (rule R15).
struct MatureLabel {
  let plan: LabelPlan
  let column: Column
  /// Per row when its value became known, delay included; nil where no known time is declared.
  let knownTime: ContiguousArray<Int64>?
  let report: TrainingReport.LabelReport

  /// - Parameter cutoff: the horizon; nil: the greatest known time that is there, before any delay.
  init(_ plan: LabelPlan, spine: SpineRows, cutoff: Int64?) {
    let values = spine.columns[plan.output].column
    self.plan = plan
    guard let output = plan.knownTime, case .timestamp(let times) = spine.columns[output].column.values else {
      column = values
      knownTime = nil
      report = .init(name: plan.name, nulls: values.nullCount, immature: 0, horizon: nil)
      return
    }
    let declared = spine.columns[output].column
    let span = times.span
    var horizon = cutoff
    if horizon == nil {
      for row in span.indices where !declared.isNull(row) { horizon = max(horizon ?? .min, span[row]) }
    }
    var builder = ColumnBuilder(values.type, capacity: values.count)
    var known = ContiguousArray<Int64>()
    var immature = 0
    for row in span.indices {
      let time = declared.isNull(row) ? Int64.max : saturatingAdd(span[row], plan.delayMicroseconds)
      let isMature = time <= horizon ?? .min
      known.append(isMature ? time : .max)
      if isMature, !values.isNull(row) { values.append(row, to: &builder) } else { builder.appendNull() }
      if !isMature { immature += 1 }
    }
    column = builder.finish()
    knownTime = known
    report = .init(name: plan.name, nulls: column.nullCount - immature, immature: immature, horizon: horizon)
  }

  /// When the row's label became known, if it has one that tells.
  func knownTime(ofValueIn row: Int) -> Int64? {
    guard let knownTime, !column.isNull(row) else { return nil }
    return knownTime[row]
  }
}
