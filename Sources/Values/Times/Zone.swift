internal import Foundation
internal import Synchronization

/// A time zone of the IANA database: what its clocks show, and when.
///
/// Foundation is asked once per zone and process; after that a zone is a table.
package struct Zone: Sendable, Hashable {
  /// As given.
  package let identifier: String
  let table: TransitionTable

  /// - Returns: nil for a name that the IANA database lacks. Abbreviations (`PST`) and offsets (`GMT+5`) are none.
  package init?(_ ianaName: String) {
    guard let table = TransitionTable.named(ianaName) else { return nil }
    identifier = ianaName
    self.table = table
  }

  private init(identifier: String, table: TransitionTable) {
    self.identifier = identifier
    self.table = table
  }

  package static let utc = Zone(identifier: "UTC", table: TransitionTable(starts: [], offsets: [0]))

  package static func == (a: Self, b: Self) -> Bool { a.identifier == b.identifier }
  package func hash(into hasher: inout Hasher) { hasher.combine(identifier) }
}

/// What a local time means in a zone.
package enum LocalResolution: Sendable, Hashable {
  case one(Int64)
  /// The zone's clocks show it twice.
  case repeated(earliest: Int64, latest: Int64)
  /// The zone's clocks skip it, by a jump at this instant.
  case skipped(jump: Int64)
}

extension Zone {
  /// Local time minus UTC.
  package func offsetSeconds(atUTC microseconds: Int64) -> Int { Int(table.offset(at: microseconds) / Microseconds.second) }

  /// - Parameter local: microseconds since 1970-01-01T00:00 as the zone's clocks show it.
  package func resolve(localMicroseconds local: Int64) -> LocalResolution {
    if let offset = table.fixedOffset { return .one(local - offset) }
    let shift = TransitionTable.wholeCycles(in: local)
    return table.resolve(local - shift).shifted(by: shift)
  }

  /// The days since 1970-01-01 of the date that the zone's calendars show.
  package func localDay(ofUTC microseconds: Int64) -> Int32 {
    Int32(truncatingIfNeeded: floorDivide(microseconds + table.offset(at: microseconds), Microseconds.day))
  }

  /// The first instant of a date in this zone: its midnight; where the clocks skip that, the jump; where they repeat it, the first.
  package func startOfDay(_ days: Int32) -> Int64 {
    switch resolve(localMicroseconds: Int64(days) * Microseconds.day) {
    case .one(let instant), .repeated(earliest: let instant, latest: _), .skipped(jump: let instant): instant
    }
  }
}

extension LocalResolution {
  fileprivate func shifted(by microseconds: Int64) -> Self {
    if microseconds == 0 { return self }
    return switch self {
    case .one(let instant): .one(instant + microseconds)
    case .repeated(let earliest, let latest): .repeated(earliest: earliest + microseconds, latest: latest + microseconds)
    case .skipped(let jump): .skipped(jump: jump + microseconds)
    }
  }
}

/// When a zone's offset changes. Stretch `i` of constant offset begins at `starts[i - 1]` and ends before `starts[i]`.
///
/// Explicit up to the year 2500. Later years behave like the year 400, 800, … before: the calendar repeats exactly after 400 years, and
/// no zone announces a change of its rules so far ahead.
final class TransitionTable: Sendable {
  /// Microseconds since the Unix epoch, UTC, ascending.
  let starts: ContiguousArray<Int64>
  /// Microseconds, one more than `starts`.
  let offsets: ContiguousArray<Int64>
  let fixedOffset: Int64?
  /// The stretch at the beginning of each stretch of 2⁴⁵ µs (407 days) from the first start on: a search without guesses.
  private let firstStretch: ContiguousArray<Int32>

  init(starts: ContiguousArray<Int64>, offsets: ContiguousArray<Int64>) {
    self.starts = starts
    self.offsets = offsets
    fixedOffset = starts.isEmpty ? offsets[0] : nil
    var firstStretch: ContiguousArray<Int32> = []
    var stretch: Int32 = 0
    for bucket in 0..<(starts.isEmpty ? 0 : (starts[starts.count - 1] - starts[0]) >> 45 + 1) {
      while Int(stretch) < starts.count, starts[Int(stretch)] <= starts[0] + bucket << 45 { stretch += 1 }
      firstStretch.append(stretch)
    }
    self.firstStretch = firstStretch
  }

