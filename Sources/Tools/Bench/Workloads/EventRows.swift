/// The rows of one table, in order of event time, one after the other: memory does not grow with their number.
///
/// No two rows of a carrier share a second. So a tool without a rule for ties has one right answer too.
struct EventRows {
  private let table: EventTable
  private let entities: Int
  private var draws: Draws
  private let seconds: Int
  private var index = 0
  private var second = 0
  private var carriersOfSecond: Set<Int> = []

  /// - Parameter seconds: the stretch of time, from the year's beginning, that the rows fill.
  init(_ table: EventTable, entities: Int, seed: UInt64, stream: Int, seconds: Int = Year.seconds) {
    (self.table, self.entities, self.seconds) = (table, entities, seconds)
    draws = Draws(seed: seed, stream: stream)
  }

  /// Overwrites `row`, so that its array is used again.
  ///
  /// - Returns: false at the end.
  mutating func next(into row: inout EventRow) -> Bool {
    if index == table.rows { return false }
    // The time is cut into as many pieces as there are rows: sorted, and still anywhere in its piece.
    row.eventTime = Year.start + (index * seconds + draws.below(seconds)) / table.rows
    row.carrier = carrier(at: row.eventTime)
    row.availableAt = row.eventTime + draws.exponential(mean: 3_600)
    for number in 0..<table.numbers {
      row.numbers[number] = draws.below(100) < 3 ? nil : rounded(100 + 25 * draws.bell(), short: number % 2 == 1)
    }
    row.lane = table.hasLane ? draws.below(lanes.count) : nil
    index += 1
    return true
  }

  private mutating func carrier(at time: Int) -> Int {
    if time != second {
      second = time
      carriersOfSecond.removeAll(keepingCapacity: true)
    }
    while true {
      let carrier = draws.below(entities)
      if carriersOfSecond.insert(carrier).inserted { return carrier }
    }
  }
}

/// What the text columns say.
let lanes = (0..<40).map { "lane-\($0)" }

/// To 3 or to 12 decimals: some columns of a real warehouse are amounts, others are computed.
private func rounded(_ value: Double, short: Bool) -> Double {
  let scale = short ? 1e3 : 1e12
  return (value * scale).rounded() / scale
}
