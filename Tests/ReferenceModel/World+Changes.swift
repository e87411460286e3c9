// Worlds made from worlds, for properties: what may change without changing the answer.

extension World {
  package func withRowsShuffled(seed: UInt64) -> World {
    var (world, dice) = (self, Dice(seed: seed))
    for place in world.modules.indices { world.modules[place].rows.shuffle(using: &dice) }
    return world
  }

  /// The same spine row by row in two worlds.
  package var spineHalves: [World] {
    let place = modules.firstIndex { $0.name == set.module }!
    return [0, 1].map { half in
      var world = self
      world.modules[place].rows = modules[place].rows.enumerated().filter { $0.offset % 2 == half }.map(\.element)
      return world
    }
  }

  /// With new rows, versions and deletions that happen and become known long after every decision; nil where knowledge is not asked.
  package func withRowsFromTheFuture(seed: UInt64) -> World? {
    guard !set.asRevised else { return nil }
    var (world, dice) = (self, Dice(seed: seed))
    for place in modules.indices where modules[place].eventTime != nil && modules[place].name != set.module {
      world.modules[place].rows += modules[place].rows.filter { _ in dice.chance(50) }.map { row in
        let times = timeColumns(of: modules[place])
        return row.enumerated().map { column, value in
          if let form = times[modules[place].columns[column].name] { return value.shifted(form, weeks: 100) }
          return modules[place].columns[column].name == modules[place].deleted && dice.chance(30) ? .int(1) : value
        }
      }.filter { row in hasAllTimes(row, modules[place]) }
    }
    return world
  }

  private func hasAllTimes(_ row: [Value], _ module: Module) -> Bool {
    [module.eventTime, module.knownTime].allSatisfy { $0 == nil || !row[module.place($0!.column)].isNull }
  }

  /// All times later by whole weeks; nil where months would not shift along.
  package func shifted(weeks: Int64) -> World? {
    guard !modules.contains(where: { $0.period == .month }) else { return nil }
    var world = self
    for place in modules.indices {
      let times = timeColumns(of: modules[place])
      world.modules[place].rows = modules[place].rows.map { row in
        zip(modules[place].columns, row).map { column, value in times[column.name].map { value.shifted($0, weeks: weeks) } ?? value }
      }
    }
    world.set.from = set.from.map { later($0, weeks) }
    world.set.until = set.until.map { later($0, weeks) }
    world.set.knownBy = set.knownBy.map { $0 + weeks * 604_800_000_000 }
    if let split = set.split {
      world.set.split = Split(
        validation: split.validation.map { $0.shifted(weeks) }, test: split.test.shifted(weeks), embargo: split.embargo)
    }
    return world
  }

  /// Every cell that is a timestamp, later by whole weeks.
  package static func shiftTimes(in csv: String, weeks: Int64) -> String {
    csv.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/) { later(String($0.output), weeks) }
  }

  private func timeColumns(of module: Module) -> [String: TimeColumn] {
    var forms = [module.eventTime, module.knownTime] + module.columns.map(\.knownTime)
    forms += views.filter { $0.module == module.name }.flatMap { [$0.eventTime, $0.knownTime] }
    if module.name == set.module { forms += [set.asOf] + set.labels.map(\.knownTime) }
    forms += module.columns.filter { $0.type == .timestamp }.map { TimeColumn($0.name) }
    return Dictionary(forms.compactMap { $0 }.map { ($0.column, $0) }) { first, _ in first }
  }
}

extension Value {
  fileprivate func shifted(_ form: TimeColumn, weeks: Int64) -> Value {
    switch self {
    case .text(let text): .text(Text(later(text.string, weeks)))
    case .int(let count): .int(count + weeks * 604_800 * form.unit!.perSecond)
    default: self
    }
  }
}

extension TimeUnit {
  fileprivate var perSecond: Int64 {
    switch self {
    case .s: 1
    case .ms: 1000
    case .us: 1_000_000
    case .ns: 1_000_000_000
    }
  }
}

extension Split.Border {
  fileprivate func shifted(_ weeks: Int64) -> Split.Border {
    guard case .date(let date) = self else { return self }
    return .date(later(date, weeks))
  }
}

/// The date in front moves, the rest stays as it is written.
private func later(_ text: String, _ weeks: Int64) -> String {
  let day = Clock(zone: "UTC").midnight(String(text.prefix(10)))
  return String(utcText(day + weeks * 604_800_000_000).prefix(10) + text.dropFirst(10))
}
