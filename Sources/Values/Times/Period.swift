// Times: what a moment is, how it is read from data (rule R3) and how it is written.
//
// In:  integers, reals and text as warehouses and CSV files hold them, with the unit, zone and role they are declared to have.
// Out: microseconds since the Unix epoch, UTC, in 64 bits; or what is wrong with the value.
// Knows nothing of columns, modules or files.

/// A length of time as written in a definition file: `90s`, `30m`, `6h`, `7d`, `2w`. A day is 24 hours.
package struct TimeSpan: Hashable, Sendable, Codable {
  /// As written: it names columns.
  package let text: String
  package let microseconds: Int64

  /// - Returns: nil unless `text` is digits and one of the units, and the length fits 64 bits of microseconds.
  package init?(_ text: String) {
    guard let unit = text.last, let seconds = Self.seconds[unit] else { return nil }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int64(digits) else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: seconds * 1_000_000)
    guard !overflow else { return nil }
    self.text = text
    microseconds = product
  }

  private static let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
}

/// The unit of a time that is kept as a number.
package enum TimeUnit: String, Sendable, CaseIterable, Hashable, Codable { case s, ms, us, ns }

/// A length of calendar time: a row that has one describes the whole of it, and its event time is the period's end (rule R11).
package enum Period: String, Sendable, CaseIterable, Hashable, Codable {
  case hour, day
  /// From Monday to Monday.
  case week
  case month
}

/// What a local time means that its zone's clocks show twice; one that they skip means the instant of the jump.
package enum Ambiguity: String, Sendable, CaseIterable, Hashable, Codable { case earliest, latest }
