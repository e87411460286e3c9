extension WorldMaker {
  mutating func addView(_ name: String, _ entity: Entity?, _ key: [String], _ module: Module) {
    var view = View(name: name, entity: entity?.name, key: key, module: module.name)
    if dice.chance(25) { view.where = dice.predicate() }
    if dice.chance(40) { view.ttl = times.span(&dice) }
    if module.period == nil, dice.chance(12) { view.eventTime = TimeColumn("other") }
    if dice.chance(12) { view.delay = times.span(&dice) }
    if module.delay == nil, view.delay == nil, dice.chance(8) { view.knownTime = TimeColumn("other") }
    view.features = (dice.chance(85) ? lookUps() : []) + aggregates()
    if dice.chance(30) { view.features.shuffle(using: &dice) }
    if view.features.isEmpty { view.features = lookUps() }
    view.features = unique(view.features)
    world.views.append(view)
  }

  mutating func lookUps() -> [Feature] {
    var features = dice.some(of: RandomColumn.allCases).prefix(4).map { column -> Feature in
      let isRenamed = dice.chance(15)
      return .lookUp(
        LookUp(name: isRenamed ? "the_\(column.rawValue)" : column.rawValue, source: column.column, type: isRenamed ? column.type : nil))
    }
    if dice.chance(40) {
      let (expression, type) = dice.expression()
      features.append(.lookUp(LookUp(name: "made", source: expression, type: type)))
    }
    return features
  }

  private mutating func aggregates() -> [Feature] {
    (0..<dice.number(0...5)).map { _ in .aggregate(aggregate()) }
  }

  private mutating func aggregate() -> Aggregate {
    let windows = dice.some(of: [
      Window.span(Span(times.stepText[0])), .span(Span(times.stepText[1])), .span(Span(times.stepText[2])), .lifetime,
    ])
    let condition = dice.chance(30) ? dice.predicate() : nil
    let column = dice.from(RandomColumn.allCases)
    switch dice.number(0...11) {
    case 0: return Aggregate(stem: "rows", functions: [.count], of: [], windows: windows, where: condition)
    case 1:
      let (above, below) = dice.from([("q", "i"), ("i", "q"), ("i", "i"), ("q", "b")])
      return Aggregate(stem: "rate", functions: [.ratio], of: [.column(above), .column(below)], windows: windows, where: condition)
    case 2:
      let p = dice.from(["0.9", "0.5", "0.25", "0.999", "0.05"])
      let column = dice.from([RandomColumn.i, .q, .r])
      return Aggregate(stem: column.rawValue, functions: [.percentile(p)], of: [column.column], windows: windows, where: condition)
    case 3:
      let (of, functions): (Expression, [Function]) = dice.from([
        (.greaterOrEqual(.column("i"), .literal(.int(2))), [.mean]),
        (.multiply(.column("i"), .literal(.int(2))), [.sum, .max]),
        (.add(.column("q"), .column("q")), [.sum, .variance]),
        (.coalesce(.column("i"), .int(0)), [.count]),
      ])
      return Aggregate(
        stem: "made", functions: functions, of: [of], windows: windows, where: condition,
        named: functions.count == 1 ? "made_of_{window}" : nil)
    case 4, 5:
      let function = dice.from([Function.first, .last, .countDistinct, .timeSinceLast])
      return Aggregate(stem: column.rawValue, functions: [function], of: [column.column], windows: windows, where: condition)
    case 6, 7:
      let column = dice.from([RandomColumn.n, .q, .r])
      return Aggregate(stem: column.rawValue, functions: [dice.from([.sum, .mean])], of: [column.column], windows: windows)
    default:
      let functions = Array(dice.some(of: column.functions).prefix(3))
      let distinct = functions.indices.filter { !functions[..<$0].contains(functions[$0]) }.map { functions[$0] }
      return Aggregate(stem: column.rawValue, functions: distinct, of: [column.column], windows: windows, where: condition)
    }
  }

  /// Without the features whose columns another one has.
  private func unique(_ features: [Feature]) -> [Feature] {
    var taken: Set<String> = []
    return features.filter { feature in
      let names = feature.names
      guard taken.isDisjoint(with: names), Set(names).count == names.count else { return false }
      taken.formUnion(names)
      return true
    }
  }
}

extension Feature {
  var names: [String] {
    switch self {
    case .lookUp(let lookUp): [lookUp.name]
    case .aggregate(let aggregate): aggregate.columns.map(\.name)
    }
  }
}
