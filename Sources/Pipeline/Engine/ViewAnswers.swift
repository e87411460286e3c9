package import Columns
import Definitions
import Diagnostics
import Kernels
package import Planning
import Times

/// How a look-up came to its answer.
package enum CellStatus: UInt8, Sendable, CaseIterable {
  case present
  /// The winner's value is null (rule R5).
  case null
  /// No row serves.
  case missing
  /// The winner is too old (rule R7).
  case expired
  /// The winner's value is filled in later (rule R4).
  case notKnown
  /// A part of the spine row's key is null (rule R2).
  case noKey

  package var text: String {
    switch self {
    case .notKnown: "not_known"
    case .noKey: "no_key"
    default: "\(self)"
    }
  }
}

/// One feature column, an answer per spine row.
package struct FeatureAnswers: Sendable {
  package let name: String
  /// What the answers are taken from.
  package let column: Column
  /// Per spine row a row of `column`, negative for null; nil: `column` has one value per spine row.
  package let rows: Buffer<Int32>?
  /// Look-ups only, per spine row: ``CellStatus`` raw values.
  package let statuses: Buffer<UInt8>?
  /// Look-ups only: winners that happened, or became known, at the very moment of the decision.
  package let onBoundary: Int

  package func isNull(_ spineRow: Int) -> Bool {
    guard let rows else { return column.isNull(spineRow) }
    let row = Int(rows.span[spineRow])
    return row < 0 || column.isNull(row)
  }
}

/// A view's answers to a spine: who wins, and what the windows hold.
package struct ViewAnswers {
  let plan: ViewPlan
  let rows: ViewRows
  let questions: Questions
  let knowledge: Knowledge
  let groups: ContiguousArray<EntityGroups.Group>
  private let serving: ServingIntervals
  private var winners: ContiguousArray<Int32>?
  private var borders: [BorderKey: ContiguousArray<Border>] = [:]

  private struct BorderKey: Hashable {
    let window: Window
    let knownWith: [Int]
  }

  package init(plan: ViewPlan, rows: ViewRows, questions: Questions, knowledge: Knowledge) {
    self.plan = plan
    self.rows = rows
    self.questions = questions
    self.knowledge = knowledge
    groups = questions.groups(with: rows)
    serving = ServingIntervals(rows, knowledge)
  }

  var spineRowCount: Int { questions.times.count }

  /// - Throws: ``AggregateError`` where a sum leaves its type, or a type that came out of the values cannot be computed with.
  package mutating func answers(to feature: FeaturePlan) throws(AggregateError) -> FeatureAnswers {
    switch feature.kind {
    case .lookup(let value): lookup(feature, value: value)
    case .aggregate(let function, let window, let operands, let filter):
      FeatureAnswers(
        name: feature.name,
        column: try aggregate(
          WindowedAggregate(function: function, window: window, operands: operands, filter: filter, feature: feature)),
        rows: nil, statuses: nil, onBoundary: 0)
    }
  }

  /// Look-ups of one view share their winners.
  mutating func allWinners() -> ContiguousArray<Int32> {
    if let winners { return winners }
    var found = ContiguousArray<Int32>(repeating: noRow, count: spineRowCount)
    var span = found.mutableSpan
    findWinners(
      groups: groups.span, enter: serving.enter.span, leave: serving.leave.span, askTimes: questions.askTimes.span,
      askRows: questions.rows.span, into: &span)
    winners = found
    return found
  }

  /// Everything that happens inside a window; aggregates over the same rows share it.
  mutating func allBorders(_ window: Window, knownWith: [Int]) -> ContiguousArray<Border> {
    let key = BorderKey(window: window, knownWith: knownWith)
    if let known = borders[key] { return known }
    let inside = serving.inside(window, knownFrom: rows.knownFrom(knownWith, knowledge), rows: rows, knowledge)
    let found = windowBorders(
      groups: groups.span, enter: inside.enter.span, leave: inside.leave.span, askTimes: questions.askTimes.span,
      askRows: questions.rows.span)
    borders[key] = found
    return found
  }

  private mutating func lookup(_ feature: FeaturePlan, value: Int) -> FeatureAnswers {
    let winners = allWinners()
    let column = rows.values[value].column
    let knownFrom = rows.knownFrom(feature.knownWith, knowledge)
    let ttl = plan.view.ttl?.value.microseconds
    var answers = ContiguousArray<Int32>()
    var statuses = ContiguousArray<UInt8>()
    answers.reserveCapacity(winners.count)
    statuses.reserveCapacity(winners.count)
    let (times, events) = (questions.times.span, rows.eventTime.span)
    var onBoundary = 0
    for ask in winners.indices {
      let winner = winners[ask]
      let status: CellStatus
      if !questions.hasKey[ask] {
        status = .noKey
      } else if winner == noRow {
        status = .missing
      } else if let ttl, times[ask] >= saturatingAdd(knowledge.happened(events[Int(winner)]), ttl) {
        status = .expired
      } else if let knownFrom, knownFrom[Int(winner)] > times[ask] || knownFrom[Int(winner)] == .max {
        status = .notKnown
      } else {
        status = column.isNull(Int(winner)) ? .null : .present
        if serving.enter[Int(winner)] == times[ask] || events[Int(winner)] == times[ask] { onBoundary += 1 }
      }
      statuses.append(status.rawValue)
      answers.append(status == .present ? winner : noRow)
    }
    return FeatureAnswers(
      name: feature.name, column: column, rows: Buffer(answers), statuses: Buffer(statuses), onBoundary: onBoundary)
  }
}
