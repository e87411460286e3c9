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
    self.init(plan, columns: spine.columns.map(\.column), rows: 0..<Int32(spine.rowCount), cutoff: cutoff)
  }

  /// - Parameters:
  ///   - columns: what was read of the spine.
  ///   - rows: those that are asked; only they tell the horizon.
  init(_ plan: LabelPlan, columns: [Column], rows: some Sequence<Int32>, cutoff: Int64?) {
    let values = columns[plan.output]
    self.plan = plan
    guard let output = plan.knownTime, case .timestamp(let times) = columns[output].values else {
      column = values
      knownTime = nil
      report = .init(name: plan.name, nulls: values.nullCount, immature: 0, horizon: nil, isAssumedKnown: true)
      return
    }
    let declared = columns[output]
    let span = times.span
    var horizon = cutoff
    if cutoff == nil {
      for row in rows where !declared.isNull(Int(row)) { horizon = max(horizon ?? .min, span[Int(row)]) }
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
    report = .init(name: plan.name, nulls: column.nullCount - immature, immature: immature, horizon: horizon, isAssumedKnown: false)
  }

  /// When the row's label became known, if it has one that tells.
  func knownTime(ofValueIn row: Int) -> Int64? {
    guard let knownTime, !column.isNull(row) else { return nil }
    return knownTime[row]
  }
}
