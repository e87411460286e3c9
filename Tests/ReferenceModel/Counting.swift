extension Model {
  /// R4: of each record the version that counts when `k` is known, and then: is it deleted, does it serve, whose is it.
  func serving(_ versions: [Version], key: [Value], k: Int64, t: Int64) -> [Version] {
    var eligible = versions
    if mutation == .whereBeforeVersions { eligible.removeAll { !$0.passesWhere && !$0.isDeleted } }
    if mutation == .keysBeforeVersions { eligible.removeAll { !isSameKey($0.key, key) && !$0.isDeleted } }
    if mutation == .eventTimeBeforeVersions { eligible.removeAll { $0.e.map { !hasHappened($0, at: t) } ?? false } }
    return records(eligible).compactMap { version(of: $0, k: k) }
      .filter { !$0.isDeleted && $0.passesWhere && $0.e != nil && $0.servesFrom <= k }
      .filter { isSameKey($0.key, key) }
  }

  private func records(_ versions: [Version]) -> [[Version]] {
    var records: [[Version]] = []
    for version in versions {
      guard let id = version.record, mutation != .versionsNotResolved else {
        records.append([version])
        continue
      }
      if let place = records.firstIndex(where: { $0[0].record == id }) {
        records[place].append(version)
      } else {
        records.append([version])
      }
    }
    return records
  }

  /// The greatest c ≤ k; at equal c the deletion, then the greater e, then R6.
  private func version(of record: [Version], k: Int64) -> Version? {
    let known = record.filter { mutation == .knowledgeExclusive ? $0.c < k : $0.c <= k }
    if mutation == .deletedIdStaysDeleted, known.contains(where: \.isDeleted) { return nil }
    return known.reduce(nil as Version?) { best, version in
      guard let best else { return version }
      return isLater(version, than: best) ? version : best
    }
  }

  private func isLater(_ a: Version, than b: Version) -> Bool {
    if a.c != b.c { return a.c > b.c }
    if a.isDeleted != b.isDeleted { return a.isDeleted != (mutation == .deletionLosesTies) }
    if a.e != b.e {
      let ofNull = reading == .nullEventTimeIsLater ? Int64.max : Int64.min
      return (a.e ?? ofNull) > (b.e ?? ofNull)
    }
    return tie(a, b) == .above
  }

  /// R5, R6: the order in which rows of one key come.
  func compareInTime(_ a: Version, _ b: Version) -> Order {
    let times = mutation == .latestKnownWins ? [order(a.c, b.c), order(a.e!, b.e!)] : [order(a.e!, b.e!), order(a.c, b.c)]
    return times.first { $0 != .equal } ?? tie(a, b)
  }

  /// R6: equal key, e and c: the feature values in definition order, null lowest.
  private func tie(_ a: Version, _ b: Version) -> Order {
    if mutation == .tiesByInsertionOrder { return order(a.place, b.place) }
    let byValues = compare(tieValues(a), tieValues(b))
    if byValues != .equal { return mutation == .tiesByLeastValues ? byValues.reversed : byValues }
    return reading == .tiesLeftToInput ? order(a.place, b.place) : compare(a.columnTimes, b.columnTimes)
  }

  private func tieValues(_ version: Version) -> [Value] {
    version.values.indices.flatMap { feature in
      let isLeftOut = reading == .tieValuesAreFiltered && !version.passes[feature]
      return isLeftOut ? version.values[feature].map { _ in .null } : version.values[feature]
    }
  }

  /// R2: tuples of typed values, text by bytes; a null matches nothing.
  func isSameKey(_ a: [Value], _ b: [Value]) -> Bool {
    if mutation == .nullKeysMatch { return a == b }
    if a.contains(where: \.isNull) || b.contains(where: \.isNull) { return false }
    if mutation == .keysJoinedAsText { return a.map(csvCell).joined() == b.map(csvCell).joined() }
    return zip(a, b).allSatisfy { isSamePart($0, $1) }
  }

  private func isSamePart(_ a: Value, _ b: Value) -> Bool {
    guard case (.text(let x), .text(let y)) = (a, b) else { return a == b }
    if mutation == .textIgnoresCase { return x.string.lowercased() == y.string.lowercased() }
    if mutation == .textNormalized { return x.string == y.string }
    return x == y
  }
}

extension Order {
  var reversed: Order {
    switch self {
    case .below: .above
    case .equal: .equal
    case .above: .below
    }
  }
}
