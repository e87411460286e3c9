/// Finds, for each question, the row that wins among rows that serve from their event time on, for ever: the commonest case.
///
/// O(n + m), or O(m log n) where questions are few. Questions in no group are left alone.
///
/// - Parameters:
///   - groups: ranges of the partition's rows and questions, both numbered from the partition's first.
///   - eventTimes: per row, microseconds.
///   - offset: 0 (closed) or 1 (open), microseconds (rule R8).
///   - askTimes: per question, microseconds.
///   - winners: per question, receives a row or ``noRow``.
package func findWinners(
  groups: Span<EntityGroups.Group>, eventTimes: Span<Int64>, offset: Int64, askTimes: Span<Int64>,
  into winners: inout MutableSpan<Int32>
) {
  for g in groups.indices {
    merge(groups[g], enter: eventTimes, offset: offset, askTimes: askTimes, into: &winners)
  }
}

/// Finds, for each question, the row that wins: the last in order of those whose interval holds the decision time (rules R4, R5).
///
/// A row serves in [enter, leave). Where rows enter in their order and never leave, this is one merge; else the set of the
/// rows that have entered, O(n log n + m), those that have left being dropped when they come up.
///
/// - Parameters:
///   - groups: as above; rows in (event time, known time, tie order).
///   - enter: per row, microseconds; `Int64.max`: never.
///   - leave: per row, exclusive; `Int64.max`: never.
///   - askTimes: per question, microseconds; before `Int64.max`.
package func findWinners(
  groups: Span<EntityGroups.Group>, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>,
  scratch: inout WindowScratch, into winners: inout MutableSpan<Int32>
) {
  for g in groups.indices {
    if servesInOrder(groups[g].rows, enter: enter, leave: leave) {
      merge(groups[g], enter: enter, offset: 0, askTimes: askTimes, into: &winners)
    } else {
      sweep(groups[g], enter: enter, leave: leave, askTimes: askTimes, scratch: &scratch, into: &winners)
    }
  }
}

@inline(__always)
private func merge(
  _ group: EntityGroups.Group, enter: Span<Int64>, offset: Int64, askTimes: Span<Int64>, into winners: inout MutableSpan<Int32>
) {
  let strides = Strides(group)
  let first = Int(group.rows.lowerBound)
  var next = first
  for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
    // Below the least integer there is no event time, so nothing serves yet.
    let (newest, noneServes) = askTimes[ask].subtractingReportingOverflow(offset)
    if !noneServes { next = strides.placeAfter(newest, in: enter, from: next, to: Int(group.rows.upperBound)) }
    winners[ask] = next > first ? Int32(truncatingIfNeeded: next - 1) : noRow
  }
}

private func sweep(
  _ group: EntityGroups.Group, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>, scratch: inout WindowScratch,
  into winners: inout MutableSpan<Int32>
) {
  let first = group.rows.lowerBound
  scratch.rows.removeAll(keepingCapacity: true)
  for row in group.rows where enter[Int(row)] < leave[Int(row)] { scratch.rows.append(row) }
  sortRows(&scratch.rows, from: 0, by: enter, &scratch.pairs)
  scratch.rowSet.begin(rowCount: group.rows.count)
  var next = 0
  for ask in group.asks {
    let time = askTimes[Int(ask)]
    while next < scratch.rows.count, enter[Int(scratch.rows[next])] <= time {
      scratch.rowSet.insert(Int(scratch.rows[next] - first))
      next += 1
    }
    var winner = scratch.rowSet.last
    while winner >= 0, leave[Int(first) + winner] <= time {
      scratch.rowSet.remove(winner)
      winner = scratch.rowSet.last
    }
    winners[Int(ask)] = winner < 0 ? noRow : first + Int32(truncatingIfNeeded: winner)
  }
}

/// Whether rows enter in their order and none leaves: no late row, no correction.
private func servesInOrder(_ rows: Range<Int32>, enter: Span<Int64>, leave: Span<Int64>) -> Bool {
  var latest = Int64.min
  for row in rows {
    guard enter[Int(row)] >= latest, leave[Int(row)] == .max else { return false }
    latest = enter[Int(row)]
  }
  return true
}
