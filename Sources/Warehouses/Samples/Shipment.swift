/// One shipment as it really went, before any system wrote about it.
///
/// It follows from the seed and its index alone, so that a sample of 1,000 is part of the sample of 1,000,000 with the same seed.
struct Shipment {
  let index: Int
  let id: Int
  let customer: String?
  let lane: Lane
  /// Who was booked, and who drove; seldom two.
  let bookedCarrier: Int
  let carrier: Int
  let equipment: String
  let kilograms: Int
  let booked: Moment
  let pickupDue: Moment
  let deliveryDue: Moment
  let pickedUp: Moment
  let delivered: Moment
  /// Full minutes after `deliveryDue`, rounded down; negative when early.
  let minutesLate: Int
  let hasClaim: Bool
  /// When the customer called it off, if so; then it never went.
  let cancelled: Moment?

  init(_ index: Int, in world: FreightWorld, _ odds: FreightOdds) {
    var dice = Dice(world.seed, .booking, index)
    self.index = index
    id = Self.id(index)
    customer = dice.pick(customers)
    lane = world.lanes[dice.pick(cumulative: odds.lanes)]
    let hopefuls = odds.carriers[lane.origin.region.rawValue]
    bookedCarrier = dice.pick(cumulative: hopefuls)
    let other = dice.pick(cumulative: hopefuls)
    carrier = dice.happens(perMille: 40) ? other : bookedCarrier
    equipment = dice.pick(["dry van", "dry van", "dry van", "reefer", "flatbed", "mega"])
    kilograms = dice.within(50...2_450) * 10
    booked = Self.bookingMoment(&dice)
    pickupDue = (booked + dice.within(4...71) * 3_600).onTheHalfHour
    let driving = lane.kilometres * 3_600 / 65 + lane.kilometres / 600 * 36_000
    deliveryDue = (pickupDue + driving + dice.within(3...13) * 3_600).onTheHalfHour
    cancelled = dice.happens(perMille: 20) ? booked + dice.within(1...30) * 3_600 : nil

    var road = Dice(world.seed, .road, index)
    let atOrigin = world.minutes(ofRegion: lane.origin.region, on: pickupDue.day)
    pickedUp = pickupDue + (road.within(-25...45) + max(0, atOrigin) / 2) * 60
    let late = Self.minutesLate(carrier, lane, equipment, kilograms, atOrigin, deliveryDue.day, world, &road)
    delivered = max(deliveryDue + late * 60 + road.below(60), pickedUp + lane.kilometres * 3_600 / 85)
    minutesLate = (delivered.second - deliveryDue.second).flooredDivision(by: 60)
    let strain = max(0, world.minutes(ofCarrier: carrier, on: deliveryDue.day))
    hasClaim = road.happens(perMille: 12 + strain / 3 + (minutesLate > 240 ? 90 : 0))
  }

  private static func minutesLate(
    _ carrier: Int, _ lane: Lane, _ equipment: String, _ kilograms: Int, _ atOrigin: Int, _ day: Int, _ world: FreightWorld,
    _ road: inout Dice
  ) -> Int {
    var minutes = world.minutes(ofCarrier: carrier, on: day) + lane.minutes
    minutes += atOrigin / 2 + world.minutes(ofRegion: lane.destination.region, on: day)
    minutes += equipment == "reefer" ? 8 : equipment == "flatbed" ? 4 : 0
    minutes += kilograms > 20_000 ? 7 : 0
    minutes += road.bell(35) - 12
    // A breakdown, a closed border, a driver out of hours.
    if road.happens(perMille: 25) { minutes += road.within(90...420) }
    return max(minutes, -100)
  }

  /// A number as a customer's system draws it: no two alike, in no order (multiplication modulo a prime).
  private static func id(_ index: Int) -> Int { 1_000_000_000 + (index + 1) * 387_420_489 % 998_244_353 }

  /// Two years of office hours; few on weekends, most in autumn.
  private static func bookingMoment(_ dice: inout Dice) -> Moment {
    let byWeekday = [100, 96, 94, 97, 100, 22, 8]
    let byMonth = [88, 90, 96, 98, 98, 96, 86, 82, 98, 104, 110, 100]
    var day = 0
    repeat {
      day = FreightWorld.begin + dice.below(FreightWorld.end - FreightWorld.begin)
    } while dice.below(11_000) >= byWeekday[weekday(ofDay: day)] * byMonth[CivilDate(day: day).month - 1]
    return Moment(day * 86_400 + dice.within(5 * 3_600...19 * 3_600 - 1))
  }
}

/// The shares of lanes and, by region of origin, of carriers, as running sums.
struct FreightOdds {
  let lanes: [Int]
  let carriers: [[Int]]

  init(_ world: FreightWorld) {
    lanes = runningSums(world.lanes.map(\.share))
    carriers = Region.allCases.map { region in
      runningSums(world.carriers.map { $0.share * ($0.home == region ? 5 : 1) })
    }
  }
}

private func runningSums(_ numbers: [Int]) -> [Int] {
  var sum = 0
  return numbers.map {
    sum += $0
    return sum
  }
}

private let customers: [String?] = [
  "Brauhaus Grünwald", "Café Ølsen A/S", "Kovářství Dvořák", "Mąka i Sól", "Nørrebro Cykler", "Œuvres du Bois", "Papierfabrik Weiß",
  "Rosé & Fils", "Stahlwerk Ruhr", "Tulpen, Kaas & Co", "Żółw Zabawki", "Atelier \"Léon\"", "Ziegel Ost", "Fjord Fisk", "Bäckerei Ümit",
  "Sklárna Čáp", "Duża Paczka", "Hôtel-Express", "日本茶 Import", "Trà Việt", "", nil,
]

extension Moment {
  /// The next full or half hour, or this one.
  fileprivate var onTheHalfHour: Moment { Moment((second + 1_799) / 1_800 * 1_800) }
}

extension Int {
  fileprivate func flooredDivision(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
