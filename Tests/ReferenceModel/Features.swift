extension Model {
  /// The cells of one view in one role, for one spine row: features and, if asked for, their statuses.
  func features(_ use: Use, versions: [Version], asked row: SpineRow) throws -> [Value] {
    let view = world.view(use.view)
    let key = view.entity.map { row.key(spineKey($0, use)) } ?? []
    let isKeyless = key.contains(where: \.isNull) && mutation != .nullKeysMatch
    let t = row.t
    let serving = serving(versions, key: key, k: knowledge(at: t), t: t)
    if view.isTimeless && serving.count > 1 { throw WorldError.timelessDuplicates(view: view.name) }
    var cells: [Value] = []
    for (place, feature) in view.features.enumerated() {
      switch feature {
      case .lookUp(let lookUp):
        guard isChosen(lookUp.name, use) else { continue }
        let answer = isKeyless ? (.null, .noKey) : self.lookUp(place, view, serving, t)
        cells.append(answer.0)
        if world.set.hasStatusColumns { cells.append(.text(Text(answer.1.rawValue))) }
      case .aggregate(let aggregate):
        for column in aggregate.columns where isChosen(column.name, use) {
          cells.append(isKeyless ? .null : try self.aggregate(place, aggregate, column, serving, t))
        }
      }
    }
    return cells
  }

  /// R5, R7 and the status of a look-up.
  private func lookUp(_ feature: Int, _ view: View, _ serving: [Version], _ t: Int64) -> (Value, Status) {
    let happened = serving.filter { view.isTimeless || hasHappened($0.e!, at: t) }
    guard var winner = latest(happened) else { return (.null, .missing) }
    let k = knowledge(at: t)
    if mutation == .notKnownFallsBackToOlderRow, let other = latest(happened.filter { $0.knownFrom[feature] <= k }) {
      winner = other
    }
    if mutation == .nullFallsBackToOlderValue, let other = latest(happened.filter { !$0.values[feature][0].isNull }) {
      winner = other
    }
    if mutation == .expiredAfterNotKnown, winner.knownFrom[feature] > k { return (.null, .notKnown) }
    if isExpired(winner, view, t) {
      let younger = happened.filter { !isExpired($0, view, t) }
      guard mutation == .olderRowStepsInWhenExpired, let other = latest(happened.filter { $0.place != winner.place }) ?? younger.first
      else { return (.null, .expired) }
      winner = other
    }
    if winner.knownFrom[feature] > k { return (.null, .notKnown) }
    let value = winner.values[feature][0]
    return (value, value.isNull ? (mutation == .nullIsMissing ? .missing : .null) : .present)
  }

  private func isExpired(_ version: Version, _ view: View, _ t: Int64) -> Bool {
    guard let ttl = view.ttl?.microseconds, mutation != .ttlIgnored else { return false }
    let since = mutation == .ageCountsFromKnownTime ? version.c : version.e!
    return !isWithin(ttl, since, at: t, flipped: mutation == .ttlEdgeFlipped)
  }

  private func latest(_ versions: [Version]) -> Version? {
    versions.reduce(nil as Version?) { best, version in
      guard let best else { return version }
      return compareInTime(version, best) == .above ? version : best
    }
  }

  /// R8, R10: the rows of the window, in the order (e, c, tie), each with its operands; then the function.
  private func aggregate(
    _ feature: Int, _ aggregate: Aggregate, _ column: Aggregate.Column, _ serving: [Version], _ t: Int64
  ) throws -> Value {
    let k = knowledge(at: t)
    let inside = serving.filter { version in
      guard hasHappened(version.e!, at: t) else { return false }
      guard case .span(let span) = column.window else { return true }
      return isWithin(span.microseconds, version.e!, at: t, flipped: mutation == .windowLowerEdgeFlipped)
    }
    let isApart = reading == .ratioOperandsKnownApart && column.function == .ratio
    let counted = inside.filter { $0.passes[feature] && (isApart || $0.knownFrom[feature] <= k) }
    let rows = counted.sorted { compareInTime($0, $1) == .below }.map { version in
      WindowRow(
        e: version.e!,
        operands: version.values[feature].enumerated().map { place, value in
          isApart && version.operandsKnownFrom[feature][place] > k ? .null : value
        })
    }
    return try Fold(t: t, mutation: mutation).value(column.function, rows).cleaned
  }

  func isChosen(_ column: String, _ use: Use) -> Bool { use.features?.contains(column) ?? true }

  /// The columns of all views in use, in order.
  var featureHeader: [String] {
    world.set.uses.flatMap { use in
      world.view(use.view).features.flatMap { feature -> [String] in
        switch feature {
        case .lookUp(let lookUp):
          guard isChosen(lookUp.name, use) else { return [] }
          let name = "\(use.prefix)__\(lookUp.name)"
          return world.set.hasStatusColumns ? [name, name + "__status"] : [name]
        case .aggregate(let aggregate):
          return aggregate.columns.map(\.name).filter { isChosen($0, use) }.map { "\(use.prefix)__\($0)" }
        }
      }
    }
  }
}

enum Status: String {
  case present, null, missing, expired
  case notKnown = "not_known"
  case noKey = "no_key"
}

extension Aggregate {
  /// One function over one window.
  package struct Column {
    package var name: String
    var function: Function
    var window: Window
  }

  package var columns: [Column] {
    functions.flatMap { function in
      windows.map { window in
        let plain = "\(stem)_\(function.inName)_\(window.text)"
        return Column(
          name: named?.replacing("{window}", with: window.text) ?? plain, function: function, window: window)
      }
    }
  }
}
