internal import Columns
package import Times
internal import Warehouses

extension SQLiteWarehouse {
  /// Rows whose time may be at or after a moment, and those without one. A little too many: the reader of times decides.
  ///
  /// Numbers compare in their unit. Texts begin with their date, whatever follows: two days of slack cover every zone and offset, and
  /// dates that mean the end of their day.
  package func predicate(column: String, unit: TimeUnit?, since microseconds: Int64) -> String {
    let name = quoted(column)
    let day: Int64 = 86_400_000_000
    let earliest = max(microseconds, -62_135_596_800_000_000 + 2 * day) - 2 * day
    let text = timestampText(earliest).prefix(10)
    let divisor: Int64 =
      switch unit {
      case .s: 1_000_000
      case .ms: 1_000
      case .us, .ns, nil: 1
      }
    // Rounded down, so that no row is lost; nanoseconds beyond 64 bits are no time anyway.
    var number = earliest / divisor - 1
    if unit == .ns { number = earliest.multipliedReportingOverflow(by: 1_000).overflow ? (earliest < 0 ? .min : .max) : earliest * 1_000 }
    return "(\(name) is null or (typeof(\(name)) = 'text' and \(name) >= '\(text)') or (typeof(\(name)) <> 'text' and \(name) >= \(number)))"
  }
}
