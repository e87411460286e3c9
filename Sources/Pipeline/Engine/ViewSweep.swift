import Columns
import Definitions
import Diagnostics
import Kernels
import Planning
import Times

/// One batch's rows and the questions that they can answer, side by side: small enough for a core's cache.
struct ViewSweep {
  let plan: ViewPlan
  let batch: ViewBatch
  /// Decision time of each question.
  let askTimes: ContiguousArray<Int64>
  /// Where each question's answer goes.
  private let places: ContiguousArray<Int32>
  /// 0, 1, 2, …: an answer a question.
  let identity: ContiguousArray<Int32>
  let knowledge: Knowledge
  let groups: ContiguousArray<EntityGroups.Group>
  private let firstAsk: Int
  private var serving: ServingIntervals?
  private var winners: (all: Winners, tally: FeatureTarget.Tally)?
  var cache = AggregateCache()
  let memory: SweepMemory

  init(
    plan: ViewPlan, batch: ViewBatch, asks: Range<Int>, of questions: Questions, _ knowledge: Knowledge,
    memory: SweepMemory
  ) {
    self.plan = plan
    self.batch = batch
    self.knowledge = knowledge
    firstAsk = asks.lowerBound
    askTimes = questions.times.elements(asks)
    places = questions.rows.elements(asks)
    identity = ContiguousArray(0..<Int32(asks.count))
    groups = entityGroups(batch, asks, of: questions)
    self.memory = memory
  }

  var askCount: Int { askTimes.count }

  /// When each row serves; not asked for where event times tell it.
  var servingIntervals: ServingIntervals {
    mutating get {
      let known = serving ?? ServingIntervals(batch, plan, knowledge)
      serving = known
      return known
    }
  }

  /// - Returns: the question whose sum is beyond its type, if there is one.
  mutating func answer(_ feature: FeaturePlan, to target: FeatureTarget, lot: Int) -> Int? {
    switch feature.kind {
    case .lookup(let value):
      let (winners, tally) = allWinners()
      lookUp(feature, value: value, winners, tally, to: target, lot: lot)
      return nil
    case .aggregate(let function, let window, let operands, let filter):
      let aggregate = WindowedAggregate(function: function, window: window, operands: operands, filter: filter, feature: feature)
      do throws(SumOverflow) {
        let column = try self.aggregate(aggregate)
        target.set(column, rows: identity.span, places: places.span, lot: lot)
        var tally = FeatureTarget.Tally()
        tally.statuses[Int(CellStatus.null.rawValue)] = column.nullCount
        tally.statuses[Int(CellStatus.present.rawValue)] = column.count - column.nullCount
        target.add(tally)
        return nil
      } catch {
        return firstAsk + error.ask
      }
    }
  }

  // MARK: Look-ups

  /// What all look-ups of the view share: per question the winner, and what is said of it before its value is looked at.
  private struct Winners {
    var rows: ContiguousArray<Int32>
    var statuses: ContiguousArray<UInt8>
    /// The winner happened, or became known, at the very moment of the decision.
    var onBoundary: ContiguousArray<Bool>

    /// What the questions came to.
    var tally: FeatureTarget.Tally {
      var tally = FeatureTarget.Tally()
      for ask in rows.indices {
        tally.statuses[Int(statuses[ask])] += 1
        if onBoundary[ask], rows[ask] != noRow { tally.onBoundary += 1 }
      }
      return tally
    }
  }

  private mutating func allWinners() -> (all: Winners, tally: FeatureTarget.Tally) {
    if let winners { return winners }
    var rows = ContiguousArray<Int32>(repeating: noRow, count: askCount)
    var span = rows.mutableSpan
    // From when on each row serves; nil: from its event on.
    var enter: ContiguousArray<Int64>?
    if let eventTime = batch.eventTime, knowledge.servesFromEvents(plan) {
      let offset: Int64 = knowledge.boundary == .closed ? 0 : 1
      findWinners(groups: groups.span, eventTimes: eventTime.span, offset: offset, askTimes: askTimes.span, into: &span)
    } else {
      let serving = servingIntervals
      findWinners(
        groups: groups.span, enter: serving.enter.span, leave: serving.leave.span, askTimes: askTimes.span, scratch: &memory.scratch,
        into: &span)
      enter = serving.enter
    }
    var statuses = ContiguousArray<UInt8>(repeating: CellStatus.missing.rawValue, count: askCount)
    var onBoundary = ContiguousArray<Bool>(repeating: false, count: askCount)
    let ttl = plan.view.ttl?.value.microseconds
    let eventTime = batch.eventTime ?? Buffer(repeatElement(.min, count: batch.rowCount))
    let events = eventTime.span
    for ask in rows.indices where rows[ask] != noRow {
      let (row, time) = (Int(rows[ask]), askTimes[ask])
      let event = events[row]
      if let ttl, time >= saturatingAdd(knowledge.happened(event), ttl) {
        statuses[ask] = CellStatus.expired.rawValue
        rows[ask] = noRow
      } else {
        statuses[ask] = CellStatus.present.rawValue
        onBoundary[ask] = (enter?[row] ?? knowledge.happened(event)) == time || event == time
      }
    }
    let found = Winners(rows: rows, statuses: statuses, onBoundary: onBoundary)
    winners = (found, found.tally)
    return (found, found.tally)
  }

