import Columns
package import Definitions
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
}

/// The rule as intervals of the decision time: a row is a look-up's candidate in [enter, leave).
struct ServingIntervals {
  var enter: ContiguousArray<Int64> = []
  var leave: ContiguousArray<Int64> = []

  init(_ rows: ViewRows, _ knowledge: Knowledge) {
    enter.reserveCapacity(rows.rowCount)
    leave.reserveCapacity(rows.rowCount)
    let (event, from, until) = (rows.eventTime.span, rows.servesFrom.span, rows.servesUntil.span)
    for row in 0..<rows.rowCount {
      let serving = knowledge.serving(from: from[row], until: until[row])
      enter.append(max(serving.from, knowledge.happened(event[row])))
      leave.append(serving.until)
    }
  }

  /// Narrowed to a window's length, and to when the values are known.
  func inside(_ window: Window, knownFrom: ContiguousArray<Int64>?, rows: ViewRows, _ knowledge: Knowledge) -> ServingIntervals {
    var result = self
    if let knownFrom {
      for row in knownFrom.indices { result.enter[row] = max(enter[row], knownFrom[row]) }
    }
    if case .span(let span) = window {
      let event = rows.eventTime.span
      for row in 0..<rows.rowCount {
        result.leave[row] = min(leave[row], saturatingAdd(knowledge.happened(event[row]), span.microseconds))
      }
    }
    return result
  }
}

extension ViewRows {
  /// When the last of these late columns is known to a question; nil if there are none.
  func knownFrom(_ lateColumns: [Int], _ knowledge: Knowledge) -> ContiguousArray<Int64>? {
    if lateColumns.isEmpty { return nil }
    var result = ContiguousArray<Int64>(repeating: .min, count: rowCount)
    for late in lateColumns {
      let buffer = lateKnown[late]
      let times = buffer.span
      for row in times.indices { result[row] = max(result[row], knowledge.known(times[row])) }
    }
    return result
  }
}
