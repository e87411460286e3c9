/// What the company's systems wrote about one shipment, and the loading tool copied: late, corrected, deleted, twice.
///
/// The tool adds a row for each change that a clerk makes. What comes later by itself (`delivered_at`, `claim`, `outcome`,
/// `settled_eur`) it fills into the rows that are there. What was not loaded by the end of the data is not in them.
struct FreightRows {
  let world: FreightWorld
  let shipment: Shipment

  func write(to rows: inout [RawRow]) {
    shipmentRows(&rows)
    quoteRows(&rows)
    guard shipment.cancelled == nil else { return }
    stopRows(&rows)
    invoiceRows(&rows)
  }

  // MARK: - Shipments

  private func shipmentRows(_ rows: inout [RawRow]) {
    var dice = Dice(world.seed, .shipmentRows, shipment.index)
    let first = world.loader.moment(.shipments, after: shipment.booked)
    let clumsy = dice.below(1_000)
    // At first some weights are missing, and some are in pounds.
    let weight = clumsy < 20 ? nil : clumsy < 30 ? shipment.kilograms * 2_205 / 1_000 : shipment.kilograms
    let claimTime = shipment.delivered + 14 * 86_400
    var row = ShipmentRow(
      shipment: shipment, carrier: world.carriers[shipment.bookedCarrier].id, weight: weight,
      status: status(&dice), equipment: spelling(of: shipment.equipment, &dice),
      delivered: isKnown(.shipments, shipment.delivered) && shipment.cancelled == nil ? shipment.delivered : nil,
      claim: isKnown(.shipments, claimTime) && shipment.cancelled == nil ? shipment.hasClaim : nil, loaded: first)
    append(row.values, .shipments, first, &rows, twice: dice.happens(perMille: 8))

    if clumsy < 30 || clumsy >= 930 || shipment.carrier != shipment.bookedCarrier {
      // Somebody looked at it again before the truck was due.
      let seen = shipment.booked + dice.within(1...max(1, (shipment.pickupDue.second - shipment.booked.second) / 3_600 - 1)) * 3_600
      row.weight = clumsy < 30 ? shipment.kilograms : shipment.kilograms + dice.within(-20...20) * 10
      row.carrier = world.carriers[shipment.carrier].id
      row.loaded = world.loader.moment(.shipments, after: seen, butNot: row.loaded)
      append(row.values, .shipments, row.loaded, &rows)
    }
    if let cancelled = shipment.cancelled {
      row.isDeleted = true
      row.loaded = world.loader.moment(.shipments, after: cancelled, butNot: row.loaded)
      append(row.values, .shipments, row.loaded, &rows)
    }
  }

  private func status(_ dice: inout Dice) -> String {
    if shipment.cancelled != nil { return "cancelled" }
    guard isKnown(.shipments, shipment.delivered) else { return "booked" }
    return dice.pick(["delivered", "delivered", "delivered", "Delivered", "DELIVERED ", ""])
  }

  private func spelling(of equipment: String, _ dice: inout Dice) -> String? {
    switch dice.below(50) {
    case 0: equipment.uppercased()
    case 1: equipment.replacing(" ", with: "_")
    case 2: ""
    default: equipment
    }
  }

  // MARK: - Stops

  private func stopRows(_ rows: inout [RawRow]) {
    var dice = Dice(world.seed, .stopRows, shipment.index)
    let (origin, destination) = (shipment.lane.origin, shipment.lane.destination)
    let pickupLate = (shipment.pickedUp.second - shipment.pickupDue.second) / 60
    stop(0, "pickup", origin, shipment.pickedUp, pickupLate, &dice, &rows)
    stop(1, "delivery", destination, shipment.delivered, shipment.minutesLate, &dice, &rows)
    if dice.happens(perMille: 5) {
      // Another truck's paper, booked on this shipment by mistake, and taken back.
      let seen = shipment.delivered + dice.within(-40...40) * 3_600
      var row = StopRow(
        id: shipment.id * 4 + 3, shipment: shipment.id, kind: "delivery", hub: destination.name, carrier: dice.pick(world.carriers).id,
        arrived: seen, minutesLate: dice.within(200...900), dwell: nil, status: "done", loaded: world.loader.moment(.stops, after: seen))
      append(row.values, .stops, row.loaded, &rows)
      row.isDeleted = true
      row.loaded = world.loader.moment(.stops, after: row.loaded + dice.within(20...140) * 3_600)
      append(row.values, .stops, row.loaded, &rows)
    }
  }

