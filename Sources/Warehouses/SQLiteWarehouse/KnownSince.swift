internal import Columns
package import Times
internal import Warehouses

extension SQLiteWarehouse {
  /// Rows whose time may be at or after a moment, and those without one. A few too many: the reader of times decides.
  ///
  /// Numbers compare in their unit. Texts begin with their date, whatever follows: two days of slack cover every zone and offset, and
  /// dates that mean the end of their day. One comparison a row, since most rows of a table are long known.
  package func predicate(column: String, unit: TimeUnit?, since microseconds: Int64) -> String {
    let name = quoted(column)
    guard let unit else {
      let day: Int64 = 86_400_000_000
      let earliest = max(microseconds, -62_135_596_800_000_000 + 2 * day) - 2 * day
      return "((\(name) < '\(timestampText(earliest).prefix(10))' and typeof(\(name)) = 'text') is not true)"
    }
    return "((\(name) < \(number(unit, before: microseconds))) is not true)"
  }

  /// Rounded down, so that no row is lost.
  private func number(_ unit: TimeUnit, before microseconds: Int64) -> Int64 {
    switch unit {
    case .s: return microseconds / 1_000_000 - 1
    case .ms: return microseconds / 1_000 - 1
    case .us: return microseconds == .min ? .min : microseconds - 1
    case .ns:
      let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
      return overflow ? (microseconds < 0 ? .min : .max) : nanoseconds
    }
  }
}