  /// 2499-01-01: a year before the table's end, so that what lies next to a time is in the table too.
  private static let repeatsFrom: Int64 = 16_693_689_600_000_000
  private static let tableEnd: Double = 16_756_761_600
  /// 400 years.
  private static let cycle: Int64 = 146_097 * 86_400_000_000

  /// What to take from a time to bring it into the table.
  static func wholeCycles(in microseconds: Int64) -> Int64 {
    if microseconds < repeatsFrom { return 0 }
    return ((microseconds - repeatsFrom) / cycle + 1) * cycle
  }

  func offset(at microseconds: Int64) -> Int64 {
    if let fixedOffset { return fixedOffset }
    return offsets[stretch(at: microseconds - Self.wholeCycles(in: microseconds))]
  }

  /// The first change of the offset later than `microseconds` and not later than `limit`.
  func transition(after microseconds: Int64, upTo limit: Int64) -> Int64? {
    if starts.isEmpty { return nil }
    let shift = Self.wholeCycles(in: microseconds)
    let next = stretch(at: microseconds - shift)
    guard next < starts.count, starts[next] + shift <= limit else { return nil }
    return starts[next] + shift
  }

  /// Which stretch an instant lies in: the number of starts at or before it.
  private func stretch(at microseconds: Int64) -> Int {
    guard microseconds >= starts[0] else { return 0 }
    let bucket = (microseconds - starts[0]) >> 45
    guard bucket < firstStretch.count else { return starts.count }
    var stretch = Int(firstStretch[Int(bucket)])
    while stretch < starts.count, starts[stretch] <= microseconds { stretch += 1 }
    return stretch
  }

  /// Offsets stay below 16 hours (Manila was 15:56 behind), so every stretch in which clocks may show `local` is looked at.
  func resolve(_ local: Int64) -> LocalResolution {
    let reach = 16 * Microseconds.hour
    var i = stretch(at: local - reach)
    var earliest: Int64?
    var latest: Int64 = 0
    var jump: Int64?
    while true {
      let instant = local - offsets[i]
      let begun = i == 0 || starts[i - 1] <= instant
      let ended = i < starts.count && starts[i] <= instant
      if begun && !ended {
        if earliest == nil { earliest = instant }
        latest = instant
      }
      // The clocks go from before `local` straight to after it.
      if i < starts.count, ended, starts[i] + offsets[i + 1] > local { jump = starts[i] }
      guard i < starts.count, starts[i] <= local + reach else { break }
      i += 1
    }
    guard let earliest else { return .skipped(jump: jump ?? local) }
    return earliest == latest ? .one(earliest) : .repeated(earliest: earliest, latest: latest)
  }
}

extension TransitionTable {
  private static let known = Mutex<[String: TransitionTable]>([:])

  static func named(_ name: String) -> TransitionTable? {
    if name == "UTC" { return Zone.utc.table }
    if let table = known.withLock({ $0[name] }) { return table }
    guard isPlaceName(name), let zone = TimeZone(identifier: name) else { return nil }
    let table = TransitionTable(zone)
    known.withLock { $0[name] = table }
    return table
  }

  /// Foundation also takes abbreviations, which mean different things in different places, and offsets.
  private static func isPlaceName(_ name: String) -> Bool {
    if name == "GMT" || name.contains("/") { return true }
    return TimeZone.abbreviationDictionary[name] == nil && !name.hasPrefix("GMT") && !name.hasPrefix("UTC")
  }

  private convenience init(_ zone: TimeZone) {
    // From the year 1: a zone's first offset is its local mean time.
    var instant = Date(timeIntervalSince1970: -62_135_596_800 - 86_400)
    var starts: ContiguousArray<Int64> = []
    var offsets: ContiguousArray<Int64> = [Int64(zone.secondsFromGMT(for: instant)) * Microseconds.second]
    while let next = zone.nextDaylightSavingTimeTransition(after: instant), next.timeIntervalSince1970 < Self.tableEnd {
      let offset = Int64(zone.secondsFromGMT(for: next)) * Microseconds.second
      if offset != offsets[offsets.count - 1] {
        starts.append(Int64(next.timeIntervalSince1970) * Microseconds.second)
        offsets.append(offset)
      }
      instant = next
    }
    self.init(starts: starts, offsets: offsets)
  }
}

extension Zone: Codable {
  /// A zone is kept by its name; its table is looked up again.
  package init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let zone = name == Self.utc.identifier ? .utc : Zone(name) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown time zone \(name)"))
    }
    self = zone
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(identifier)
  }
}
