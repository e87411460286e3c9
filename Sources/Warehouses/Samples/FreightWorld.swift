/// What is so before any shipment is booked: places, carriers, how each was running on each day, when the loading tool was down.
///
/// All of it follows from the seed. It is small, whatever the number of shipments.
struct FreightWorld {
  /// 2023-01-01 until 2025-01-01, when the raw tables were last loaded.
  static let begin = 19_358
  static let end = 20_089
  static let now = Moment(end * 86_400)
  /// Trips that are under way when the data ends still need days to be late on.
  static let dayCount = end - begin + 60

  let seed: UInt64
  let carriers: [Carrier]
  let lanes: [Lane]
  /// Minutes of lateness that each carrier adds on each day.
  let carrierMinutes: [[Int]]
  /// Minutes of lateness that each region adds on each day.
  let regionMinutes: [[Int]]
  let loader: Loader

  init(seed: UInt64) {
    self.seed = seed
    carriers = (0..<Carrier.count).map { Carrier($0, seed: seed) }
    lanes = Lane.all(seed: seed)
    carrierMinutes = (0..<Carrier.count).map { Self.days(ofCarrier: $0, seed: seed) }
    regionMinutes = Region.allCases.map { Self.days(ofRegion: $0, seed: seed) }
    loader = Loader(seed: seed)
  }

  func minutes(ofCarrier carrier: Int, on day: Int) -> Int { carrierMinutes[carrier][Self.index(day)] }

  func minutes(ofRegion region: Region, on day: Int) -> Int { regionMinutes[region.rawValue][Self.index(day)] }

  private static func index(_ day: Int) -> Int { min(max(day - begin, 0), dayCount - 1) }

  /// A habit, a slow drift from month to month, and now and then some weeks without enough drivers.
  private static func days(ofCarrier carrier: Int, seed: UInt64) -> [Int] {
    var habit = Dice(seed, .carrier, carrier, 1)
    let usual = habit.bell(22)
    var days = (0..<dayCount).map { day in
      let (month, rest) = (day / 30, day % 30)
      return usual + (drift(carrier, month, seed) * (30 - rest) + drift(carrier, month + 1, seed) * rest) / 30
    }
    for block in 0...dayCount / 80 {
      var dice = Dice(seed, .carrierSpell, carrier, block)
      guard dice.happens(perMille: 330) else { continue }
      let first = block * 80 + dice.below(80)
      let minutes = dice.within(40...110)
      for day in first..<first + dice.within(14...45) where day < dayCount { days[day] += minutes }
    }
    return days
  }

  private static func drift(_ carrier: Int, _ month: Int, _ seed: UInt64) -> Int {
    var dice = Dice(seed, .carrierMonth, carrier, month)
    return dice.bell(18)
  }

  /// The season, and some days on which nothing moves: snow, a strike, a closed bridge.
  private static func days(ofRegion region: Region, seed: UInt64) -> [Int] {
    let byMonth = [9, 10, 4, 0, -2, -1, 1, 0, 2, 3, 7, 14]
    var days = (0..<dayCount).map { byMonth[CivilDate(day: begin + $0).month - 1] }
    for block in 0...dayCount / 12 {
      var dice = Dice(seed, .regionTrouble, region.rawValue, block)
      let isWinter = byMonth[CivilDate(day: begin + block * 12).month - 1] > 5
      guard dice.happens(perMille: isWinter ? 500 : 220) else { continue }
      let first = block * 12 + dice.below(12)
      let minutes = dice.within(35...115)
      for day in first..<first + dice.within(2...6) where day < dayCount { days[day] += minutes }
    }
    return days
  }
}

/// When rows reach the warehouse: a few minutes after each full hour, unless the tool was down for that table.
struct Loader {
  enum Table: Int, CaseIterable {
    case shipments, stops, quotes, invoices, carriers, yards, diesel
  }

  /// By table, then by hours since the world's begin less a margin: the moment at which what happened in that hour was loaded.
  private let moments: [[Moment]]
  private static let firstHour = (FreightWorld.begin - 30) * 24

  init(seed: UInt64) {
    let hours = (FreightWorld.dayCount + 60) * 24
    moments = Table.allCases.map { table in
      var moments = (0..<hours).map { hour in
        var dice = Dice(seed, .loader, table.rawValue, hour)
        return Moment((Self.firstHour + hour + 1) * 3_600 + 240 + dice.below(120))
      }
      for block in 0..<hours / 720 {
        var dice = Dice(seed, .loader, table.rawValue, -1 - block)
        guard dice.happens(perMille: 450) else { continue }
        let first = block * 720 + dice.below(640)
        let last = first + dice.within(5...44)
        for hour in first..<last { moments[hour] = moments[last] }
      }
      return moments
    }
  }

  func moment(_ table: Table, after happened: Moment) -> Moment {
    let hour = happened.second / 3_600 - Self.firstHour
    return hour < 0 ? happened + 3_600 : hour < moments[0].count ? moments[table.rawValue][hour] : happened + 3_600
  }

  /// A later load than the one before, for a correction.
  func moment(_ table: Table, after happened: Moment, butNot loaded: Moment) -> Moment {
    let found = moment(table, after: happened)
    return found > loaded ? found : moment(table, after: loaded + 3_600)
  }
}
