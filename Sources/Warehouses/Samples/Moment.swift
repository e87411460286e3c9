/// A second since 1970, UTC, and how the company's systems write it.
struct Moment: Hashable, Comparable {
  let second: Int

  init(_ second: Int) { self.second = second }

  static func < (a: Self, b: Self) -> Bool { a.second < b.second }
  static func + (moment: Self, seconds: Int) -> Self { Moment(moment.second + seconds) }

  var day: Int { second / 86_400 }

  /// `2024-03-05T14:20:00Z`
  var utcText: String { text(second, separator: "T", seconds: true, ending: "Z") }

  /// `2024-03-05 14:20:00`, UTC without saying so: what loading tools write.
  var plainText: String { text(second, separator: " ", seconds: true, ending: "") }

  /// `2024-03-05 15:20` by the clock on a wall in Berlin: the hour before the clocks go back comes twice.
  var wallText: String { text(second + wallOffset, separator: " ", seconds: false, ending: "") }

  /// `2024-03-05` on a calendar in Berlin.
  var wallDateText: String { dateText(day: (second + wallOffset) / 86_400) }

  /// Seconds by which Berlin is ahead of UTC: one hour, two from the last Sunday in March to that in October, 1:00 UTC each.
  var wallOffset: Int {
    let year = CivilDate(day: day).year
    let summer = lastSunday(year: year, month: 3) * 86_400 + 3_600..<lastSunday(year: year, month: 10) * 86_400 + 3_600
    return summer.contains(second) ? 7_200 : 3_600
  }
}

/// A day of the Gregorian calendar.
struct CivilDate: Hashable {
  let year: Int
  let month: Int
  let day: Int

  /// - Parameter day: since 1970-01-01, not negative.
  init(day count: Int) {
    // Years that begin in March end with the leap day.
    let shifted = count + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }
}

/// 0 is Monday.
func weekday(ofDay day: Int) -> Int { (day + 3) % 7 }

/// `2024-03-05`
func dateText(day: Int) -> String {
  let date = CivilDate(day: day)
  return unsafe String(unsafeUninitializedCapacity: 10) { bytes in
    unsafe write(date, to: bytes)
    return 10
  }
}

/// The last Sunday of a month of 31 days.
private func lastSunday(year: Int, month: Int) -> Int {
  let last = (month == 3 ? 31 + 28 + (isLeap(year) ? 1 : 0) + 31 : 304 + (isLeap(year) ? 1 : 0)) - 1 + firstDay(ofYear: year)
  return last - (weekday(ofDay: last) + 1) % 7
}

private func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

private func firstDay(ofYear year: Int) -> Int {
  let before = year - 1
  return 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400)
}

private func text(_ second: Int, separator: Unicode.Scalar, seconds: Bool, ending: String) -> String {
  let date = CivilDate(day: second / 86_400)
  let time = second % 86_400
  let length = seconds ? 19 : 16
  return unsafe String(unsafeUninitializedCapacity: 20) { bytes in
    unsafe write(date, to: bytes)
    unsafe bytes[10] = UInt8(ascii: separator)
    unsafe writePair(time / 3_600, to: bytes, at: 11)
    unsafe bytes[13] = UInt8(ascii: ":")
    unsafe writePair(time / 60 % 60, to: bytes, at: 14)
    if seconds {
      unsafe bytes[16] = UInt8(ascii: ":")
      unsafe writePair(time % 60, to: bytes, at: 17)
    }
    for (offset, byte) in ending.utf8.enumerated() { unsafe bytes[length + offset] = byte }
    return length + ending.utf8.count
  }
}

// Safe because: every caller gives room for the 10 bytes of a date or for the 20 of a time, and years have four digits.
private func write(_ date: CivilDate, to bytes: UnsafeMutableBufferPointer<UInt8>) {
  unsafe writePair(date.year / 100, to: bytes, at: 0)
  unsafe writePair(date.year % 100, to: bytes, at: 2)
  unsafe bytes[4] = UInt8(ascii: "-")
  unsafe writePair(date.month, to: bytes, at: 5)
  unsafe bytes[7] = UInt8(ascii: "-")
  unsafe writePair(date.day, to: bytes, at: 8)
}

private func writePair(_ number: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, at index: Int) {
  unsafe bytes[index] = UInt8(ascii: "0") + UInt8(number / 10)
  unsafe bytes[index + 1] = UInt8(ascii: "0") + UInt8(number % 10)
}
