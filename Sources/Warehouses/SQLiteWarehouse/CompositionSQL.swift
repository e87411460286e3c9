internal import Times
internal import Warehouses

/// A composition as one SELECT.
///
/// The base is `base`, the joined relations are `join_1`, `join_2`, …; every name is quoted.
struct CompositionSQL {
  private let composition: RelationComposition
  private let kind: Relation.Kind

  /// - Parameter kind: a view must mean the same to everybody, so it can use no function of ours.
  init(_ composition: RelationComposition, kind: Relation.Kind) {
    self.composition = composition
    self.kind = kind
  }

  /// The readers of times by their numbers in the SELECT.
  var readers: [TimeReader] { composition.joins.compactMap(\.moment?.reader) }

  var select: String {
    var columns = composition.columns.map { column($0, of: "base") }
    for (number, join) in composition.joins.enumerated() { columns += join.columns.map { column($0, of: alias(number)) } }
    let from = (["from \(quoted(composition.base)) as base"] + composition.joins.indices.map { "left \(join($0))" }).joined(separator: "\n")
    return "select\n  \(columns.joined(separator: ",\n  "))\n\(from)"
  }

  /// A row for each row of the base that a join finds something for.
  func partners(ofJoin number: Int) -> String { "select 1 from \(quoted(composition.base)) as base \(join(number))" }

  private func alias(_ number: Int) -> String { "join_\(number + 1)" }

  private func join(_ number: Int) -> String {
    let join = composition.joins[number]
    let reader = composition.joins[..<number].count { $0.moment != nil }
    return "join \(quoted(join.relation)) as \(alias(number)) on \(condition(join, alias(number), reader))"
  }

  private func column(_ column: RelationComposition.Column, of alias: String) -> String {
    "\(alias).\(quoted(column.source)) as \(quoted(column.name))"
  }

  /// The `+` takes the base's type affinity away: then its value is made what the joined column declares, or left as it is, and it can be
  /// equal to one joined value only. The other way round, several of those could be turned into it.
  ///
  /// Of stretches that do not overlap only the last to begin can hold a moment: it is looked up in the index, and the others are not met.
  private func condition(_ join: RelationComposition.Join, _ alias: String, _ reader: Int) -> String {
    func keys(_ alias: String) -> [String] { join.key.map { "+base.\(quoted($0.here)) collate binary = \(alias).\(quoted($0.there))" } }
    var parts = keys(alias)
    if let moment = join.moment {
      let (from, to) = (RelationComposition.validFrom, "\(alias).\(RelationComposition.validTo)")
      let time = time(moment, reader)
      let past = (keys("past") + ["past.\(from) <= \(time)"]).joined(separator: " and ")
      parts.append("\(alias).\(from) = (select max(past.\(from)) from \(quoted(join.relation)) as past where \(past))")
      parts.append("(\(to) is null or \(time) < \(to))")
    }
    return parts.isEmpty ? "true" : parts.joined(separator: " and ")
  }

  private func time(_ moment: RelationComposition.Moment, _ reader: Int) -> String {
    let column = "base.\(quoted(moment.column))"
    guard kind == .view else { return "\(TimeFunction.name)(\(reader), \(column))" }
    switch moment.reader.unit {
    case .s: return "\(column) * 1000000"
    case .ms: return "\(column) * 1000"
    case .us, nil: return column
    // SQLite divides towards zero; a time is rounded down.
    case .ns: return "(\(column) / 1000 - (\(column) % 1000 < 0))"
    }
  }
}
