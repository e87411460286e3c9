/// What a time is for, which decides how it is rounded and what a bare date means (rule R3).
package enum TimeRole: String, Sendable, Hashable, Codable {
  /// Below a microsecond rounds down; a date needs a period.
  case event
  /// Rounds up; a date means the end of its day.
  case known
  /// Rounds down; a date needs an hour.
  case decision
  /// A timestamp among the values: rounds down; a date means its midnight.
  case value
}

package enum TimeProblem: Sendable, Hashable {
  case unreadable
  /// A number without a declared unit.
  case needsUnit
  /// A date as event time without a period.
  case dateNeedsPeriod
  /// A date as decision time without an hour.
  case dateNeedsHour
  /// The zone's clocks show this local time twice.
  case repeated(zone: String)
  /// The zone's clocks skip this local time.
  case skipped(zone: String)
  /// Outside the years 1 to 9999.
  case outOfRange
}

package enum TimeOutcome: Sendable, Hashable {
  /// Microseconds since the Unix epoch, UTC.
  case time(Int64)
  case problem(TimeProblem)
}

/// Reads times of one column as rule R3 and R11 say. Delays are not its business.
///
/// Text is `YYYY-MM-DD`, or that with `T` or a space, `HH:MM[:SS[.f…]]` and nothing (a naive time, in `zone`), `Z`, ` UTC` or an offset.
/// Numbers need a unit. UTC text costs about 25 ns, nothing is allocated.
package struct TimeReader: Sendable, Hashable, Codable {
  package let role: TimeRole
  package let unit: TimeUnit?
  package let zone: Zone
  package let ambiguous: Ambiguity?
  package let period: Period?
  package let atMicroseconds: Int64?

  /// - Parameters:
  ///   - unit: of times kept as numbers.
  ///   - zone: of naive times, dates and periods.
  ///   - ambiguous: what a repeated or skipped time means; absent: an error.
  ///   - period: whose end is meant; only for the role `event`.
  ///   - atMicroseconds: the time of day that a date means; only for the role `decision`.
  package init(
    role: TimeRole, unit: TimeUnit? = nil, zone: Zone, ambiguous: Ambiguity? = nil, period: Period? = nil,
    atMicroseconds: Int64? = nil
  ) {
    self.role = role
    self.unit = unit
    self.zone = zone
    self.ambiguous = ambiguous
    self.period = period
    self.atMicroseconds = atMicroseconds
  }

  package func read(integer: Int64) -> TimeOutcome {
    guard let unit else { return .problem(.needsUnit) }
    switch unit {
    case .s: return scaled(integer, by: 1_000_000)
    case .ms: return scaled(integer, by: 1_000)
    case .us: return finish(integer)
    case .ns:
      let down = floorDivide(integer, 1_000)
      return finish(down, hasMore: down &* 1_000 != integer)
    }
  }

  /// A real means the decimal of at most six digits below the second that it stands for, where there is one: 0.1 s are 100 ms, although
  /// no real is exactly a tenth. Any other is rounded as the role says.
  package func read(real: Double) -> TimeOutcome {
    guard let unit else { return .problem(.needsUnit) }
    if real.isNaN { return .problem(.unreadable) }
    if let integer = Int64(exactly: real) { return read(integer: integer) }
    let scale: Double =
      switch unit {
      case .s: 1_000_000
      case .ms: 1_000
      case .us, .ns: 1
      }
    // Such a number has a fraction, so it is below 2⁵³; times a million it still fits 64 bits where the years do.
    guard abs(real) <= 300_000_000_000 * (1_000_000 / scale), let nearest = Int64(exactly: roundedToEven(real * scale)) else {
      return .problem(.outOfRange)
    }
    if unit == .ns {
      // The fraction of a nanosecond does not change which microsecond it lies in, only that something is left.
      let down = floorDivide(nearest - (Double(nearest) > real ? 1 : 0), 1_000)
      return finish(down, hasMore: true)
    }
    let back = Double(nearest) / scale
    if back == real { return finish(nearest) }
    return finish(back > real ? nearest - 1 : nearest, hasMore: true)
  }

  package func read(utf8 text: Span<UInt8>) -> TimeOutcome {
    guard let parts = TimeText(text) else { return .problem(.unreadable) }
    let local = Int64(parts.days) * Microseconds.day + parts.microseconds
    switch parts.place {
    case .offset(let offset): return finish(local - offset, hasMore: parts.hasMore)
    case .local: return resolve(local, hasMore: parts.hasMore)
    case .date: return read(date: parts.days)
    }
  }

  private func read(date days: Int32) -> TimeOutcome {
    switch role {
    case .event:
      guard let end = period?.end(ofDate: days, in: zone) else { return .problem(.dateNeedsPeriod) }
      return checked(end)
    case .known: return checked(zone.startOfDay(days + 1))
    case .value: return checked(zone.startOfDay(days))
    case .decision:
      guard let atMicroseconds else { return .problem(.dateNeedsHour) }
      return resolve(Int64(days) * Microseconds.day + atMicroseconds, hasMore: false)
    }
  }

  private func resolve(_ local: Int64, hasMore: Bool) -> TimeOutcome {
    switch (zone.resolve(localMicroseconds: local), ambiguous) {
    case (.one(let instant), _): finish(instant, hasMore: hasMore)
    case (.repeated, nil): .problem(.repeated(zone: zone.identifier))
    case (.repeated(let instant, _), .earliest), (.repeated(_, let instant), .latest): finish(instant, hasMore: hasMore)
    case (.skipped, nil): .problem(.skipped(zone: zone.identifier))
    case (.skipped(let jump), _): finish(jump)
    }
  }

  private func scaled(_ number: Int64, by scale: Int64) -> TimeOutcome {
    let (product, overflow) = number.multipliedReportingOverflow(by: scale)
    return overflow ? .problem(.outOfRange) : finish(product)
  }

  /// - Parameter hasMore: whether a fraction of a microsecond was cut off.
  private func finish(_ microseconds: Int64, hasMore: Bool = false) -> TimeOutcome {
    guard Microseconds.range.contains(microseconds) else { return .problem(.outOfRange) }
    if hasMore && role == .known { return checked(microseconds + 1) }
    if role == .event, let period { return checked(period.end(of: microseconds, in: zone)) }
    return .time(microseconds)
  }

  private func checked(_ microseconds: Int64) -> TimeOutcome {
    Microseconds.range.contains(microseconds) ? .time(microseconds) : .problem(.outOfRange)
  }
}

/// Nearest whole number, without libm: adding and taking away 2⁵² leaves no room for a fraction.
private func roundedToEven(_ value: Double) -> Double {
  let magic = 4_503_599_627_370_496.0
  if abs(value) >= magic { return value }
  return value < 0 ? (value - magic) + magic : (value + magic) - magic
}

/// Reads an instant as people write it on a command line or in YAML: a date means its midnight, a naive time is in `zone`.
package func parseInstant(_ text: String, zone: Zone) -> TimeOutcome {
  TimeReader(role: .value, zone: zone).read(utf8: Array(text.utf8).span)
}
