extension World {
  /// A small nasty world: few keys, few instants, late rows, corrections, deletions, ties, nulls, borders hit exactly.
  ///
  /// Rows for which the rules leave a choice are avoided: what the model answers does not depend on any `OtherReading`.
  package static func random(seed: UInt64) -> World {
    var attempt: UInt64 = 0
    while true {
      var maker = WorldMaker(dice: Dice(seed: seed &+ attempt &* 0x5851_F42D_4C95_7F2D))
      let world = maker.world(seed: seed)
      if world.isUnambiguous { return world }
      attempt += 1
    }
  }

  private var isUnambiguous: Bool {
    guard let answer = try? Model(self).answer() else { return false }
    return OtherReading.allCases.allSatisfy { (try? Model(self, reading: $0).answer()) == answer }
  }
}

struct WorldMaker {
  var dice: Dice
  var world = World()
  var times: RandomTimes
  var keyIsText: [String: [Bool]] = [:]
  var keyPools: [String: [[Value]]] = [:]

  init(dice: Dice) {
    self.dice = dice
    let isNewYork = self.dice.chance(20)
    world.zone = isNewYork ? "America/New_York" : "UTC"
    times = RandomTimes(&self.dice, isNewYork: isNewYork)
  }

  mutating func world(seed: UInt64) -> World {
    world.seed = seed
    addEntities()
    for name in ["m1", "m2"].prefix(dice.number(1...2)) { addModule(name) }
    if dice.chance(25) { addFacts() }
    addSpine()
    finishSet()
    return world
  }

  private mutating func addEntities() {
    world.entities = [Entity(name: "thing", key: ["id"])]
    keyIsText["thing"] = [dice.chance(50)]
    keyPools["thing"] = dice.keyPool(keyIsText["thing"]!)
    guard dice.chance(50) else { return }
    world.entities.append(Entity(name: "pair", key: ["left_id", "right_id"]))
    keyIsText["pair"] = dice.from([[true, true], [true, true], [false, true], [false, false]])
    keyPools["pair"] = dice.keyPool(keyIsText["pair"]!)
  }

  private mutating func addModule(_ name: String) {
    let entity = dice.chance(12) ? nil : dice.from(world.entities)
    let isPeriodic = dice.chance(15)
    let eventForm: TimeForm = isPeriodic ? .date : dice.from(times.forms)
    let knownForm: TimeForm = dice.chance(10) ? .date : dice.from(times.forms)
    let key = moduleKey(of: entity)
    var module = Module(
      name: name,
      columns: zip(key, keyIsText[entity?.name ?? ""] ?? []).map { Column($0, $1 ? "text" : "integer") }
        + [Column("at", eventForm.declared), Column("other", "text"), Column("later", "text")]
        + RandomColumn.allCases.map { Column($0.rawValue, $0.declared, type: $0.type) })
    module.eventTime = TimeColumn("at", unit: eventForm.unit)
    if isPeriodic { module.period = dice.from([.day, .day, .week, .month]) }
    module.skipsNullTimes = dice.chance(25)
    if dice.chance(75) {
      module.columns.append(Column("seen", knownForm.declared))
      module.knownTime = TimeColumn("seen", unit: knownForm.unit)
    }
    if dice.chance(35) { module.delay = times.span(&dice) }
    if dice.chance(55) {
      module.columns.append(Column("rec", dice.chance(60) ? "integer" : "text"))
      module.recordID = "rec"
      if dice.chance(60) {
        module.columns.append(Column("gone", "integer"))
        module.deleted = "gone"
      }
    }
    if dice.chance(35) {
      let late = dice.some(of: ["i", "q", "s", "b"])
      for column in late {
        let delay = dice.chance(40) ? times.span(&dice) : nil
        module.columns[module.place(column)].knownTime = TimeColumn(dice.from(["later", "later", "other"]), delay: delay)
      }
    }
    addRows(to: &module, forms: ["at": eventForm, "seen": knownForm, "other": .utc, "later": .utc], entity)
    world.modules.append(module)
    for place in 1...dice.number(1...2) { addView("\(name)_v\(place)", entity, key, module) }
  }

  private mutating func moduleKey(of entity: Entity?) -> [String] {
    guard let entity else { return [] }
    return dice.chance(25) ? entity.key.map { "k_" + $0 } : entity.key
  }

