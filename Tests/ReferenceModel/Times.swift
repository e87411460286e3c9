import Foundation

/// A time as read: whole microseconds, and whether something below a microsecond was cut off.
package struct Instant: Equatable, Sendable {
  package var microseconds: Int64
  package var hasRemainder = false
  /// A bare date: the midnight that begins it.
  package var isDate = false
}

/// R3 in one zone.
package struct Clock: Sendable {
  private let zone: TimeZone

  package init(zone: String) { self.zone = TimeZone(identifier: zone)! }

  /// Event and decision times round down.
  package func eventTime(_ value: Value, _ form: TimeColumn, period: Period? = nil) -> Int64? {
    guard let instant = read(value, form) else { return nil }
    if let period { return end(of: period, from: instant.microseconds) }
    if let at = form.at, instant.isDate { return self.instant(local: localDay(value) + minutes(at) * 60_000_000, form.ambiguous) }
    return instant.microseconds
  }

  /// Known times round up; a date is known when its day ends.
  package func knownTime(_ value: Value, _ form: TimeColumn) -> Int64? {
    guard let instant = read(value, form) else { return nil }
    if instant.isDate { return end(of: .day, from: instant.microseconds) }
    return instant.microseconds + (instant.hasRemainder ? 1 : 0)
  }

  /// Midnight of the zone.
  package func midnight(_ date: String) -> Int64 { read(.text(Text(date)), TimeColumn(""))!.microseconds }

  private func read(_ value: Value, _ form: TimeColumn) -> Instant? {
    switch value {
    case .int(let count): epoch(count, form.unit!)
    case .text(let text): parse(text.string, form.ambiguous)
    default: nil
    }
  }

  private func epoch(_ count: Int64, _ unit: TimeUnit) -> Instant {
    switch unit {
    case .s: Instant(microseconds: count * 1_000_000)
    case .ms: Instant(microseconds: count * 1000)
    case .us: Instant(microseconds: count)
    case .ns: Instant(microseconds: floorDivide(count, 1000), hasRemainder: count % 1000 != 0)
    }
  }

  /// `2024-01-01`, `2024-01-01T05:00`, `2024-01-01 05:00:00.1234567+05:30`, `…Z`.
  private func parse(_ text: String, _ ambiguous: String?) -> Instant {
    let day = days(text.prefix(10)) * 86_400_000_000
    guard text.count > 10 else { return Instant(microseconds: instant(local: day, ambiguous), isDate: true) }
    let (time, offset) = splitOffset(text.dropFirst(11))
    let parts = time.split(separator: ":")
    var local = day + Int64(parts[0])! * 3_600_000_000 + Int64(parts[1])! * 60_000_000
    var hasRemainder = false
    if parts.count == 3 {
      let seconds = parts[2].split(separator: ".")
      local += Int64(seconds[0])! * 1_000_000
      if seconds.count == 2 {
        local += Int64(seconds[1].prefix(6) + String(repeating: "0", count: max(0, 6 - seconds[1].count)))!
        hasRemainder = seconds[1].dropFirst(6).contains { $0 != "0" }
      }
    }
    let utc = offset.map { local - $0 } ?? instant(local: local, ambiguous)
    return Instant(microseconds: utc, hasRemainder: hasRemainder)
  }

  private func splitOffset(_ text: Substring) -> (Substring, Int64?) {
    if text.last == "Z" { return (text.dropLast(), 0) }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return (text, nil) }
    let offset = minutes(String(text[text.index(after: sign)...])) * 60_000_000
    return (text[..<sign], text[sign] == "-" ? -offset : offset)
  }

  private func minutes(_ text: String) -> Int64 {
    let parts = text.split(separator: ":")
    return Int64(parts[0])! * 60 + Int64(parts[1])!
  }

  private func localDay(_ value: Value) -> Int64 {
    guard case .text(let text) = value else { fatalError("a date is text") }
    return days(text.string.prefix(10)) * 86_400_000_000
  }

  /// The instant that the zone's clocks show as `local`.
  private func instant(local: Int64, _ ambiguous: String?) -> Int64 {
    let near = [local - 86_400_000_000, local + 86_400_000_000].map { $0 - offset(at: $0) }
    let offsets = Set(near.map(offset(at:)))
    let candidates = offsets.map { local - $0 }.filter { $0 + offset(at: $0) == local }.sorted()
    if candidates.count == 1 { return candidates[0] }
    guard let ambiguous else { fatalError("a time that the zone skips or repeats") }
    if candidates.isEmpty { return jump(before: local - offsets.min()!) }
    return ambiguous == "earliest" ? candidates.first! : candidates.last!
  }

  private func jump(before later: Int64) -> Int64 {
    let before = Date(timeIntervalSince1970: Double(later / 1_000_000) - 86_400)
    return Int64(zone.nextDaylightSavingTimeTransition(after: before)!.timeIntervalSince1970) * 1_000_000
  }

  private func offset(at instant: Int64) -> Int64 {
    let seconds = Double(floorDivide(instant, 1_000_000))
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))) * 1_000_000
  }

  /// R11: when the period ends in which an instant lies.
  private func end(of period: Period, from instant: Int64) -> Int64 {
    let local = instant + offset(at: instant)
    let day = floorDivide(local, 86_400_000_000)
    let end =
      switch period {
      case .hour: (floorDivide(local, 3_600_000_000) + 1) * 3_600_000_000
      case .day: (day + 1) * 86_400_000_000
      // Day 0 of the epoch was a Thursday; weeks begin on Monday.
      case .week: (floorDivide(day + 3, 7) * 7 + 4) * 86_400_000_000
      case .month: nextMonth(day) * 86_400_000_000
      }
    return self.instant(local: end, "earliest")
  }

  private func nextMonth(_ day: Int64) -> Int64 {
    var next = day + 1
    while civil(next).day != 1 { next += 1 }
    return next
  }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
private func days(_ date: Substring) -> Int64 {
  let parts = date.split(separator: "-").map { Int64($0)! }
  var days: Int64 = 0
  for year in min(1970, parts[0])..<max(1970, parts[0]) { days += isLeap(year) ? 366 : 365 }
  if parts[0] < 1970 { days = -days }
  for month in 1..<parts[1] { days += length(ofMonth: month, year: parts[0]) }
  return days + parts[2] - 1
}

private func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
  var (year, left) = (Int64(1970), day)
  while left < 0 {
    year -= 1
    left += isLeap(year) ? 366 : 365
  }
  while left >= (isLeap(year) ? 366 : 365) {
    left -= isLeap(year) ? 366 : 365
    year += 1
  }
  var month: Int64 = 1
  while left >= length(ofMonth: month, year: year) {
    left -= length(ofMonth: month, year: year)
    month += 1
  }
  return (year, month, left + 1)
}

private func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

private func length(ofMonth month: Int64, year: Int64) -> Int64 {
  month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
}

func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

/// As every timestamp is written: `2013-01-01T05:00:00Z`, six digits of fraction only where there is one.
package func utcText(_ microseconds: Int64) -> String {
  let day = floorDivide(microseconds, 86_400_000_000)
  let date = civil(day)
  let rest = microseconds - day * 86_400_000_000
  let seconds = rest / 1_000_000
  let fraction = rest % 1_000_000
  let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
  let dateText = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  return dateText + "T" + clock + (fraction == 0 ? "" : "." + padded(fraction, 6)) + "Z"
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = "\(number)"
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
