/// The regions between which the company moves freight; all keep the same clock.
enum Region: Int, CaseIterable {
  case nordic, north, benelux, rhine, bavaria, poland, czechia, france

  var name: String { "\(self)" }
}

/// A yard where trucks are loaded and unloaded.
struct Hub {
  let name: String
  let region: Region
  let country: String
  /// Kilometres on a flat map.
  let x: Int
  let y: Int
  let share: Int

  static let all = [
    Hub(name: "Göteborg", region: .nordic, country: "SE", x: 814, y: 6_405, share: 3),
    Hub(name: "København", region: .nordic, country: "DK", x: 855, y: 6_180, share: 3),
    Hub(name: "Hamburg", region: .north, country: "DE", x: 680, y: 5_950, share: 7),
    Hub(name: "Bremen", region: .north, country: "DE", x: 597, y: 5_892, share: 3),
    Hub(name: "Rotterdam", region: .benelux, country: "NL", x: 305, y: 5_760, share: 8),
    Hub(name: "Antwerpen", region: .benelux, country: "BE", x: 299, y: 5_686, share: 6),
    Hub(name: "Köln", region: .rhine, country: "DE", x: 473, y: 5_655, share: 5),
    Hub(name: "Düsseldorf", region: .rhine, country: "DE", x: 461, y: 5_686, share: 5),
    Hub(name: "München", region: .bavaria, country: "DE", x: 787, y: 5_345, share: 5),
    Hub(name: "Nürnberg", region: .bavaria, country: "DE", x: 753, y: 5_490, share: 4),
    Hub(name: "Łódź", region: .poland, country: "PL", x: 1_324, y: 5_745, share: 4),
    Hub(name: "Wrocław", region: .poland, country: "PL", x: 1_157, y: 5_670, share: 4),
    Hub(name: "Praha", region: .czechia, country: "CZ", x: 980, y: 5_557, share: 3),
    Hub(name: "Brno", region: .czechia, country: "CZ", x: 1_129, y: 5_460, share: 2),
    Hub(name: "Lyon", region: .france, country: "FR", x: 329, y: 5_078, share: 4),
    Hub(name: "Besançon", region: .france, country: "FR", x: 409, y: 5_245, share: 2),
  ]
}

/// From one hub to another.
struct Lane {
  let origin: Hub
  let destination: Hub
  let kilometres: Int
  /// Minutes of lateness that this lane adds: a tunnel, a border, a ferry.
  let minutes: Int
  let share: Int

  static func all(seed: UInt64) -> [Lane] {
    Hub.all.indices.flatMap { from in
      Hub.all.indices.filter { $0 != from }.map { to in
        let (origin, destination) = (Hub.all[from], Hub.all[to])
        let (x, y) = (Double(origin.x - destination.x), Double(origin.y - destination.y))
        var dice = Dice(seed, .lane, from, to)
        return Lane(
          origin: origin, destination: destination, kilometres: Int((x * x + y * y).squareRoot() * 1.24) + dice.within(3...20),
          minutes: dice.bell(15), share: origin.share * destination.share)
      }
    }
  }
}

/// A trucking company.
struct Carrier {
  static let count = 60

  let id: String
  let name: String
  let country: String
  let founded: Int?
  let fleet: Int
  let home: Region
  let share: Int
  /// Its price, in percent of the market's.
  let pricePercent: Int

  init(_ index: Int, seed: UInt64) {
    var dice = Dice(seed, .carrier, index)
    id = "C" + String(1_000 + index).dropFirst()
    let region = Region.allCases[index % Region.allCases.count]
    home = region
    country = Hub.all.first { $0.region == region }?.country ?? ""
    // Most digits of a system's age: somebody once left the field empty.
    founded = dice.happens(perMille: 80) ? nil : dice.within(1921...2019)
    fleet = dice.within(4...60) * dice.within(1...9)
    share = dice.within(1...6)
    pricePercent = dice.within(88...114)
    name = Self.name(index)
  }

  private static func name(_ index: Int) -> String {
    let names = [
      "Müller", "Łukaszewski", "Sørensen", "Nováček", "Ångström", "van der Berg", "O'Connor", "Đorđević", "Çelik", "Lefèvre", "Groß",
      "Żak",
    ]
    let kinds = [
      "Spedition %", "% Transport", "Transports %", "% Logistik GmbH", "Przewozy %", "% & Søn", "%, Père et \"Fils\"", "Doprava % s.r.o.",
      "% 🚚", " % ",
    ]
    // 12 names and 10 kinds of firm meet again only after 60.
    return kinds[index % kinds.count].replacing("%", with: names[index % names.count])
  }
}