  private func stop(
    _ number: Int, _ kind: String, _ hub: Hub, _ arrived: Moment, _ minutesLate: Int, _ dice: inout Dice, _ rows: inout [RawRow]
  ) {
    let queue = max(0, world.minutes(ofRegion: hub.region, on: arrived.day))
    let dwell = max(8, 45 + queue / 2 + dice.bell(20))
    let left = arrived + dwell * 60
    // Paper instead of a scan: it is typed in days later.
    let seen = dice.happens(perMille: 30) ? left + dice.within(20...210) * 3_600 : left
    var row = StopRow(
      id: shipment.id * 4 + number, shipment: shipment.id, kind: kind, hub: hub.name, carrier: world.carriers[shipment.carrier].id,
      arrived: arrived, minutesLate: minutesLate, dwell: dice.happens(perMille: 30) ? nil : dwell,
      status: dice.pick(["done", "done", "done", "Done", ""]), loaded: world.loader.moment(.stops, after: seen))
    if dice.happens(perMille: 40) {
      // The gate noted a wrong time, and mended it.
      let error = dice.within(-90...120)
      let right = row
      row.arrived = arrived + error * 60
      row.minutesLate += error
      row.loaded = world.loader.moment(.stops, after: max(seen, row.arrived))
      append(row.values, .stops, row.loaded, &rows)
      let mended = world.loader.moment(.stops, after: seen + dice.within(10...140) * 3_600, butNot: row.loaded)
      row = right
      row.loaded = mended
    }
    append(row.values, .stops, row.loaded, &rows, twice: dice.happens(perMille: 10))
  }

  // MARK: - Quotes

  /// One to four carriers name a price before the booking; who was asked once more than needed simply loses.
  private func quoteRows(_ rows: inout [RawRow]) {
    var dice = Dice(world.seed, .quotes, shipment.index)
    let count = dice.within(1...4)
    let winner = dice.below(count)
    for number in 0..<count {
      let carrier = number == winner ? world.carriers[shipment.bookedCarrier] : dice.pick(world.carriers)
      let quoted = shipment.booked + -dice.within(1...47) * 3_600 + dice.within(0...3_599)
      let market = 9_000 + shipment.lane.kilometres * dice.within(98...139)
      let cents = market * carrier.pricePercent * (number == winner ? 96 : 100) / 10_000
      let outcome = number == winner ? "won" : dice.pick(["lost", "lost", "Lost", ""])
      let loaded = world.loader.moment(.quotes, after: quoted)
      append(
        [
          .integer(shipment.id * 8 + number), .integer(shipment.id), .text(carrier.id), .euros(cents), .integer(quoted.second),
          .text(outcome), .integer(shipment.booked.second), .integer(loaded.second),
        ], .quotes, loaded, &rows, twice: dice.happens(perMille: 6))
    }
  }

  // MARK: - Invoices

