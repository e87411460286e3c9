import Columns
import Definitions
import Kernels

/// Aggregates that pick values by their place: extremes, quantiles, different values.
extension ViewSweep {
  func extreme(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) -> Column {
    let keys: ContiguousArray<Int64> =
      switch aggregate.function {
      case .min: orderKeys(aggregate)
      // The opposite order, without the overflow of a minus.
      case .max: ContiguousArray(orderKeys(aggregate).lazy.map(~))
      case .first: ContiguousArray(0..<Int64(batch.rowCount))
      default: ContiguousArray((0..<Int64(batch.rowCount)).lazy.map(~))
      }
    let places = least(keys, counted(aggregate, operand: 0), sweep)
    return value(aggregate, 0).gathered(places.span)
  }

  /// Seconds from the newest event inside to the decision.
  func timeSinceLast(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) -> Column {
    let keys = ContiguousArray((0..<Int64(batch.rowCount)).lazy.map(~))
    let places = least(keys, counted(aggregate, operand: 0), sweep)
    guard let eventTime = batch.eventTime else { preconditionFailure("a timeless view has no windows") }
    let events = eventTime.span
    var seconds = ContiguousArray<Double>(repeating: 0, count: places.count)
    for row in places.indices where places[row] != noRow {
      seconds[row] = Double(askTimes[row] - events[Int(places[row])]) / 1e6
    }
    return sweep.doubles(seconds) { places[$0] != noRow }
  }

  func distinct(_ aggregate: WindowedAggregate, _ sweep: WindowSweep) -> Column {
    let counted = counted(aggregate, operand: 0)
    let ranks = self.ranks(aggregate, counted).ranks
    var results = ContiguousArray<Int64>(repeating: 0, count: sweep.askCount)
    var span = results.mutableSpan
    windowDistinctCounts(borders: sweep.borders.span, ranks: ranks.span, counts: counted.span, into: &span)
    return sweep.integers(results, counts: nil)
  }

  /// Linear interpolation between closest ranks (rule R12).
  func quantile(_ p: Double, _ aggregate: WindowedAggregate, _ sweep: WindowSweep) -> Column {
    let counted = counted(aggregate, operand: 0)
    let (ranks, rowOfRank) = ranks(aggregate, counted)
    var lower = ContiguousArray<Int32>(repeating: noRow, count: sweep.askCount)
    var upper = lower
    var fraction = ContiguousArray<Double>(repeating: 0, count: sweep.askCount)
    var lowerSpan = lower.mutableSpan
    var upperSpan = upper.mutableSpan
    var fractionSpan = fraction.mutableSpan
    windowQuantiles(
      borders: sweep.borders.span, ranks: ranks.span, counts: counted.span, p: p, lower: &lowerSpan, upper: &upperSpan,
      fraction: &fractionSpan)
    let value: (Int32) -> Double =
      switch numbers(aggregate, operand: 0) {
      case .float64(let buffer): { buffer.span[Int($0)] }
      case .int64(let buffer): { Double(buffer.span[Int($0)]) }
      }
    var results = ContiguousArray<Double>(repeating: 0, count: sweep.askCount)
    for group in groups {
      for ask in group.asks {
        let row = Int(ask)
        guard lower[row] != noRow else { continue }
        let low = value(rowOfRank[Int(group.rows.lowerBound + lower[row])])
        let high = value(rowOfRank[Int(group.rows.lowerBound + upper[row])])
        results[row] = low + (high - low) * fraction[row]
      }
    }
    return sweep.doubles(results) { lower[$0] != noRow }
  }

  private func least(_ keys: ContiguousArray<Int64>, _ counted: ContiguousArray<UInt8>, _ sweep: WindowSweep) -> ContiguousArray<Int32> {
    var places = ContiguousArray<Int32>(repeating: noRow, count: sweep.askCount)
    var span = places.mutableSpan
    windowLeast(borders: sweep.borders.span, keys: keys.span, counts: counted.span, into: &span)
    return places
  }

  private func ranks(
    _ aggregate: WindowedAggregate, _ counted: ContiguousArray<UInt8>
  ) -> (ranks: ContiguousArray<Int32>, rowOfRank: ContiguousArray<Int32>) {
    var ranks = ContiguousArray<Int32>(repeating: 0, count: batch.rowCount)
    var rowOfRank = ranks
    var rankSpan = ranks.mutableSpan
    var rowSpan = rowOfRank.mutableSpan
    ranksWithinEntities(
      groups: groups.span, keys: orderKeys(aggregate).span, counts: counted.span, into: &rankSpan, rowOfRank: &rowSpan)
    return (ranks, rowOfRank)
  }
}
