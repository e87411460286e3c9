extension Period {
  /// The end of the period that contains an instant, in the zone's calendar: always later than the instant.
  ///
  /// A period begins where the one before it ends. Days begin at their first midnight; an hour ends when the clocks leave it.
  package func end(of utcMicroseconds: Int64, in zone: Zone) -> Int64 {
    switch self {
    case .hour: zone.endOfHour(containing: utcMicroseconds)
    case .day, .week, .month: zone.startOfDay(firstDay(after: zone.day(containing: utcMicroseconds)))
    }
  }

  /// The end of the period that contains a date; nil for an hour, of which a date has many.
  package func end(ofDate days: Int32, in zone: Zone) -> Int64? {
    self == .hour ? nil : zone.startOfDay(firstDay(after: days))
  }

  /// The first day of the next day, week or month.
  private func firstDay(after days: Int32) -> Int32 {
    switch self {
    case .hour, .day: return days + 1
    case .week:
      // 1970-01-01 was a Thursday, three days after a Monday.
      return floorDivide(days + 3, 7) * 7 + 4
    case .month:
      let date = CivilDate(days: days)
      return date.month == 12
        ? CivilDate(year: date.year + 1, month: 1, day: 1).days
        : CivilDate(year: date.year, month: date.month + 1, day: 1).days
    }
  }
}

extension Zone {
  /// The last day that has begun, which differs from what the calendars show where clocks go back over midnight.
  fileprivate func day(containing microseconds: Int64) -> Int32 {
    var day = localDay(ofUTC: microseconds)
    while startOfDay(day + 1) <= microseconds { day += 1 }
    return day
  }

  fileprivate func endOfHour(containing microseconds: Int64) -> Int64 {
    let hour = Microseconds.hour
    func nextFullHour(after instant: Int64, on local: Int64) -> Int64 {
      instant + (floorDivide(local, hour) + 1) * hour - local
    }
    let local = microseconds + table.offset(at: microseconds)
    let end = nextFullHour(after: microseconds, on: local)
    guard let change = table.transition(after: microseconds, upTo: end - 1) else { return end }
    let localAfter = change + table.offset(at: change)
    return floorDivide(localAfter, hour) == floorDivide(local, hour) ? nextFullHour(after: change, on: localAfter) : change
  }
}
