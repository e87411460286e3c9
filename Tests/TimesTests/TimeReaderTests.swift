import Testing
import Times

@Suite struct `Reading times` {
  @Test(arguments: [
    ("2013-01-01", "2013-01-01T00:00:00Z"),
    ("2013-01-01 05:06", "2013-01-01T05:06:00Z"),
    ("2013-01-01T05:06", "2013-01-01T05:06:00Z"),
    ("2013-01-01T05:06:07", "2013-01-01T05:06:07Z"),
    ("2013-01-01T05:06:07Z", "2013-01-01T05:06:07Z"),
    ("2013-01-01T05:06Z", "2013-01-01T05:06:00Z"),
    ("2013-01-01 05:06:07 UTC", "2013-01-01T05:06:07Z"),
    ("2013-01-01 05:06:07.5 UTC", "2013-01-01T05:06:07.500000Z"),
    ("2013-01-01 05:06:07+05:00", "2013-01-01T00:06:07Z"),
    ("2013-01-01 05:06:07-0530", "2013-01-01T10:36:07Z"),
    ("2013-01-01 05:06:07+05", "2013-01-01T00:06:07Z"),
    ("2013-01-01 05:06:07.1234567+05:00", "2013-01-01T00:06:07.123456Z"),
    ("2013-01-01T05:06:07.1", "2013-01-01T05:06:07.100000Z"),
    ("2013-01-01T05:06:07.000000000000000000001", "2013-01-01T05:06:07Z"),
    ("2012-02-29", "2012-02-29T00:00:00Z"),
    ("2000-02-29", "2000-02-29T00:00:00Z"),
    ("0001-01-01", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
  ])
  func `knows these forms`(text: String, expected: String) {
    #expect(words(parseInstant(text, zone: .utc)) == expected)
  }

  @Test(arguments: [
    "", " ", "2013", "2013-01", "2013-1-1", "2013-02-30", "2013-02-29", "1900-02-29", "2013-00-01", "2013-13-01", "2013-01-00",
    "2013-01-32", "2013-04-31", "2013/01/01", "20130101", " 2013-01-01", "2013-01-01 ", "2013-01-01\n", "2013-01-01T",
    "2013-01-01T05", "2013-01-01T24:00", "2013-01-01T05:60", "2013-01-01T05:06:60", "2013-01-01T05:06:", "2013-01-01T05:06:7",
    "2013-01-01T05:06:07.", "2013-01-01T05:06:07,5", "2013-01-01t05:06:07", "2013-01-01T05:06:07z", "2013-01-01T05:06:07 Z",
    "2013-01-01T05:06:07 utc", "2013-01-01T05:06:07UTC", "2013-01-01T05:06:07+5", "2013-01-01T05:06:07+050",
    "2013-01-01T05:06:07+24:00", "2013-01-01T05:06:07+05:60", "2013-01-01T05:06:07+05:0", "2013-01-01T05:06:07ZZ",
    "2013-01-01Z", "2013-01-01+05:00", "2013-01-01T05:06.5", "2013-01-01T-5:06:07", "2013-01-01T05:06:07+-5:00", "+013-01-01",
    "now", "1357016400", "２０１３-01-01", "2013-01-01_05:06:07", "2013-01-01T05-06:07",
  ])
  func `refuses these texts`(text: String) {
    #expect(parseInstant(text, zone: .utc) == .problem(.unreadable))
  }

  @Test func `survives any bytes`() throws {
    var random = Seeded(state: 11)
    let reader = TimeReader(role: .event, zone: try zone("America/New_York"), ambiguous: .latest, period: .hour)
    let alphabet = Array("0123456789-:T Z+.UTC\u{e9}".utf8)
    for _ in 0..<20_000 {
      var bytes = Array("2013-03-10T02:30:00.5+05:00".utf8.prefix(Int.random(in: 0...27, using: &random)))
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = alphabet.randomElement(using: &random) ?? 0
      }
      if case .time(let microseconds) = reader.read(utf8: bytes.span) {
        #expect(Microseconds.range.contains(microseconds))
      }
    }
  }

