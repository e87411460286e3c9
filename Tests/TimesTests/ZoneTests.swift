import Foundation
import Testing
import Times

/// Against Foundation, which is slow and asked instant by instant.
@Suite struct `Zones` {
  static let names = [
    "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin", "Asia/Kolkata",
    "Pacific/Apia", "Asia/Pyongyang", "Africa/Monrovia", "America/St_Johns", "Europe/Berlin", "Antarctica/Troll", "Asia/Manila", "UTC",
    "Etc/GMT+5",
  ]

  @Test(arguments: names)
  func `have the offsets that Foundation has`(name: String) throws {
    let zone = try zone(name)
    let reference = try #require(TimeZone(identifier: name))
    var random = Seeded(state: 1)
    for i in 0..<1_500 {
      let years: ClosedRange<Int64> = i % 2 == 0 ? -62_135_596_800...253_402_300_799 : -3_000_000_000...5_000_000_000
      let seconds = Int64.random(in: years, using: &random)
      let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      #expect(zone.offsetSeconds(atUTC: seconds * 1_000_000) == expected, "\(seconds)")
    }
  }

  @Test(arguments: names)
  func `find every instant again from what their clocks show`(name: String) throws {
    let zone = try zone(name)
    var random = Seeded(state: 2)
    for i in 0..<1_500 {
      let years: ClosedRange<Int64> = i % 2 == 0 ? -62_135_000_000...253_402_000_000 : 0...2_000_000_000
      let instant = Int64.random(in: years, using: &random) * 1_000_000
      let local = instant + Int64(zone.offsetSeconds(atUTC: instant)) * 1_000_000
      switch zone.resolve(localMicroseconds: local) {
      case .one(let found): #expect(found == instant)
      case .repeated(let earliest, let latest):
        #expect(earliest < latest && (earliest == instant || latest == instant))
      case .skipped: Issue.record("\(instant) is said to be skipped")
      }
    }
  }

  @Test(arguments: names)
  func `agree with a search around every change of the clocks`(name: String) throws {
    let zone = try zone(name)
    let reference = try #require(TimeZone(identifier: name))
    var instant = Date(timeIntervalSince1970: -4_000_000_000)
    for _ in 0..<300 {
      guard let change = reference.nextDaylightSavingTimeTransition(after: instant) else { break }
      instant = change
      let after = Int64(change.timeIntervalSince1970) + Int64(reference.secondsFromGMT(for: change))
      let before = Int64(change.timeIntervalSince1970) + Int64(reference.secondsFromGMT(for: change - 1))
      for local in [before - 1, before, after - 1, after, (before + after) / 2] {
        #expect(zone.resolve(localMicroseconds: local * 1_000_000) == search(local, reference), "\(local)")
      }
    }
  }

  /// Tries every offset that the zone has within a day.
  private func search(_ local: Int64, _ reference: TimeZone) -> LocalResolution {
    func offset(_ instant: Int64) -> Int64 { Int64(reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))) }
    var offsets: Set<Int64> = []
    var changes: [Int64] = []
    var instant = Date(timeIntervalSince1970: Double(local - 90_000))
    offsets.insert(offset(local - 90_000))
    while let change = reference.nextDaylightSavingTimeTransition(after: instant), change.timeIntervalSince1970 < Double(local + 90_000) {
      changes.append(Int64(change.timeIntervalSince1970))
      offsets.insert(offset(Int64(change.timeIntervalSince1970)))
      instant = change
    }
    let found = offsets.map { local - $0 }.filter { $0 + offset($0) == local }.sorted()
    if found.count == 1 { return .one(found[0] * 1_000_000) }
    if found.count > 1 { return .repeated(earliest: found[0] * 1_000_000, latest: found[found.count - 1] * 1_000_000) }
    let jump = changes.first { $0 + offset($0 - 1) <= local && local < $0 + offset($0) }
    return .skipped(jump: (jump ?? 0) * 1_000_000)
  }
}
