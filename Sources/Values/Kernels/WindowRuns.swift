/// What is inside one window at each question, as two numbers: how many rows have entered by then, and how many have left.
///
/// Of an entity whose rows enter and leave in their order these are places among the rows themselves, and what is inside
/// is the run of rows between. Else (late rows, corrections, columns filled in later) they are places in the two orders
/// in which its rows enter and leave. Functions read both alike, so nobody else needs to know.
///
/// A buffer: laid out by ``layWindow(groups:eventTimes:offset:length:askTimes:into:)`` or the general
/// ``layWindow(groups:enter:leave:askTimes:scratch:into:)``, again and again for one partition after the other.
package struct WindowRuns: Sendable {
  /// Per question; at least as many as there are questions.
  var entered: ContiguousArray<Int32> = []
  var left: ContiguousArray<Int32> = []
  /// Per group.
  var orders: ContiguousArray<Order> = []
  /// Rows of groups that are not in order, as they enter and as they leave; only those that some question finds inside.
  var entering: ContiguousArray<Int32> = []
  var leaving: ContiguousArray<Int32> = []

  enum Order: Sendable {
    case byRow
    /// The group's places in `entering`, and in `leaving`.
    case byTime(Range<Int32>)
  }

  package init() {}

  mutating func begin(groupCount: Int, askCount: Int) {
    entered.grow(to: askCount, filledWith: 0)
    left.grow(to: askCount, filledWith: 0)
    orders.removeAll(keepingCapacity: true)
    orders.reserveCapacity(groupCount)
    entering.removeAll(keepingCapacity: true)
    leaving.removeAll(keepingCapacity: true)
  }
}

/// Lays out a window over rows that enter at their event time and never change: the commonest case.
///
/// A row is inside in [event time + offset, event time + offset + length). Nothing but the event times is read, and they
/// are sorted within an entity: O(n + m), or O(m log n) where questions are few.
///
/// - Parameters:
///   - groups: ranges of the partition's rows and questions, both numbered from the partition's first.
///   - eventTimes: per row, microseconds.
///   - offset: 0 (closed) or 1 (open), microseconds (rule R8).
///   - length: of the window, microseconds, above 0.
///   - askTimes: per question, microseconds.
package func layWindow(
  groups: Span<EntityGroups.Group>, eventTimes: Span<Int64>, offset: Int64, length: Int64, askTimes: Span<Int64>,
  into runs: inout WindowRuns
) {
  precondition(offset >= 0 && length > 0, "a window has a length")
  runs.begin(groupCount: groups.count, askCount: askTimes.count)
  runs.orders.append(contentsOf: repeatElement(.byRow, count: groups.count))
  layInOrder(
    groups: groups, eventTimes: eventTimes, offset: offset, length: length, askTimes: askTimes, &runs.entered, &runs.left)
}

private func layInOrder(
  groups: Span<EntityGroups.Group>, eventTimes: Span<Int64>, offset: Int64, length: Int64, askTimes: Span<Int64>,
  _ enteredBuffer: inout ContiguousArray<Int32>, _ leftBuffer: inout ContiguousArray<Int32>
) {
  var entered = enteredBuffer.mutableSpan
  var left = leftBuffer.mutableSpan
  for g in groups.indices {
    let group = groups[g]
    let strides = Strides(group)
    let end = Int(group.rows.upperBound)
    var high = Int(group.rows.lowerBound)
    var low = high
    for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
      // Below the least integer there is no event time, so nothing has entered or left yet.
      let (newest, noneEntered) = askTimes[ask].subtractingReportingOverflow(offset)
      if !noneEntered { high = strides.placeAfter(newest, in: eventTimes, from: high, to: end) }
      let (oldest, noneLeft) = newest.subtractingReportingOverflow(length)
      if !noneEntered && !noneLeft { low = strides.placeAfter(oldest, in: eventTimes, from: low, to: high) }
      entered[ask] = Int32(truncatingIfNeeded: high)
      left[ask] = Int32(truncatingIfNeeded: low)
    }
  }
}

