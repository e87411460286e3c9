package import Columns
import Definitions
package import Diagnostics
package import Planning
import Times

/// The moments at which a view's answers can change, entity by entity: between two of them they are constant.
package struct ViewBorders: Sendable {
  /// Of each moment its entity's key, part by part.
  package let keys: [Column]
  /// Microseconds since the epoch; rising within an entity, whose moments stand together.
  package let times: ContiguousArray<Int64>
  /// Whether a moment is of another entity than the one before it.
  package let begins: ContiguousArray<Bool>

  /// - Parameter number: of one of the view's batches, which has all rows of its entities.
  package init(_ number: Int, of rows: any ViewRows, plan: ViewPlan) throws(Diagnostics) {
    var wanted = ViewColumns()
    wanted.late.formUnion(plan.servesWhenKnown)
    for column in plan.columns { wanted.late.formUnion(column.knownWith) }
    let batch = try rows.batch(number, wanted)
    let knowledge = Knowledge(mode: .asKnown, boundary: .closed, cutoff: nil)
    let intervals = ServingIntervals(batch, plan, knowledge)
    let spans = plan.spansFromEvent
    var found: [(first: Int32, time: Int64)] = []
    let order = ContiguousArray((0..<batch.rowCount).map { Int32(truncatingIfNeeded: $0) })
    let differs = batch.keys.differences(order.span)
    var first: Int32 = 0
    for row in 0..<batch.rowCount {
      if differs[row] { first = Int32(row) }
      let (enter, leave) = (intervals.enter[row], intervals.leave[row])
      guard enter < leave else { continue }
      // A timeless row serves for ever.
      found.append((first, enter))
      if leave < .max { found.append((first, leave)) }
      guard let events = batch.eventTime else { continue }
      let event = events.span[row]
      for span in spans {
        let end = saturatingAdd(event, span)
        if end > enter, end < leave { found.append((first, end)) }
      }
      for late in wanted.late {
        guard let times = batch.lateKnown[late] else { continue }
        let known = times.span[row]
        if known > enter, known < leave { found.append((first, known)) }
      }
    }
    found.sort { ($0.first, $0.time) < ($1.first, $1.time) }
    var places = ContiguousArray<Int32>()
    var times = ContiguousArray<Int64>()
    var begins = ContiguousArray<Bool>()
    for border in found {
      let isNew = places.last != border.first
      if !isNew, times.last == border.time { continue }
      places.append(border.first)
      times.append(border.time)
      begins.append(isNew)
    }
    keys = batch.keys.columns.map { $0.gathered(places.span) }
    self.times = times
    self.begins = begins
    rows.release(number)
  }
}

extension ViewPlan {
  /// After which times since its event a row counts no longer, somewhere: ttl and windows.
  fileprivate var spansFromEvent: [Int64] {
    var spans = Set<Int64>()
    if let ttl = view.ttl { spans.insert(ttl.value.microseconds) }
    for column in columns {
      if case .aggregate(_, .span(let span), _, _) = column.kind { spans.insert(span.microseconds) }
    }
    return spans.sorted()
  }

  /// The columns whose answers change only at such moments, into ``columns``: a time since something changes always.
  package var steadyColumns: [Int] {
    columns.indices.filter { if case .aggregate(.timeSinceLast, _, _, _) = columns[$0].kind { false } else { true } }
  }
}
