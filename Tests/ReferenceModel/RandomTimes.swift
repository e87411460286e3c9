/// How the cells of a time column are written.
enum TimeForm: CaseIterable {
  case utc, offset, naive, seconds, milliseconds, microseconds, nanoseconds, date

  var unit: TimeUnit? {
    switch self {
    case .seconds: .s
    case .milliseconds: .ms
    case .microseconds: .us
    case .nanoseconds: .ns
    default: nil
    }
  }

  var declared: String { unit == nil ? "text" : "integer" }
}

/// Few distinct instants on a grid, some a microsecond beside it, so that borders are hit exactly.
struct RandomTimes {
  /// A Wednesday: midnight of UTC or of New York, in January or before its clocks change on Mar 10 2024.
  let base: Int64
  var step: Int64
  var stepText: [String]
  var hasNeighbours: Bool
  /// Seconds that a naive time is ahead of UTC; nil where that changes meanwhile.
  let naiveOffset: Int64?

  init(_ dice: inout Dice, isNewYork: Bool) {
    (step, stepText) = dice.from([
      (3_600_000_000, ["1h", "2h", "3h", "30m"]), (43_200_000_000, ["12h", "1d", "36h", "6h"]),
      (86_400_000_000, ["1d", "2d", "72h", "12h"]), (86_400_000_000, ["24h", "2d", "1w", "90s"]),
    ])
    hasNeighbours = dice.chance(50)
    let isMarch = isNewYork && dice.chance(50)
    base = (isMarch ? 1_709_683_200_000_000 : 1_704_844_800_000_000) + (isNewYork ? 18_000_000_000 : 0)
    naiveOffset = isMarch ? nil : isNewYork ? -18_000 : 0
  }

  func span(_ dice: inout Dice) -> Span { Span(dice.from(stepText)) }

  func instant(_ dice: inout Dice) -> Int64 {
    near(base + Int64(dice.number(0...6)) * step, &dice)
  }

  /// Decision times lie rather later than events.
  func decision(_ dice: inout Dice) -> Int64 {
    near(base + Int64(dice.from([0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8])) * step, &dice)
  }

  /// A day of the grid.
  func date(_ day: Int) -> String { String(utcText(base + Int64(day) * 86_400_000_000).prefix(10)) }

  /// Forms of times that are no dates.
  var forms: [TimeForm] {
    let always: [TimeForm] = [.utc, .utc, .utc, .offset, .seconds, .milliseconds, .microseconds, .nanoseconds]
    return naiveOffset == nil ? always : always + [.naive]
  }

  func later(than instant: Int64, _ dice: inout Dice) -> Int64 {
    near(instant + Int64(dice.from([-1, 0, 0, 0, 0, 0, 1, 1, 2, 3])) * step, &dice)
  }

  private func near(_ instant: Int64, _ dice: inout Dice) -> Int64 {
    hasNeighbours && dice.chance(35) ? instant + Int64(dice.from([-1, 1])) : instant
  }

  func cell(_ instant: Int64, _ form: TimeForm, _ dice: inout Dice) -> Value {
    switch form {
    case .utc: text(instant, "Z", &dice)
    case .offset: text(instant + 19_800_000_000, "+05:30", &dice)
    case .naive: text(instant + (naiveOffset ?? 0) * 1_000_000, "", &dice)
    case .seconds: .int(floorDivide(instant, 1_000_000))
    case .milliseconds: .int(floorDivide(instant, 1000))
    case .microseconds: .int(instant)
    case .nanoseconds: .int(instant * 1000 + (dice.chance(20) ? 500 : 0))
    case .date: .text(Text(String(utcText(instant).prefix(10))))
    }
  }

  private func text(_ local: Int64, _ suffix: String, _ dice: inout Dice) -> Value {
    var text = String(utcText(local).dropLast())
    if hasNeighbours, dice.chance(10) { text += text.count > 19 ? "7" : ".0000007" }
    if dice.chance(20) { text = text.replacing("T", with: " ") }
    return .text(Text(text + suffix))
  }
}