  @Test(arguments: ["0000-01-01", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
  func `keeps to the years 1 to 9999`(text: String) {
    #expect(parseInstant(text, zone: .utc) == .problem(.outOfRange))
  }

  @Test(arguments: [TimeRole.event, .decision, .value])
  func `rounds down below a microsecond`(role: TimeRole) {
    let reader = TimeReader(role: role, unit: .ns, zone: .utc)
    #expect(reader.read("1970-01-01T00:00:00.0000019Z") == .time(1))
    #expect(reader.read("1969-12-31T23:59:59.9999981Z") == .time(-2))
    #expect(reader.read(integer: 1_999) == .time(1))
    #expect(reader.read(integer: -1_999) == .time(-2))
    #expect(reader.read(integer: -2_000) == .time(-2))
    #expect(reader.read(real: 1_999.5) == .time(1))
    #expect(reader.read(real: -0.5) == .time(-1))
  }

  @Test func `rounds a known time up below a microsecond`() {
    let reader = TimeReader(role: .known, unit: .ns, zone: .utc)
    #expect(reader.read("1970-01-01T00:00:00.0000011Z") == .time(2))
    #expect(reader.read("1970-01-01T00:00:00.0000010Z") == .time(1))
    #expect(reader.read("1969-12-31T23:59:59.9999981Z") == .time(-1))
    #expect(reader.read("1970-01-01 00:00:00.00000000000000000000001") == .time(1))
    #expect(reader.read(integer: 1_001) == .time(2))
    #expect(reader.read(integer: -1_999) == .time(-1))
    #expect(reader.read(integer: 2_000) == .time(2))
    #expect(reader.read(real: 1_000.5) == .time(2))
    #expect(reader.read(real: -1_000.5) == .time(-1))
    #expect(reader.read(integer: .max) == .time(9_223_372_036_854_776))
  }

  @Test(arguments: [
    (TimeUnit.s, Int64(1_357_016_400), "2013-01-01T05:00:00Z"), (.ms, 1_357_016_400_500, "2013-01-01T05:00:00.500000Z"),
    (.us, -1, "1969-12-31T23:59:59.999999Z"), (.ns, 1_357_016_400_123_456_789, "2013-01-01T05:00:00.123456Z"),
    (.s, -62_135_596_800, "0001-01-01T00:00:00Z"), (.s, -62_135_596_801, "outOfRange"), (.s, 253_402_300_800, "outOfRange"),
    (.s, .max, "outOfRange"), (.ms, .min, "outOfRange"), (.us, .max, "outOfRange"),
  ])
  func `scales whole numbers by their unit`(unit: TimeUnit, number: Int64, expected: String) {
    #expect(words(TimeReader(role: .event, unit: unit, zone: .utc).read(integer: number)) == expected)
  }

  @Test func `needs a unit for numbers`() {
    let reader = TimeReader(role: .event, zone: .utc)
    #expect(reader.read(integer: 1) == .problem(.needsUnit))
    #expect(reader.read(real: 1) == .problem(.needsUnit))
  }

  @Test(arguments: [TimeRole.event, .known])
  func `takes a real for the decimal that it stands for`(role: TimeRole) {
    let seconds = TimeReader(role: role, unit: .s, zone: .utc)
    #expect(seconds.read(real: 0.1) == .time(100_000))
    #expect(seconds.read(real: -0.1) == .time(-100_000))
    #expect(seconds.read(real: 1_357_016_400.123456) == .time(1_357_016_400_123_456))
    #expect(seconds.read(real: 1_357_016_400) == .time(1_357_016_400_000_000))
    #expect(TimeReader(role: role, unit: .ms, zone: .utc).read(real: 0.003) == .time(3))
  }

  @Test func `rounds a real beyond six digits by its role`() {
    let event = TimeReader(role: .event, unit: .s, zone: .utc)
    let known = TimeReader(role: .known, unit: .s, zone: .utc)
    #expect(event.read(real: 0.000_001_9) == .time(1))
    #expect(known.read(real: 0.000_001_1) == .time(2))
    #expect(event.read(real: -0.000_001_1) == .time(-2))
    #expect(known.read(real: -0.000_001_9) == .time(-1))
    #expect(event.read(real: .nan) == .problem(.unreadable))
    #expect(event.read(real: .infinity) == .problem(.outOfRange))
    #expect(event.read(real: 1e300) == .problem(.outOfRange))
    #expect(event.read(real: -1e15 - 0.5) == .problem(.outOfRange))
  }

  @Test func `never rounds a real to the wrong side`() {
    var random = Seeded(state: 7)
    let event = TimeReader(role: .event, unit: .s, zone: .utc)
    let known = TimeReader(role: .known, unit: .s, zone: .utc)
    for _ in 0..<20_000 {
      let real = Double.random(in: -1_000_000...1_000_000, using: &random)
      guard case .time(let down) = event.read(real: real), case .time(let up) = known.read(real: real) else {
        Issue.record("\(real) is not read")
        return
      }
      #expect(up - down <= 1 && Double(down) / 1e6 <= real && real <= Double(up) / 1e6, "\(real)")
    }
  }

  @Test func `reads a date by its role`() throws {
    let newYork = try zone("America/New_York")
    #expect(TimeReader(role: .event, zone: newYork).read("2024-03-10") == .problem(.dateNeedsPeriod))
    #expect(TimeReader(role: .event, zone: newYork, period: .hour).read("2024-03-10") == .problem(.dateNeedsPeriod))
    #expect(TimeReader(role: .decision, zone: newYork).read("2024-03-10") == .problem(.dateNeedsHour))
    #expect(words(TimeReader(role: .event, zone: newYork, period: .day).read("2024-03-10")) == "2024-03-11T04:00:00Z")
    #expect(words(TimeReader(role: .known, zone: newYork).read("2024-03-10")) == "2024-03-11T04:00:00Z")
    #expect(words(TimeReader(role: .value, zone: newYork).read("2024-03-10")) == "2024-03-10T05:00:00Z")
    let atSix = TimeReader(role: .decision, zone: newYork, atMicroseconds: 21_600_000_000)
    #expect(words(atSix.read("2024-03-10")) == "2024-03-10T10:00:00Z")
    #expect(words(atSix.read("2024-01-02")) == "2024-01-02T11:00:00Z")
    let atHalfPastTwo = TimeReader(role: .decision, zone: newYork, atMicroseconds: 9_000_000_000)
    #expect(atHalfPastTwo.read("2024-03-10") == .problem(.skipped(zone: "America/New_York")))
    #expect(TimeReader(role: .known, zone: .utc).read("9999-12-31") == .problem(.outOfRange))
  }
}

@Suite struct `Local times` {
  @Test(arguments: [
    ("2013-11-03 00:59:59", "2013-11-03T04:59:59Z", "2013-11-03T04:59:59Z"),
    ("2013-11-03 01:00:00", "2013-11-03T05:00:00Z", "2013-11-03T06:00:00Z"),
    ("2013-11-03 01:59:59.999999", "2013-11-03T05:59:59.999999Z", "2013-11-03T06:59:59.999999Z"),
    ("2013-11-03 02:00:00", "2013-11-03T07:00:00Z", "2013-11-03T07:00:00Z"),
    ("2013-03-10 01:59:59", "2013-03-10T06:59:59Z", "2013-03-10T06:59:59Z"),
    ("2013-03-10 02:00:00", "2013-03-10T07:00:00Z", "2013-03-10T07:00:00Z"),
    ("2013-03-10 02:59:59", "2013-03-10T07:00:00Z", "2013-03-10T07:00:00Z"),
    ("2013-03-10 03:00:00", "2013-03-10T07:00:00Z", "2013-03-10T07:00:00Z"),
    ("2513-03-10 12:00:00", "2513-03-10T17:00:00Z", "2513-03-10T17:00:00Z"),
    ("9513-07-10 12:00:00", "9513-07-10T16:00:00Z", "9513-07-10T16:00:00Z"),
    ("1800-01-01 00:00:00", "1800-01-01T04:56:02Z", "1800-01-01T04:56:02Z"),
  ])
  func `in New York`(text: String, earliest: String, latest: String) throws {
    let zone = try zone("America/New_York")
    #expect(words(TimeReader(role: .event, zone: zone, ambiguous: .earliest).read(text)) == earliest)
    #expect(words(TimeReader(role: .event, zone: zone, ambiguous: .latest).read(text)) == latest)
  }

  @Test func `shown twice or never are errors without a rule`() throws {
    let reader = TimeReader(role: .event, zone: try zone("America/New_York"))
    #expect(reader.read("2013-11-03 01:30:00") == .problem(.repeated(zone: "America/New_York")))
    #expect(reader.read("2013-03-10 02:30:00") == .problem(.skipped(zone: "America/New_York")))
    #expect(words(reader.read("2013-11-03 01:30:00-05:00")) == "2013-11-03T06:30:00Z")
  }

  @Test func `move by half an hour on Lord Howe`() throws {
    let zone = try zone("Australia/Lord_Howe")
    // Back from 11:00 to 10:30 on 2013-04-07 at 02:00; forward on 2013-10-06 at 02:00.
    #expect(
      zone.resolve(localMicroseconds: utc("2013-04-07T01:45:00Z"))
        == .repeated(earliest: utc("2013-04-06T14:45:00Z"), latest: utc("2013-04-06T15:15:00Z")))
    #expect(zone.resolve(localMicroseconds: utc("2013-04-07T01:29:00Z")) == .one(utc("2013-04-06T14:29:00Z")))
    #expect(zone.resolve(localMicroseconds: utc("2013-10-06T02:15:00Z")) == .skipped(jump: utc("2013-10-05T15:30:00Z")))
    #expect(zone.resolve(localMicroseconds: utc("2013-10-06T02:30:00Z")) == .one(utc("2013-10-05T15:30:00Z")))
    #expect(zone.offsetSeconds(atUTC: utc("2013-07-01T00:00:00Z")) == 37_800)
  }

  @Test func `skip midnight in São Paulo`() throws {
    let zone = try zone("America/Sao_Paulo")
    // 2013-10-20 began at 01:00.
    let day = utc("2013-10-20T00:00:00Z") / 86_400_000_000
    #expect(timestampText(zone.startOfDay(Int32(day))) == "2013-10-20T03:00:00Z")
    #expect(zone.localDay(ofUTC: utc("2013-10-20T02:59:59Z")) == Int32(day) - 1)
    #expect(zone.localDay(ofUTC: utc("2013-10-20T03:00:00Z")) == Int32(day))
    #expect(words(TimeReader(role: .value, zone: zone).read("2013-10-20")) == "2013-10-20T03:00:00Z")
    #expect(words(TimeReader(role: .known, zone: zone).read("2013-10-19")) == "2013-10-20T03:00:00Z")
    // And 2013-02-17 at 00:00 went back to 23:00 of the day before.
    #expect(words(TimeReader(role: .event, zone: zone, period: .day).read("2013-02-16T23:30:00-02:00")) == "2013-02-17T03:00:00Z")
  }

  @Test func `leave out a whole day in Apia`() throws {
    let zone = try zone("Pacific/Apia")
    let skipped = Int32(utc("2011-12-30T00:00:00Z") / 86_400_000_000)
    #expect(zone.startOfDay(skipped) == zone.startOfDay(skipped + 1))
    #expect(timestampText(zone.startOfDay(skipped)) == "2011-12-30T10:00:00Z")
  }

  @Test(arguments: ["", "Nonsense", "PST", "GMT+5", "UTC+1", "america/new_york", "Z", "+05:00"])
  func `need a zone of the IANA database`(name: String) {
    #expect(Zone(name) == nil)
  }
}