  private func lookUp(
    _ feature: FeaturePlan, value: Int, _ winners: Winners, _ tally: FeatureTarget.Tally, to target: FeatureTarget, lot: Int
  ) {
    guard let column = batch.values[value] else { preconditionFailure("the values of all features are wanted") }
    let knownFrom = batch.knownFrom(feature.knownWith, knowledge)
    if knownFrom == nil, !target.hasStatuses {
      // All features of the view share what came of their questions, but for the nulls.
      var tally = tally
      let present = Int(CellStatus.present.rawValue)
      let answered = target.set(column, rows: winners.rows.span, places: places.span, lot: lot)
      tally.statuses[Int(CellStatus.null.rawValue)] = tally.statuses[present] - answered
      tally.statuses[present] = answered
      return target.add(tally)
    }
    var winners = winners
    if let knownFrom {
      for ask in winners.rows.indices where winners.rows[ask] != noRow {
        let known = knownFrom[Int(winners.rows[ask])]
        if known > askTimes[ask] || known == .max {
          winners.statuses[ask] = CellStatus.notKnown.rawValue
          winners.rows[ask] = noRow
        }
      }
    }
    if let validity = column.validity {
      let bits = validity.bytes.span
      for ask in winners.rows.indices where winners.rows[ask] != noRow {
        let row = Int(winners.rows[ask])
        if bits[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 0 { winners.statuses[ask] = CellStatus.null.rawValue }
      }
    }
    target.set(column, rows: winners.rows.span, places: places.span, lot: lot)
    target.set(statuses: winners.statuses.span, places: places.span)
    target.add(winners.tally)
  }
}

/// Kernels' memory, kept from batch to batch.
final class SweepMemory {
  var scratch: WindowScratch

  init(_ scratch: consuming WindowScratch) { self.scratch = scratch }
}

/// Each entity's rows beside its questions: one merge of two sorted sides. Numbers are counted from the batch's first row and question.
private func entityGroups(_ batch: ViewBatch, _ asks: Range<Int>, of questions: Questions) -> ContiguousArray<EntityGroups.Group> {
  var groups = ContiguousArray<EntityGroups.Group>()
  let differs = batch.keys.differences(0..<batch.rowCount)
  let rowStarts = starts(count: batch.rowCount) { differs[$0] }
  let rowHashes = batch.keys.gathered(rowStarts.span.extracting(0..<rowStarts.count - 1)).hashes(0..<rowStarts.count - 1)
  let begins = questions.keyBegins.span.extracting(asks)
  let askStarts = starts(count: asks.count) { begins[$0] == 1 }
  let askHashes = questions.hashes.span
  var (row, ask) = (0, 0)
  while row < rowStarts.count - 1, ask < askStarts.count - 1 {
    let (firstRow, firstAsk) = (rowStarts[row], askStarts[ask])
    let (rowHash, askHash) = (rowHashes[row], askHashes[asks.lowerBound + Int(firstAsk)])
    let order =
      rowHash != askHash
      ? (rowHash < askHash ? -1 : 1)
      : KeyColumns.compare(batch.keys, Int(firstRow), questions.keys, questions.spineRow(asks.lowerBound + Int(firstAsk)))
    if order == 0 { groups.append(.init(rows: firstRow..<rowStarts[row + 1], asks: firstAsk..<askStarts[ask + 1])) }
    if order <= 0 { row += 1 }
    if order >= 0 { ask += 1 }
  }
  return groups
}

/// Where stretches of one key begin, and the end of the last.
@inline(__always)
private func starts(count: Int, _ differs: (Int) -> Bool) -> ContiguousArray<Int32> {
  if count == 0 { return [0] }
  var starts: ContiguousArray<Int32> = [0]
  for i in 1..<count where differs(i) { starts.append(Int32(i)) }
  starts.append(Int32(count))
  return starts
}
