/// One row of a view's module, with all that the rules ask of it.
struct Version {
  /// Where the module has it. No rule asks.
  var place: Int
  /// Nil: a record of its own.
  var record: Value?
  var key: [Value]
  var e: Int64?
  var c: Int64
  var isDeleted: Bool
  var passesWhere: Bool
  /// When the columns that the view's `where` names are known, and the row itself.
  var servesFrom: Int64
  /// For each feature its value, the values of its `of`, or none.
  var values: [[Value]]
  /// For each feature whether its own `where` is true.
  var passes: [Bool]
  /// For each feature when the last of the columns it names is known.
  var knownFrom: [Int64]
  /// For each operand when its columns are known; only the reading `ratioOperandsKnownApart` asks.
  var operandsKnownFrom: [[Int64]]
  /// The columns' own known times, which settle what the values leave equal.
  var columnTimes: [Value]
}

extension Model {
  func versions(of view: View) throws -> [Version] {
    let module = world.module(view.module)
    return try module.rows.indices.compactMap { try version($0, of: view, in: module) }
  }

  private func version(_ place: Int, of view: View, in module: Module) throws -> Version? {
    let row = module.rows[place]
    let cell = { row[module.place($0)] }
    let isDeleted = module.deleted.map { cell($0).number ?? 0 != 0 } ?? false
    let times = try self.times(view, module, place, isDeleted: isDeleted)
    guard let times else { return nil }
    let named = view.features.map(\.expressions)
    let conditions = view.features.map(\.condition)
    let conditionColumns = mutation == .whereDoesNotPostpone ? [] : view.where?.columns ?? []
    return Version(
      place: place,
      record: module.recordID.map(cell),
      key: view.key.map { typed(cell($0), module.column($0)) },
      e: times.e, c: times.c,
      isDeleted: isDeleted && mutation != .deletionIgnored,
      passesWhere: view.where?.truth(in: cell) ?? (view.where == nil),
      servesFrom: max(times.c, knownFrom(conditionColumns, row, module)),
      values: zip(view.features, named).map { feature, expressions in
        expressions.map { value($0, feature.type, row, module) }
      },
      passes: conditions.map { $0 == nil || $0!.truth(in: cell) == true || mutation == .aggregateWhereIgnored },
      knownFrom: zip(named, conditions).map { expressions, condition in
        knownFrom(Set((expressions + (condition.map { [$0] } ?? [])).flatMap(\.columns)), row, module)
      },
      operandsKnownFrom: zip(named, conditions).map { expressions, condition in
        expressions.map { knownFrom($0.columns.union(condition?.columns ?? []), row, module) }
      },
      columnTimes: module.columns.compactMap(\.knownTime).map { form in
        clock.knownTime(cell(form.column), form).map { .time($0) } ?? .null
      })
  }

  /// R3, R11: event time and known time of one row; nil where the row says nothing.
  private func times(_ view: View, _ module: Module, _ place: Int, isDeleted: Bool) throws -> (e: Int64?, c: Int64)? {
    if view.isTimeless { return (0, 0) }
    let cell = { module.rows[place][module.place($0)] }
    let event = view.eventTime ?? module.eventTime!
    let period = mutation == .periodBegins ? nil : view.period ?? module.period
    let e = clock.eventTime(cell(event.column), event, period: period)
    var c = e
    if let known = view.knownTime ?? module.knownTime, mutation != .knownTimeIgnored {
      c =
        mutation == .knownTimeRoundsDown
        ? clock.eventTime(cell(known.column), known) : clock.knownTime(cell(known.column), known)
    }
    if !module.skipsNullTimes && (c == nil || e == nil && !isDeleted) {
      if mutation == .knownTimeIgnored { return nil }
      throw WorldError.nullTime(module: module.name, row: place)
    }
    guard let c else { return nil }
    return (e, c + (mutation == .delayIgnored ? 0 : (view.delay ?? module.delay)?.microseconds ?? 0))
  }

  /// R4: when the last of `columns` is known, as far as they have a known time of their own.
  private func knownFrom(_ columns: Set<String>, _ row: [Value], _ module: Module) -> Int64 {
    guard mutation != .columnKnownTimeIgnored else { return .min }
    return module.columns.filter { columns.contains($0.name) }.compactMap(\.knownTime).map { form in
      guard let time = clock.knownTime(row[module.place(form.column)], form) else { return never }
      return time + (mutation == .columnDelayIgnored ? 0 : form.delay?.microseconds ?? 0)
    }.max() ?? .min
  }

  private func value(_ expression: Expression, _ type: ColumnType?, _ row: [Value], _ module: Module) -> Value {
    if case .column(let name) = expression, type == nil { return typed(row[module.place(name)], module.column(name)) }
    return typed(expression.value { row[module.place($0)] }, type)
  }

  func typed(_ value: Value, _ column: Column) -> Value { typed(value, column.type ?? (column.declared == "real" ? .float64 : nil)) }

  func typed(_ value: Value, _ type: ColumnType?) -> Value {
    switch (type, value) {
    case (.boolean, .int(let bit)): .bool(bit != 0)
    case (.timestamp, .text): clock.eventTime(value, TimeColumn("")).map { .time($0) } ?? .null
    case (.float64, .int(let whole)): .real(Double(whole))
    default: mutation == .infinityStays ? value : value.cleaned
    }
  }
}

extension Feature {
  /// Whose values a row keeps for it.
  var expressions: [Expression] {
    switch self {
    case .lookUp(let lookUp): [lookUp.source]
    case .aggregate(let aggregate): aggregate.of
    }
  }

  var condition: Expression? {
    guard case .aggregate(let aggregate) = self else { return nil }
    return aggregate.where
  }

  var type: ColumnType? {
    guard case .lookUp(let lookUp) = self else { return nil }
    return lookUp.type
  }
}
