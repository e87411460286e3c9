/// The rows of an entity that some question finds inside: from which question on, and up to which.
///
/// Between two questions it does not matter when a row comes or goes, and one that comes and goes in between does not matter
/// at all. So rows are put in order by counting, not by comparing their times.
struct Visits: Sendable {
  private var visits: ContiguousArray<(row: Int32, entry: Int32, exit: Int32)> = []
  private(set) var entries = CountedPlaces()
  private(set) var exits = CountedPlaces()

  var count: Int { visits.count }

  /// - Parameters:
  ///   - enter: per row; `leave` too: a row is inside in [enter, leave).
  ///   - askTimes: per question.
  mutating func find(in group: EntityGroups.Group, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>) {
    visits.removeAll(keepingCapacity: true)
    entries.begin(slotCount: group.asks.count + 1)
    exits.begin(slotCount: group.asks.count + 1)
    let asks = askTimes.extracting(Int(group.asks.lowerBound)..<Int(group.asks.upperBound))
    var (entry, exit) = (0, 0)
    for row in group.rows {
      entry = firstAsk(notBefore: enter[Int(row)], in: asks, near: entry)
      exit = firstAsk(notBefore: leave[Int(row)], in: asks, near: exit)
      if entry < exit {
        visits.append((row, Int32(truncatingIfNeeded: entry), Int32(truncatingIfNeeded: exit)))
        entries.count(entry)
        exits.count(exit)
      }
    }
    entries.turnIntoPlaces()
    exits.turnIntoPlaces()
  }

  /// Appends the rows in the order in which they enter, and in that in which they leave; of equal ones the first row first.
  mutating func append(entering: inout ContiguousArray<Int32>, leaving: inout ContiguousArray<Int32>) {
    let first = entering.count
    entering.append(contentsOf: repeatElement(0, count: visits.count))
    leaving.append(contentsOf: repeatElement(0, count: visits.count))
    for visit in visits {
      entering[first + entries.take(Int(visit.entry))] = visit.row
      leaving[first + exits.take(Int(visit.exit))] = visit.row
    }
  }
}

/// A counting sort: how many fall into each slot, then where each slot's next one goes, at last how many there are up to a slot.
struct CountedPlaces: Sendable {
  private var counts: ContiguousArray<Int32> = []
  private var slotCount = 0

  mutating func begin(slotCount: Int) {
    self.slotCount = slotCount
    counts.grow(to: slotCount + 1, filledWith: 0)
    for i in 0...slotCount { counts[i] = 0 }
  }

  mutating func count(_ slot: Int) { counts[slot + 1] += 1 }

  mutating func turnIntoPlaces() {
    for i in 1...slotCount { counts[i] += counts[i - 1] }
  }

  mutating func take(_ slot: Int) -> Int {
    counts[slot] += 1
    return Int(counts[slot] - 1)
  }

  /// Once all are taken.
  func countUpTo(_ slot: Int) -> Int32 { counts[slot] }
}

/// The first question at or after a time, or how many there are. Rows follow each other in time more or less, so it is
/// looked for near the last one first.
func firstAsk(notBefore time: Int64, in asks: Span<Int64>, near start: Int) -> Int {
  var ask = start
  for _ in 0..<8 {
    if ask < asks.count, asks[ask] < time {
      ask += 1
    } else if ask > 0, asks[ask - 1] >= time {
      ask -= 1
    } else {
      return ask
    }
  }
  var (low, high) = (0, asks.count)
  while low < high {
    let middle = (low + high) / 2
    if asks[middle] < time { low = middle + 1 } else { high = middle }
  }
  return low
}
