extension FreightWorld {
  /// The rows that do not depend on the number of shipments: places, carriers, yards, diesel.
  func rows() -> [RawRow] {
    var rows: [RawRow] = []
    for hub in Hub.all { rows.append(RawRow(table: .hubs, values: [.text(hub.name), .text(hub.region.name), .text(hub.country)])) }
    for lane in lanes {
      rows.append(
        RawRow(table: .lanes, values: [.text(lane.origin.name), .text(lane.destination.name), .integer(lane.kilometres)]))
    }
    for carrier in carriers.indices { carrierRows(carrier, &rows) }
    for region in Region.allCases { yardRows(region, &rows) }
    dieselRows(&rows)
    return rows
  }

  /// An entry per change of fleet or rating, some days after it.
  private func carrierRows(_ index: Int, _ rows: inout [RawRow]) {
    let carrier = carriers[index]
    var fleet = carrier.fleet
    for step in 0..<7 {
      var dice = Dice(seed, .carrierRecord, index, step)
      guard step == 0 || dice.happens(perMille: 600) else { continue }
      let day = step == 0 ? Self.begin - 20 : Self.begin + (step - 1) * 120 + dice.below(120)
      fleet = max(2, fleet * dice.within(90...115) / 100)
      let minutes = minutes(ofCarrier: index, on: day)
      let rating = dice.happens(perMille: 60) ? dice.pick(["", nil]) : minutes < 0 ? "A" : minutes < 20 ? "B" : minutes < 45 ? "C" : "D"
      let loaded = loader.moment(.carriers, after: Moment((day + dice.within(1...6)) * 86_400 + 36_000))
      func append(_ fleet: Int, _ loaded: Moment) {
        guard loaded < Self.now else { return }
        rows.append(
          RawRow(
            table: .carriers,
            values: [
              .text(carrier.id), .text(carrier.name), .text(carrier.country), .integer(carrier.founded), .integer(fleet), .text(rating),
              .text(dateText(day: day)), .text(loaded.plainText),
            ]))
      }
      if dice.happens(perMille: 80) {
        append(fleet * 10, loaded)
        append(fleet, loader.moment(.carriers, after: loaded + dice.within(20...300) * 3_600))
      } else {
        append(fleet, loaded)
      }
    }
  }

  /// Each morning the day before; some days are counted again.
  private func yardRows(_ region: Region, _ rows: inout [RawRow]) {
    for day in Self.begin..<Self.end {
      var dice = Dice(seed, .yardDay, region.rawValue, day)
      let queue = max(0, 22 + minutes(ofRegion: region, on: day) / 2 + dice.bell(7))
      let trucks = weekday(ofDay: day) > 4 ? dice.within(15...60) : dice.within(90...240)
      let published = Moment((day + 1) * 86_400 + 4 * 3_600 + dice.within(0...5_400))
      let loaded = loader.moment(.yards, after: published)
      func append(_ queue: Int, _ loaded: Moment) {
        guard loaded < Self.now else { return }
        rows.append(
          RawRow(
            table: .yardDays,
            values: [.text(region.name), .text(dateText(day: day)), .integer(trucks), .integer(queue), .text(loaded.plainText)]))
      }
      if dice.happens(perMille: 90) {
        append(max(0, queue + dice.within(-20...20)), loaded)
        append(queue, loader.moment(.yards, after: loaded + dice.within(20...60) * 3_600))
      } else {
        append(queue, loaded)
      }
    }
  }

  /// Each Tuesday the price of the week before; some are provisional.
  private func dieselRows(_ rows: inout [RawRow]) {
    var dice = Dice(seed, .dieselPrice)
    var price = 1_640
    for week in 0..<105 {
      price += dice.bell(22) + (1_600 - price) / 12
      let monday = Self.begin - 6 + week * 7
      let loaded = loader.moment(.diesel, after: Moment((monday + 8) * 86_400 + 8 * 3_600))
      func append(_ price: Int, _ loaded: Moment) {
        guard loaded < Self.now else { return }
        rows.append(
          RawRow(table: .dieselPrices, values: [.text(dateText(day: monday)), .real(Double(price) / 1_000), .text(loaded.plainText)]))
      }
      let provisional = price + dice.within(-15...15)
      if dice.happens(perMille: 150) { append(provisional, loaded) }
      append(price, loader.moment(.diesel, after: loaded + 2 * 86_400))
    }
  }
}
