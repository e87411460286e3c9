import Columns
import Definitions
import Kernels
import Planning

/// Aggregates that pick values by their place: extremes, quantiles, different values.
extension ViewSweep {
  mutating func extreme(_ aggregate: WindowedAggregate) -> Column {
    column(aggregate.operand(0)).gathered(places(aggregate).span)
  }

  /// Seconds from the newest event inside to the decision.
  mutating func timeSinceLast(_ aggregate: WindowedAggregate) -> Column {
    guard let eventTime = batch.eventTime else { preconditionFailure("a timeless view has no windows") }
    let (places, events) = (lastPlaces(aggregate), eventTime.span)
    var seconds = ContiguousArray<Double>(repeating: 0, count: askCount)
    for ask in places.indices where places[ask] != noRow {
      seconds[ask] = Double(askTimes[ask] - events[Int(places[ask])]) / 1e6
    }
    return doubles(seconds) { places[$0] != noRow }
  }

  mutating func distinct(_ aggregate: WindowedAggregate) -> Column {
    let operand = aggregate.operand(0)
    let (runs, counted, ranks) = (runs(aggregate), counted(operand), ranks(operand))
    var results = ContiguousArray<Int64>(repeating: 0, count: askCount)
    var span = results.mutableSpan
    windowDistinctCounts(groups: groups.span, runs: runs, ranks: ranks, counted: counted, scratch: &memory.scratch, into: &span)
    return Column(.int64(Buffer(results)))
  }

  /// Linear interpolation between closest ranks (rule R12).
  mutating func quantile(_ p: Double, _ aggregate: WindowedAggregate) -> Column {
    let operand = aggregate.operand(0)
    let (runs, counted, ranks) = (runs(aggregate), counted(operand), ranks(operand))
    var places = ContiguousArray<QuantilePlace>(repeating: QuantilePlace(), count: askCount)
    var span = places.mutableSpan
    windowQuantiles(groups: groups.span, runs: runs, ranks: ranks, counted: counted, p: p, scratch: &memory.scratch, into: &span)
    var results = ContiguousArray<Double>(repeating: 0, count: askCount)
    let values = numbers(operand)
    func value(_ row: Int32) -> Double {
      switch values {
      case .float64(let buffer): buffer.span[Int(row)]
      case .int64(let buffer): Double(buffer.span[Int(row)])
      }
    }
    for ask in places.indices where places[ask].lower != noRow {
      let (low, high) = (value(places[ask].lower), value(places[ask].upper))
      results[ask] = low + (high - low) * places[ask].fraction
    }
    return doubles(results) { places[$0].lower != noRow }
  }

  /// Per question the row whose value is the answer.
  private mutating func places(_ aggregate: WindowedAggregate) -> ContiguousArray<Int32> {
    if aggregate.function == .last { return lastPlaces(aggregate) }
    let operand = aggregate.operand(0)
    let (runs, counted) = (runs(aggregate), counted(operand))
    var places = ContiguousArray<Int32>(repeating: noRow, count: askCount)
    var span = places.mutableSpan
    switch (aggregate.function, ordered(operand)) {
    case (.first, _): windowFirst(groups: groups.span, runs: runs, counted: counted, scratch: &memory.scratch, into: &span)
    case (.min, .int64(let values)):
      windowLeast(groups: groups.span, runs: runs, values: values.span, counted: counted, scratch: &memory.scratch, into: &span)
    case (.min, .float64(let values)):
      windowLeast(groups: groups.span, runs: runs, values: values.span, counted: counted, scratch: &memory.scratch, into: &span)
    case (_, .int64(let values)):
      windowGreatest(groups: groups.span, runs: runs, values: values.span, counted: counted, scratch: &memory.scratch, into: &span)
    case (_, .float64(let values)):
      windowGreatest(groups: groups.span, runs: runs, values: values.span, counted: counted, scratch: &memory.scratch, into: &span)
    }
    return places
  }

  private mutating func lastPlaces(_ aggregate: WindowedAggregate) -> ContiguousArray<Int32> {
    let (runs, counted) = (runs(aggregate), counted(aggregate.operand(0)))
    var places = ContiguousArray<Int32>(repeating: noRow, count: askCount)
    var span = places.mutableSpan
    windowLast(groups: groups.span, runs: runs, counted: counted, scratch: &memory.scratch, into: &span)
    return places
  }

  private mutating func ranks(_ operand: Operand) -> RowRanks {
    if let known = cache.ranks[operand] { return known }
    let counted = counted(operand)
    var ranks = RowRanks()
    switch ordered(operand) {
    case .int64(let keys): ranks.build(groups: groups.span, keys: keys.span, counted: counted, scratch: &memory.scratch)
    case .float64(let values): ranks.build(groups: groups.span, values: values.span, counted: counted, scratch: &memory.scratch)
    }
    cache.ranks[operand] = ranks
    return ranks
  }
}
