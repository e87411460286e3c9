extension WorldMaker {
  mutating func addSpine() {
    let asOfForm = dice.from(times.forms + [.date])
    let isRenamed = dice.chance(20)
    var spine = Module(name: "spine", columns: [])
    for entity in world.entities {
      let key = isRenamed ? entity.key.map { "my_" + $0 } : entity.key
      if isRenamed { world.set.entities[entity.name] = key }
      spine.columns += zip(key, keyIsText[entity.name]!).map { Column($0, $1 ? "text" : "integer") }
    }
    spine.columns += [
      Column("other_id", keyIsText["thing"]![0] ? "text" : "integer"), Column("row_id", "integer"),
      Column("asked_at", asOfForm.declared), Column("i", "integer"), Column("q", "real"), Column("s", "text"),
      Column("b", "integer", type: .boolean), Column("l1", "integer"), Column("l2", "real"), Column("l_at", "text"),
      Column("m_at", "integer"),
    ]
    world.set.asOf = TimeColumn("asked_at", unit: asOfForm.unit, at: asOfForm == .date ? "06:00" : nil)
    for number in 1...dice.from([1, 3, 5, 8, 10]) {
      if let last = spine.rows.last, dice.chance(15) { spine.rows.append(last) }
      let t = times.decision(&dice)
      let keys = world.entities.flatMap { dice.key(keyPools[$0.name]!) } + dice.key(keyPools["thing"]!)
      spine.rows.append(
        spine.columns.enumerated().map { place, column in
          if place < keys.count { return keys[place] }
          switch column.name {
          case "row_id": return .int(Int64(number))
          case "asked_at": return times.cell(t, asOfForm, &dice)
          case "l1": return dice.value(.i, times)
          case "l2": return dice.value(.q, times)
          case "l_at": return dice.chance(20) ? .null : times.cell(times.later(than: t, &dice), .utc, &dice)
          case "m_at": return dice.chance(20) ? .null : times.cell(times.later(than: t, &dice), .microseconds, &dice)
          default: return dice.value(RandomColumn(rawValue: column.name)!, times)
          }
        })
    }
    if dice.chance(50) { spine.rows.shuffle(using: &dice) }
    addLabels(to: &spine)
    world.modules.append(spine)
  }

  private mutating func addLabels(to spine: inout Module) {
    let delay = dice.chance(30) ? times.span(&dice) : nil
    if dice.chance(55) {
      let form = dice.chance(80) ? TimeColumn("l_at", delay: delay) : nil
      if dice.chance(40) {
        spine.columns[spine.place("l1")].knownTime = form
        world.set.labels.append(Label(name: "l1"))
      } else {
        world.set.labels.append(Label(name: "l1", knownTime: form))
      }
    }
    if dice.chance(25) { world.set.labels.append(Label(name: "l2", knownTime: TimeColumn("m_at", unit: .us, delay: delay))) }
  }

  mutating func finishSet() {
    addUses()
    world.set.isOpen = dice.chance(35)
    world.set.asRevised = dice.chance(25)
    world.set.hasStatusColumns = dice.chance(60)
    if dice.chance(25) { world.set.knownBy = times.instant(&dice) }
    if dice.chance(20) { world.set.where = dice.predicate(depth: 1) }
    let (from, until) = (times.instant(&dice), times.instant(&dice))
    if dice.chance(15) { world.set.from = utcText(from) }
    if dice.chance(15), world.set.from == nil || from < until { world.set.until = utcText(until) }
    if dice.chance(50) { world.set.keep.append("row_id") }
    if dice.chance(20) { world.set.keep.append("b") }
    if dice.chance(15) { world.set.keep.append("asked_at") }
    if dice.chance(40) { world.set.inputs.append("s") }
    if dice.chance(20) { world.set.inputs.append("q") }
    let listed = world.set.keep + world.set.inputs
    if dice.chance(60), !listed.isEmpty { world.set.orderBy = dice.some(of: listed) }
    if dice.chance(45) { world.set.split = split() }
  }

  private mutating func addUses() {
    var views = world.views
    if views.count > 1, dice.chance(30) { views.remove(at: dice.number(0...views.count - 1)) }
    let places = world.entities.map(\.name)
    views.sort { (places.firstIndex(of: $0.entity ?? "") ?? 9) < (places.firstIndex(of: $1.entity ?? "") ?? 9) }
    world.set.uses = views.map { Use(view: $0.name) }
    for place in world.set.uses.indices where dice.chance(15) {
      world.set.uses[place].alias = "role\(place)"
      let names = views[place].features.flatMap(\.names)
      if dice.chance(50) { world.set.uses[place].features = dice.some(of: names) }
    }
    if let view = views.first(where: { $0.entity == "thing" }), dice.chance(20) {
      var use = Use(view: view.name, alias: "other")
      use.entities = ["thing": ["other_id"]]
      world.set.uses.append(use)
      world.set.keep.append("other_id")
    }
  }

  private mutating func split() -> Split {
    let embargo = dice.chance(50) ? times.span(&dice) : nil
    if dice.chance(50) {
      let day = dice.number(1...3)
      return Split(
        validation: dice.chance(75) ? .date(times.date(day)) : nil, test: .date(times.date(day + dice.number(1...2))), embargo: embargo)
    }
    let (validation, test) = (times.span(&dice), times.span(&dice))
    return Split(validation: dice.chance(75) ? .span(validation) : nil, test: .span(test), embargo: embargo)
  }
}