/// Lays out a window over rows with intervals of any kind.
///
/// A row is inside in [enter, leave). O(n + m) where an entity's rows come and go more or less in order, else O(n log m + m).
///
/// - Parameters:
///   - groups: as above.
///   - enter: per row, microseconds; `Int64.max`: never.
///   - leave: per row, the window's end included, exclusive; a row with `leave` not after `enter` is never inside.
///   - askTimes: per question, microseconds; before `Int64.max`.
package func layWindow(
  groups: Span<EntityGroups.Group>, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>,
  scratch: inout WindowScratch, into runs: inout WindowRuns
) {
  runs.begin(groupCount: groups.count, askCount: askTimes.count)
  for g in groups.indices {
    let group = groups[g]
    if let rows = rowsInOrder(group, enter: enter, leave: leave) {
      runs.orders.append(.byRow)
      runs.layInOrder(EntityGroups.Group(rows: rows, asks: group.asks), enter: enter, leave: leave, askTimes: askTimes)
    } else {
      runs.layByTime(group, enter: enter, leave: leave, askTimes: askTimes, visits: &scratch.visits)
    }
  }
}

extension WindowRuns {
  fileprivate mutating func layInOrder(
    _ group: EntityGroups.Group, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>
  ) {
    let strides = Strides(group)
    var high = Int(group.rows.lowerBound)
    var low = high
    for ask in group.asks {
      high = strides.placeAfter(askTimes[Int(ask)], in: enter, from: high, to: Int(group.rows.upperBound))
      low = strides.placeAfter(askTimes[Int(ask)], in: leave, from: low, to: high)
      entered[Int(ask)] = Int32(truncatingIfNeeded: high)
      left[Int(ask)] = Int32(truncatingIfNeeded: low)
    }
  }

  fileprivate mutating func layByTime(
    _ group: EntityGroups.Group, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>, visits: inout Visits
  ) {
    let first = Int32(truncatingIfNeeded: entering.count)
    visits.find(in: group, enter: enter, leave: leave, askTimes: askTimes)
    visits.append(entering: &entering, leaving: &leaving)
    for ask in group.asks {
      entered[Int(ask)] = first + visits.entries.countUpTo(Int(ask - group.asks.lowerBound))
      left[Int(ask)] = first + visits.exits.countUpTo(Int(ask - group.asks.lowerBound))
    }
    orders.append(.byTime(first..<Int32(truncatingIfNeeded: entering.count)))
  }
}

/// The rows of a group but for the last that never are inside, if they enter and leave in their order; else nil.
///
/// The newest rows are often not known yet, which need not disturb the others. One in between that is never inside does no
/// harm: it leaves no later than it enters, so no run holds it.
private func rowsInOrder(_ group: EntityGroups.Group, enter: Span<Int64>, leave: Span<Int64>) -> Range<Int32>? {
  var rows = group.rows
  while let last = rows.last, enter[Int(last)] >= leave[Int(last)] { rows = rows.lowerBound..<last }
  var latest = (enter: Int64.min, leave: Int64.min)
  for row in rows {
    let next = (enter: enter[Int(row)], leave: leave[Int(row)])
    guard next.enter >= latest.enter, next.leave >= latest.leave else { return nil }
    latest = next
  }
  return rows
}

/// How to walk an entity's sorted times: step by step, or where questions are few by strides of doubling length.
struct Strides {
  private let areLong: Bool

  init(_ group: EntityGroups.Group) { areLong = group.rows.count > 32 * group.asks.count }

  /// The first place from `start` on whose time is after `limit`, or `end`.
  @inline(__always)
  func placeAfter(_ limit: Int64, in times: Span<Int64>, from start: Int, to end: Int) -> Int {
    if areLong { return longStrides(limit, times, start, end) }
    var place = start
    while place < end, times[place] <= limit { place += 1 }
    return place
  }

  @inline(never)
  private func longStrides(_ limit: Int64, _ times: Span<Int64>, _ start: Int, _ end: Int) -> Int {
    var (low, stride) = (start, 1)
    while low + stride <= end, times[low + stride - 1] <= limit {
      low += stride
      stride *= 2
    }
    var high = min(low + stride - 1, end)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