  private func invoiceRows(_ rows: inout [RawRow]) {
    var dice = Dice(world.seed, .invoice, shipment.index)
    // Most come within weeks, some after months.
    let days = dice.happens(perMille: 80) ? dice.within(30...150) : dice.within(2...20)
    let billed = shipment.delivered + days * 86_400
    let percent = world.carriers[shipment.carrier].pricePercent
    let agreed = (9_000 + shipment.lane.kilometres * dice.within(98...139)) * percent / 100
    let strain = max(0, world.minutes(ofCarrier: shipment.carrier, on: shipment.delivered.day))
    let settled = billed + dice.within(10...55) * 86_400
    let isDisputed = dice.happens(perMille: 40 + strain * 2)
    let paid = isDisputed ? agreed * dice.within(70...95) / 100 : agreed
    let isSettled = isKnown(.invoices, settled)
    var row = InvoiceRow(
      shipment: shipment.id, carrier: world.carriers[shipment.carrier].id, billed: billed, cents: agreed,
      settled: isSettled ? (paid, settled) : nil, loaded: world.loader.moment(.invoices, after: billed + 6 * 3_600))
    let isWrong = dice.happens(perMille: 60)
    if isWrong {
      row.cents = agreed * dice.pick([90, 103, 110, 125, 200]) / 100
      append(row.values, .invoices, row.loaded, &rows)
      row.cents = agreed
      row.loaded = world.loader.moment(.invoices, after: row.loaded + dice.within(1...30) * 86_400)
    }
    append(row.values, .invoices, row.loaded, &rows, twice: dice.happens(perMille: 10))
    if dice.happens(perMille: 15) {
      row.isDeleted = true
      row.loaded = world.loader.moment(.invoices, after: row.loaded + dice.within(1...40) * 86_400)
      append(row.values, .invoices, row.loaded, &rows)
    }
  }

  // MARK: - Loading

  private func isKnown(_ table: Loader.Table, _ happened: Moment) -> Bool {
    world.loader.moment(table, after: happened) < FreightWorld.now
  }

  private func append(_ values: [RawValue], _ table: RawTable, _ loaded: Moment, _ rows: inout [RawRow], twice: Bool = false) {
    guard loaded < FreightWorld.now else { return }
    let row = RawRow(table: table, values: values)
    rows.append(row)
    if twice { rows.append(row) }
  }
}

private struct ShipmentRow {
  let shipment: Shipment
  var carrier: String
  var weight: Int?
  let status: String
  let equipment: String?
  let delivered: Moment?
  let claim: Bool?
  var loaded: Moment
  var isDeleted = false

  var values: [RawValue] {
    [
      .integer(shipment.id), .text(shipment.customer), .text(carrier), .text(shipment.lane.origin.name),
      .text(shipment.lane.destination.name), .text(equipment), weight.map { .real(Double($0)) } ?? .null, .text(shipment.booked.utcText),
      .text(shipment.pickupDue.utcText), .text(shipment.deliveryDue.utcText), .text(status), .text(delivered?.utcText),
      .integer(claim.map { $0 ? 1 : 0 }), .text(loaded.plainText), .integer(isDeleted ? 1 : 0),
    ]
  }
}

private struct StopRow {
  let id: Int
  let shipment: Int
  let kind: String
  let hub: String
  let carrier: String
  var arrived: Moment
  var minutesLate: Int
  let dwell: Int?
  let status: String
  var loaded: Moment
  var isDeleted = false

  var values: [RawValue] {
    [
      .integer(id), .integer(shipment), .text(kind), .text(hub), .text(carrier), .text(arrived.wallText), .integer(minutesLate),
      .integer(dwell), .text(status), .text(loaded.plainText), .integer(isDeleted ? 1 : 0),
    ]
  }
}

private struct InvoiceRow {
  let shipment: Int
  let carrier: String
  let billed: Moment
  var cents: Int
  let settled: (cents: Int, at: Moment)?
  var loaded: Moment
  var isDeleted = false

  var values: [RawValue] {
    [
      .text("R-\(shipment)"), .integer(shipment), .text(carrier), .text(billed.wallDateText), .euros(cents), .euros(settled?.cents),
      .text(settled?.at.wallDateText), .text(loaded.plainText), .integer(isDeleted ? 1 : 0),
    ]
  }
}