  private mutating func addRows(to module: inout Module, forms: [String: TimeForm], _ entity: Entity?) {
    // One row of each huge integer at most, so that no sum leaves int64.
    var hugeLeft = Set(Dice.hugeIntegers.map { Value.int($0) })
    for _ in 0..<dice.from([0, 3, 8, 12, 15, 18, 20]) {
      var row = !module.rows.isEmpty && dice.chance(35) ? nearCopy(in: module, forms, entity) : freshRow(module, forms, entity)
      let n = row[module.place("n")]
      if case .int(let huge) = n, Dice.hugeIntegers.contains(huge), hugeLeft.remove(n) == nil {
        row[module.place("n")] = .int(3)
      }
      module.rows.append(row)
    }
  }

  private mutating func freshRow(_ module: Module, _ forms: [String: TimeForm], _ entity: Entity?) -> [Value] {
    let e = times.instant(&dice)
    let isGone = module.deleted != nil && dice.chance(18)
    let keyColumns = module.columns.prefix(entity?.key.count ?? 0).map(\.name)
    let key = entity.map { dice.key(keyPools[$0.name]!) } ?? []
    return module.columns.map { column in
      switch column.name {
      case "at":
        let mayBeNull = module.skipsNullTimes || isGone && module.knownTime != nil
        return mayBeNull && dice.chance(25) ? .null : times.cell(e, forms["at"]!, &dice)
      case "seen":
        return module.skipsNullTimes && dice.chance(8) ? .null : times.cell(times.later(than: e, &dice), forms["seen"]!, &dice)
      case "other": return times.cell(times.later(than: e, &dice), .utc, &dice)
      case "later": return dice.chance(20) ? .null : times.cell(times.later(than: e, &dice), .utc, &dice)
      case "rec": return column.declared == "text" ? .text(dice.from(Array(Dice.texts.prefix(4)))) : .int(Int64(dice.number(1...4)))
      case "gone": return isGone ? .int(1) : dice.chance(20) ? .null : .int(0)
      default:
        if let place = keyColumns.firstIndex(of: column.name) { return key[place] }
        return dice.value(RandomColumn(rawValue: column.name)!, times)
      }
    }
  }

  /// A row that is there, as it is or with some cells changed: ties, corrections, moves.
  private mutating func nearCopy(in module: Module, _ forms: [String: TimeForm], _ entity: Entity?) -> [Value] {
    var row = dice.from(module.rows)
    for (place, column) in module.columns.enumerated() where dice.chance(25) {
      if let value = RandomColumn(rawValue: column.name) { row[place] = dice.value(value, times) }
      if let pool = entity.map({ keyPools[$0.name]! }), place < pool[0].count { row[place] = dice.from(pool)[place] }
      if column.name == "gone" { row[place] = .int(row[module.place("at")].isNull ? 1 : Int64(dice.number(0...1))) }
      if column.name == "seen", dice.chance(60) { row[place] = times.cell(times.instant(&dice), forms["seen"]!, &dice) }
      if column.name == "at", dice.chance(40) { row[place] = times.cell(times.instant(&dice), forms["at"]!, &dice) }
    }
    if let gone = module.deleted, row[module.place("at")].isNull, !module.skipsNullTimes { row[module.place(gone)] = .int(1) }
    return row
  }

  /// A module of constants, one row a key.
  private mutating func addFacts() {
    let entity = world.entities[0]
    var module = Module(
      name: "facts",
      columns: [Column("id", keyIsText["thing"]![0] ? "text" : "integer")]
        + RandomColumn.allCases.map { Column($0.rawValue, $0.declared, type: $0.type) })
    for _ in 0..<dice.number(0...5) {
      let key = dice.key(keyPools["thing"]!)[0]
      if module.rows.contains(where: { $0[0] == key }) { continue }
      module.rows.append([key] + RandomColumn.allCases.map { dice.value($0, times) })
    }
    world.modules.append(module)
    var view = View(name: "facts", entity: entity.name, key: entity.key, module: "facts")
    view.isTimeless = true
    view.features = lookUps()
    if dice.chance(30) { view.where = dice.predicate() }
    world.views.append(view)
  }
}
