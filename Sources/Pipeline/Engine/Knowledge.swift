import Columns
package import Definitions
import Planning
import Times

/// What may be known when, and which border is inside: the part of the rules that one training set chooses for all its views.
package struct Knowledge: Sendable, Hashable {
  package let mode: TrainingSet.Knowledge
  package let boundary: TrainingSet.Boundary
  /// Nothing that became known later counts; microseconds since the epoch.
  package let cutoff: Int64?

  package init(mode: TrainingSet.Knowledge, boundary: TrainingSet.Boundary, cutoff: Int64?) {
    self.mode = mode
    self.boundary = boundary
    self.cutoff = cutoff
  }

  /// From when on an event has happened: all of rule R8.
  func happened(_ event: Int64) -> Int64 { boundary == .closed ? event : saturatingAdd(event, 1) }

  /// From when on what became known at `time` is known to a question; `Int64.max`: never.
  func known(_ time: Int64) -> Int64 {
    if time == .max || time > cutoff ?? .max { return .max }
    return mode == .asKnown ? time : .min
  }

  /// When a version counts, as far as its knowledge goes (rule R4).
  func serving(from: Int64, until: Int64) -> (from: Int64, until: Int64) {
    let ends = until <= cutoff ?? .max ? until : .max
    switch mode {
    case .asKnown: return (known(from), ends)
    case .asRevised: return (ends == .max ? known(from) : .max, .max)
    }
  }

  /// Whether every row of the view serves from its event on, for ever: no borders but event times need be looked at.
  func servesFromEvents(_ plan: ViewPlan) -> Bool {
    plan.eventTime != nil && plan.recordID.isEmpty && plan.servesWhenKnown.isEmpty && cutoff == nil
      && (mode == .asRevised || (plan.knownTime == nil && plan.delayMicroseconds == 0))
  }
}

/// The rule as intervals of the decision time: a row is a look-up's candidate in [enter, leave).
struct ServingIntervals {
  var enter: ContiguousArray<Int64> = []
  var leave: ContiguousArray<Int64> = []

  init(_ batch: ViewBatch, _ plan: ViewPlan, _ knowledge: Knowledge) {
    let count = batch.rowCount
    enter.reserveCapacity(count)
    leave.reserveCapacity(count)
    guard let eventTime = batch.eventTime else {
      enter = ContiguousArray(repeating: .min, count: count)
      leave = ContiguousArray(repeating: .max, count: count)
      return
    }
    let knownTime = batch.knownTime ?? eventTime
    let (events, known) = (eventTime.span, knownTime.span)
    var serves = ContiguousArray<Int64>(repeating: .min, count: count)
    for late in plan.servesWhenKnown {
      guard let lateKnown = batch.lateKnown[late] else { continue }
      let times = lateKnown.span
      for row in 0..<count { serves[row] = max(serves[row], times[row]) }
    }
    for row in 0..<count {
      if let silent = batch.silent, silent[row] {
        enter.append(.max)
        leave.append(.min)
        continue
      }
      let until = batch.servesUntil?.span[row] ?? .max
      let serving = knowledge.serving(from: max(known[row], serves[row]), until: until)
      enter.append(max(serving.from, knowledge.happened(events[row])))
      leave.append(serving.until)
    }
  }

  /// Narrowed to a window's length, and to when the values are known.
  func inside(_ window: Window, knownFrom: ContiguousArray<Int64>?, _ batch: ViewBatch, _ knowledge: Knowledge) -> ServingIntervals {
    var result = self
    if let knownFrom {
      for row in knownFrom.indices { result.enter[row] = max(enter[row], knownFrom[row]) }
    }
    if case .span(let span) = window, let eventTime = batch.eventTime {
      let event = eventTime.span
      for row in event.indices {
        result.leave[row] = min(leave[row], saturatingAdd(knowledge.happened(event[row]), span.microseconds))
      }
    }
    return result
  }
}

extension ViewBatch {
  /// When the last of these late columns is known to a question; nil if there are none.
  func knownFrom(_ lateColumns: [Int], _ knowledge: Knowledge) -> ContiguousArray<Int64>? {
    if lateColumns.isEmpty { return nil }
    var result = ContiguousArray<Int64>(repeating: .min, count: rowCount)
    for late in lateColumns {
      guard let lateKnown = lateKnown[late] else { preconditionFailure("the late columns of all features are wanted") }
      let times = lateKnown.span
      for row in times.indices { result[row] = max(result[row], knowledge.known(times[row])) }
    }
    return result
  }
}
