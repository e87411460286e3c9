/// In a match: no row.
package let noRow: Int32 = -1

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
    let group = groups[g]
    let strides = Strides(group)
    let first = Int(group.rows.lowerBound)
    var next = first
    for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
      // Below the least integer there is no event time, so nothing serves yet.
      let (newest, noneServes) = askTimes[ask].subtractingReportingOverflow(offset)
      if !noneServes { next = strides.placeAfter(newest, in: eventTimes, from: next, to: Int(group.rows.upperBound)) }
      winners[ask] = next > first ? Int32(truncatingIfNeeded: next - 1) : noRow
    }
  }
}

/// Finds, for each question, the row that wins: the last in order of those whose interval holds the decision time (rules R4, R5).
///
/// A row serves in [enter, leave). Of an entity without corrections, whose rows never leave, each row is looked at once,
/// however late it is; else its rows are laid out as a window of their own, of which the last row is wanted. O(n + m)
/// where rows come and go more or less in order, else O(n log m + m).
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
  var (corrected, runs) = (ContiguousArray<EntityGroups.Group>(), WindowRuns())
  swap(&corrected, &scratch.corrected)
  swap(&runs, &scratch.runs)
  corrected.removeAll(keepingCapacity: true)
  for g in groups.indices {
    if noneLeaves(groups[g].rows, leave) {
      findLatest(groups[g], enter: enter, askTimes: askTimes, into: &winners)
    } else {
      corrected.append(groups[g])
    }
  }
  layWindow(groups: corrected.span, enter: enter, leave: leave, askTimes: askTimes, scratch: &scratch, into: &runs)
  windowLast(groups: corrected.span, runs: runs, counted: CountedRows(), scratch: &scratch, into: &winners)
  swap(&corrected, &scratch.corrected)
  swap(&runs, &scratch.runs)
}

private func noneLeaves(_ rows: Range<Int32>, _ leave: Span<Int64>) -> Bool {
  for row in rows where leave[Int(row)] < .max { return false }
  return true
}

/// The last row that each question is the first to see; then what any question before has seen.
private func findLatest(
  _ group: EntityGroups.Group, enter: Span<Int64>, askTimes: Span<Int64>, into winners: inout MutableSpan<Int32>
) {
  let firstSlot = Int(group.asks.lowerBound)
  let asks = askTimes.extracting(firstSlot..<Int(group.asks.upperBound))
  for ask in group.asks { winners[Int(ask)] = noRow }
  var ask = 0
  for row in group.rows {
    ask = firstAsk(notBefore: enter[Int(row)], in: asks, near: ask)
    if ask < asks.count { winners[firstSlot + ask] = row }
  }
  var latest = noRow
  for ask in group.asks {
    latest = max(latest, winners[Int(ask)])
    winners[Int(ask)] = latest
  }
}
