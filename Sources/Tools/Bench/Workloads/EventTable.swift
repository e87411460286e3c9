/// A table of events, one feature view's module.
struct EventTable: Hashable, Sendable {
  let name: String
  let rows: Int
  /// How many columns `n0`, `n1`, … of numbers.
  let numbers: Int
  /// Whether there is a text column `c0` too.
  let hasLane: Bool

  /// The columns that become features, in order.
  var features: [String] { (0..<numbers).map { "n\($0)" } + (hasLane ? ["c0"] : []) }

  var columns: [(name: String, type: String)] {
    [("carrier_id", "integer"), ("event_time", "integer"), ("available_at", "integer")]
      + (0..<numbers).map { ("n\($0)", "real") } + (hasLane ? [("c0", "text")] : [])
  }
}

/// One row of an ``EventTable``.
struct EventRow: Equatable {
  var carrier = 0
  /// Seconds since 1970.
  var eventTime = 0
  /// Seconds since 1970, never before ``eventTime``.
  var availableAt = 0
  var numbers: [Double?]
  /// Which of the 40 lanes the text names.
  var lane: Int?
}

/// The year in which everything happens, in seconds since 1970.
enum Year {
  static let start = 1_640_995_200
  static let seconds = 365 * 86_400
}
