/// A time's text taken apart, before zone, period and role have their say.
///
/// Forms: `YYYY-MM-DD`, and with `T` or a space `HH:MM`, `HH:MM:SS`, `HH:MM:SS.f…` (any number of digits), then nothing, `Z`, ` UTC`,
/// `+05:00`, `+0500` or `+05`. Nothing else: no other separators, no signs before years, no blanks around, no leap seconds.
struct TimeText {
  enum Place {
    case date
    case local
    /// Local time minus UTC, in microseconds.
    case offset(Int64)
  }

  /// Since 1970-01-01.
  let days: Int32
  /// Since midnight.
  let microseconds: Int64
  /// Whether digits other than 0 were written below a microsecond.
  let hasMore: Bool
  let place: Place

  /// - Returns: nil for any other text; the year 0 is read.
  init?(_ text: Span<UInt8>) {
    guard text.count >= 10, let days = parseDay(text) else { return nil }
    self.days = days
    if text.count == 10 {
      (microseconds, hasMore, place) = (0, false, .date)
      return
    }
    guard text.count >= 16, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "), text[13] == UInt8(ascii: ":") else {
      return nil
    }
    let hour = twoDigits(text, 11)
    let minute = twoDigits(text, 14)
    guard hour < 24, minute < 60 else { return nil }
    var next = 16
    var second = 0
    var fraction = Fraction()
    if next < text.count, text[next] == UInt8(ascii: ":") {
      guard text.count >= 19 else { return nil }
      second = twoDigits(text, 17)
      guard second < 60 else { return nil }
      next = 19
      if next < text.count, text[next] == UInt8(ascii: ".") {
        guard let end = fraction.read(text, from: next + 1) else { return nil }
        next = end
      }
    }
    guard let place = Place(text, from: next) else { return nil }
    self.place = place
    hasMore = fraction.hasMore
    microseconds = Int64(hour * 3_600 + minute * 60 + second) * Microseconds.second + fraction.microseconds
  }
}

/// The digits after a second's point.
private struct Fraction {
  var microseconds: Int64 = 0
  var hasMore = false

  /// - Returns: where the digits end; nil if there are none.
  mutating func read(_ text: Span<UInt8>, from start: Int) -> Int? {
    var next = start
    var unit: Int64 = 100_000
    while next < text.count, case let digit = text[next] &- UInt8(ascii: "0"), digit < 10 {
      microseconds += Int64(digit) * unit
      if unit == 0 && digit != 0 { hasMore = true }
      unit /= 10
      next += 1
    }
    return next == start ? nil : next
  }
}

extension TimeText.Place {
  fileprivate init?(_ text: Span<UInt8>, from start: Int) {
    let rest = text.count - start
    if rest == 0 {
      self = .local
      return
    }
    switch text[start] {
    case UInt8(ascii: "Z") where rest == 1: self = .offset(0)
    case UInt8(ascii: " ")
    where rest == 4 && text[start + 1] == UInt8(ascii: "U") && text[start + 2] == UInt8(ascii: "T")
      && text[start + 3] == UInt8(ascii: "C"):
      self = .offset(0)
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard let minutes = minutes(text, from: start + 1) else { return nil }
      self = .offset(Int64(text[start] == UInt8(ascii: "-") ? -minutes : minutes) * 60 * Microseconds.second)
    default: return nil
    }
  }
}

/// `05:00`, `0500` or `05`, up to the text's end.
private func minutes(_ text: Span<UInt8>, from start: Int) -> Int? {
  let length = text.count - start
  guard length == 2 || length == 4 || length == 5 && text[start + 2] == UInt8(ascii: ":") else { return nil }
  let hours = twoDigits(text, start)
  let minutes = length == 2 ? 0 : twoDigits(text, text.count - 2)
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : nil
}

/// The first ten bytes as `YYYY-MM-DD`.
private func parseDay(_ text: Span<UInt8>) -> Int32? {
  guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
  let century = twoDigits(text, 0)
  let yearOfCentury = twoDigits(text, 2)
  guard century < 100, yearOfCentury < 100 else { return nil }
  let date = CivilDate(year: century * 100 + yearOfCentury, month: twoDigits(text, 5), day: twoDigits(text, 8))
  guard date.day >= 1, date.day <= CivilDate.length(ofMonth: date.month, in: date.year) else { return nil }
  return date.days
}

/// Two digits as a number; 1000 or more if they are none.
@inline(__always)
private func twoDigits(_ text: Span<UInt8>, _ start: Int) -> Int {
  let tens = Int(text[start] &- UInt8(ascii: "0"))
  let ones = Int(text[start + 1] &- UInt8(ascii: "0"))
  return tens < 10 && ones < 10 ? tens * 10 + ones : 1_000
}

/// Reads `YYYY-MM-DD` and nothing else.
///
/// - Returns: days since 1970-01-01; nil for other text, for days that no month has, and for the year 0.
package func parseDate(utf8 text: Span<UInt8>) -> Int32? {
  guard text.count == 10, let days = parseDay(text), days >= firstDay else { return nil }
  return days
}

/// 0001-01-01.
private let firstDay: Int32 = -719_162
