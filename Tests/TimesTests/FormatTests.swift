import Foundation
import Testing
import Times

@Suite struct `Writing times` {
  @Test func `gives back what is read, over all years`() {
    var random = Seeded(state: 5)
    for i in 0..<20_000 {
      var microseconds = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
      if i % 2 == 0 { microseconds -= microseconds % 1_000_000 }
      let text = timestampText(microseconds)
      #expect(parseInstant(text, zone: .utc) == .time(microseconds), "\(text)")
      #expect(text.utf8.count == (microseconds % 1_000_000 == 0 ? 20 : 27))
    }
  }

  @Test func `has one format where readers want one`() {
    #expect(uniformTimestampText(0) == "1970-01-01T00:00:00.000000Z")
    #expect(uniformTimestampText(-1) == "1969-12-31T23:59:59.999999Z")
    #expect(uniformTimestampText(1_250_000) == timestampText(1_250_000))
    let times: [Int64] = [
      Microseconds.range.lowerBound, -1_000_001, -1_000_000, -1, 0, 1, 999_999, 1_000_000, Microseconds.range.upperBound,
    ]
    let texts = times.map { Array(uniformTimestampText($0).utf8) }
    #expect(zip(texts, texts.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
  }

  @Test func `knows every day from the year 1 to 9999`() {
    var expected = (year: 1, month: 1, day: 1)
    for days in Int32(-719_162)...2_932_896 {
      let date = CivilDate(days: days)
      guard (date.year, date.month, date.day) == expected, date.days == days else {
        Issue.record("\(days) is \(date), not \(expected)")
        return
      }
      expected.day += 1
      let leap = expected.year % 4 == 0 && expected.year % 100 != 0 || expected.year % 400 == 0
      if expected.day > [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][expected.month - 1] {
        expected = (expected.month == 12 ? expected.year + 1 : expected.year, expected.month % 12 + 1, 1)
      }
    }
    #expect(expected == (10_000, 1, 1))
  }

  @Test func `writes dates that can be read`() {
    for days: Int32 in [-719_162, -1, 0, 15_706, 2_932_896] {
      #expect(parseDate(utf8: Array(dateText(days).utf8).span) == days)
    }
    #expect(dateText(0) == "1970-01-01")
    #expect(dateText(-1) == "1969-12-31")
    for text in ["0000-12-31", "2013-01-01T00:00", "2013-02-30", "2013-1-1", ""] {
      #expect(parseDate(utf8: Array(text.utf8).span) == nil)
    }
  }
}
