/// The value columns of every module of a random world, and what their cells may be.
enum RandomColumn: String, CaseIterable {
  /// Small integers.
  case i
  /// Integers near 2⁵³ and 2⁶².
  case n
  /// Reals that cancel and round.
  case q
  /// Reals at the ends of the range, and infinities.
  case r
  /// Text.
  case s
  /// A boolean.
  case b
  /// A timestamp.
  case d

  var declared: String {
    switch self {
    case .i, .n, .b: "integer"
    case .q, .r: "real"
    case .s, .d: "text"
    }
  }

  var type: ColumnType? {
    switch self {
    case .b: .boolean
    case .d: .timestamp
    default: nil
    }
  }

  var column: Expression { .column(rawValue) }

  /// Functions that make sense of it and cannot leave the range of a type.
  var functions: [Function] {
    let any: [Function] = [.count, .min, .max, .first, .last, .countDistinct, .timeSinceLast]
    switch self {
    case .s, .d: return any
    case .b: return any + [.mean]
    case .r: return any + [.sum, .mean, .median]
    case .i, .n, .q: return any + [.sum, .sum, .mean, .stddev, .variance, .median]
    }
  }
}

extension Dice {
  static let texts: [Text] = ["A", "a", "1", "12", "11", "2", "", "\u{e9}", "e\u{301}", "x, \"y\"", "z\nz", "it's"]

  /// 2⁵³ and its neighbours, and 2⁶² as far as sums allow.
  static let wideIntegers: [Int64] = [
    9_007_199_254_740_992, 9_007_199_254_740_993, -9_007_199_254_740_993, 7, -7, hugeIntegers[0], hugeIntegers[1],
  ]
  static let hugeIntegers: [Int64] = [4_611_686_018_427_387_903, -4_611_686_018_427_387_901]
  static let reals: [Double] = [0.1, 0.2, 0.3, 0.7, 1e16, -1e16, 1, -2.5, -0.0, 1e-5, 123456.789, 2_500_000_000_000_000.5]
  static let wideReals: [Double] = [
    1e300, -1e300, -1e-300, .leastNonzeroMagnitude, 0.1, 1e16, .infinity, -.infinity, 2.2250738585072014e-308,
  ]

  mutating func value(_ column: RandomColumn, _ times: RandomTimes) -> Value {
    if chance(20) { return .null }
    switch column {
    case .i: return .int(Int64(number(-3...5)))
    case .n: return .int(from(Self.wideIntegers))
    case .q: return .real(from(Self.reals))
    case .r: return .real(from(Self.wideReals))
    case .s: return .text(from(Self.texts))
    case .b: return .int(Int64(number(0...1)))
    case .d: return times.cell(times.instant(&self), .utc, &self)
    }
  }

  /// Two or three keys that a careless comparison takes for one.
  mutating func keyPool(_ isText: [Bool]) -> [[Value]] {
    if isText.count == 2, isText[1], chance(70) {
      let pool: [[Value]] = [[.text("1"), .text("12")], [.text("11"), .text("2")], [.text("a"), .text("")]]
      return isText[0] ? pool : pool.map { [.int($0[0] == .text("1") ? 1 : 11), $0[1]] }
    }
    let texts: [[Text]] = [["A", "a"], ["\u{e9}", "e\u{301}"], ["", "1"], ["a", "it's", "x, \"y\""]]
    let integers: [[Int64]] = [[1, 2], [1, 2, 12], [9_007_199_254_740_992, 9_007_199_254_740_993]]
    let parts = isText.map { $0 ? from(texts).map { Value.text($0) } : from(integers).map { Value.int($0) } }
    return (0..<parts.map(\.count).max()!).map { place in parts.map { $0[place % $0.count] } }
  }

  mutating func key(_ pool: [[Value]]) -> [Value] {
    var key = from(pool)
    if chance(7) { key[number(0...key.count - 1)] = .null }
    return key
  }

  mutating func predicate(depth: Int = 2) -> Expression {
    if depth > 0, chance(35) {
      let (a, b) = (predicate(depth: depth - 1), predicate(depth: depth - 1))
      return from([.and(a, b), .or(a, b), .not(a), .not(.and(a, b))])
    }
    return from([
      .less(.column("i"), .literal(.int(Int64(number(-1...4))))),
      .greaterOrEqual(.column("i"), .literal(.int(Int64(number(-2...2))))),
      .greaterOrEqual(.column("q"), .literal(.real(0.2))),
      .equal(.column("s"), .literal(.text(from(Self.texts)))),
      .oneOf(.column("s"), [.text("A"), .text("a"), .text("\u{e9}"), .text("1")]),
      .isNull(.column("i")),
      .not(.isNull(.column("s"))),
      .equal(.column("b"), .literal(.int(1))),
      .not(.equal(.column("i"), .literal(.int(1)))),
    ])
  }

  /// An expression with its type.
  mutating func expression() -> (Expression, ColumnType) {
    from([
      (.multiply(.column("i"), .literal(.int(2))), .int64),
      (.add(.column("i"), .column("b")), .int64),
      (.multiply(.column("q"), .literal(.real(0.5))), .float64),
      (.add(.column("i"), .column("q")), .float64),
      (.coalesce(.column("i"), .int(-1)), .int64),
      (.coalesce(.column("s"), .text("none")), .string),
      (.greaterOrEqual(.column("i"), .literal(.int(2))), .boolean),
      (.equal(.column("s"), .literal(.text("a"))), .boolean),
    ])
  }
}
