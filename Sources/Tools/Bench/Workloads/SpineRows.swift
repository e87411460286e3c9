/// The rows asked about: any carrier, any second of the year's last nine months.
struct SpineRows {
  struct Row: Equatable {
    let shipment: Int
    let carrier: Int
    /// Seconds since 1970.
    let eventTime: Int
    let label: Int
  }

  private let count: Int
  private let entities: Int
  private var draws: Draws
  private var shipment = 0

  init(count: Int, entities: Int, seed: UInt64) {
    self.count = count
    self.entities = entities
    draws = Draws(seed: seed, stream: 0)
  }

  mutating func next() -> Row? {
    if shipment == count { return nil }
    defer { shipment += 1 }
    let quarter = Year.seconds / 4
    return Row(
      shipment: shipment, carrier: draws.below(entities),
      eventTime: Year.start + quarter + draws.below(Year.seconds - quarter), label: draws.below(5) == 0 ? 1 : 0)
  }
}
