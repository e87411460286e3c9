import Testing
import Times

@Suite struct `Periods` {
  @Test(arguments: [
    (Period.hour, "2024-01-15T05:00:00Z", "2024-01-15T06:00:00Z"),
    (.hour, "2024-01-15T05:59:59.999999Z", "2024-01-15T06:00:00Z"),
    (.day, "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z"),
    (.day, "2024-03-10T04:59:59Z", "2024-03-10T05:00:00Z"),
    (.week, "2024-03-04T05:00:00Z", "2024-03-11T04:00:00Z"),
    (.week, "2024-03-11T03:59:59Z", "2024-03-11T04:00:00Z"),
    (.week, "2024-03-11T04:00:00Z", "2024-03-18T04:00:00Z"),
    (.month, "2024-03-01T04:59:59Z", "2024-03-01T05:00:00Z"),
    (.month, "2024-03-01T05:00:00Z", "2024-04-01T04:00:00Z"),
    (.month, "2023-12-31T12:00:00Z", "2024-01-01T05:00:00Z"),
    (.week, "1969-12-31T12:00:00Z", "1970-01-05T05:00:00Z"),
  ])
  func `end in New York`(period: Period, instant: String, end: String) throws {
    #expect(timestampText(period.end(of: utc(instant), in: try zone("America/New_York"))) == end)
  }

  @Test(arguments: [
    ("2024-04-06T14:10:00Z", "2024-04-06T15:00:00Z"),
    ("2024-04-06T15:10:00Z", "2024-04-06T15:30:00Z"),
    ("2024-10-05T15:10:00Z", "2024-10-05T15:30:00Z"),
    ("2024-10-05T15:30:00Z", "2024-10-05T16:00:00Z"),
  ])
  func `of an hour end where Lord Howe's clocks leave it`(instant: String, end: String) throws {
    #expect(timestampText(Period.hour.end(of: utc(instant), in: try zone("Australia/Lord_Howe"))) == end)
  }

  @Test func `move the time of a row that has one, however it is written`() throws {
    let newYork = try zone("America/New_York")
    let reader = TimeReader(role: .event, unit: .s, zone: newYork, period: .month)
    #expect(words(reader.read("2024-03-01 00:00:00")) == "2024-04-01T04:00:00Z")
    #expect(words(reader.read("2024-03-31")) == "2024-04-01T04:00:00Z")
    #expect(words(reader.read("2024-04-01T03:59:59.9999999Z")) == "2024-04-01T04:00:00Z")
    #expect(words(reader.read(integer: 1_711_944_000)) == "2024-05-01T04:00:00Z")
    #expect(words(TimeReader(role: .known, zone: newYork, period: .month).read("2024-03-01 00:00:00")) == "2024-03-01T05:00:00Z")
  }

  @Test(arguments: [
    "UTC", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia",
    "Asia/Pyongyang",
  ])
  func `are never empty and follow one another`(name: String) throws {
    let zone = try zone(name)
    var random = Seeded(state: 3)
    for _ in 0..<400 {
      // Around the clocks' changes of these zones too: St John's once changed them at one past midnight.
      let instant = Int64.random(in: utc("1985-01-01")...utc("2030-01-01"), using: &random)
      for period in Period.allCases {
        let end = period.end(of: instant, in: zone)
        #expect(end > instant)
        #expect(period.end(of: end - 1, in: zone) == end, "\(period) \(timestampText(instant))")
      }
    }
  }
}
