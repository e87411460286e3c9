import Columns
import Definitions
import Diagnostics
import Outputs
import Snapshots

/// Two versions of a model beside each other, or a model and what became of it in production.
public struct Comparison: Sendable {
  public let output: String
  public let first: String
  public let second: String
  /// Entities that only the first has scored, only the second, both.
  public let onlyFirst: Int
  public let onlySecond: Int
  public let both: Int
  /// A line a column: how many pairs of values are equal, their means and differences, how far their distributions have drifted apart.
  public let columns: [[Fact]]
}

extension Workspace {
  /// Compares the newest predictions of two versions, entity by entity.
  ///
  /// - Parameters:
  ///   - versions: two, or one to be compared with the newest other; none: the two that were registered last.
  public func compare(_ name: String, _ versions: [String] = []) throws(GangwayError) -> Comparison {
    try GangwayError.catching {
      let output = try find(name, "output", in: project.outputs) { $0.name.value }
      let store = try store()
      let lock = try store.lock(.reader, for: "compare \(name)")
      defer { withExtendedLifetime(lock) {} }
      let record = try store.outputRecord(name)
      let (first, second) = try sides(versions, of: record)
      let rows = try OutputRows(output, record, tables: try tables(of: record, store))
      let (newest, others) = (rows.newestRows(of: first), rows.newestRows(of: second))
      let shared = newest.keys.filter { others[$0] != nil }.sorted()
      let pairs = shared.compactMap { entity in newest[entity].flatMap { a in others[entity].map { (first: a, second: $0) } } }
      let (firstRows, secondRows) = (newest.values.sorted(), others.values.sorted())
      let columns = output.columns.enumerated().map { place, column -> [Fact] in
        let drift = Drift(rows.columns[output.key.count + place], rows: pairs, firstRows: firstRows, secondRows: secondRows)
        return [
          Fact("column", column.name.value), Fact("pairs", drift.pairs),
          Fact("equal", drift.pairs == 0 ? .none : .share(Double(drift.equal) / Double(drift.pairs))),
          Fact("first_mean", drift.meanFirst), Fact("second_mean", drift.meanSecond),
          Fact("difference", drift.meanDifference), Fact("abs_difference", drift.meanAbsoluteDifference),
          Fact("psi", drift.stabilityIndex),
        ]
      }
      return Comparison(
        output: name, first: first, second: second, onlyFirst: newest.count - shared.count, onlySecond: others.count - shared.count,
        both: shared.count, columns: columns)
    }
  }

  private func sides(_ versions: [String], of record: OutputRecord) throws(Diagnostics) -> (String, String) {
    let known = record.versions.map(\.name)
    for version in versions where !known.contains(version) {
      throw Diagnostics([.unknownVersion(version, of: record)])
    }
    var seen = Set<String>()
    let recent = record.current.reversed().map(\.version).filter { seen.insert($0).inserted && !versions.contains($0) }
    let chosen = versions.isEmpty ? Array(recent.prefix(2).reversed()) : versions.count == 1 ? versions + recent.prefix(1) : versions
    guard chosen.count == 2, chosen[0] != chosen[1] else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "output \"\(record.output)\" has predictions of \(chosen.count == 1 ? "one model version" : "no model version") only",
          rule: "nothing-to-compare", hint: "register those of another version first")
      ])
    }
    return (chosen[0], chosen[1])
  }
}

extension OutputRows {
  /// Of each entity that a version has scored the row predicted last, of those that were not withdrawn.
  fileprivate func newestRows(of version: String) -> [Int32: Int] {
    guard let number = record.versions.firstIndex(where: { $0.name == version }) else { return [:] }
    var newest: [Int32: Int] = [:]
    for row in 0..<rowCount where Int(registered.versions[row]) == number && registered.endedAt[row] == .max {
      let entity = registered.entities[row]
      guard let known = newest[entity],
        (registered.predictedAt[known], registered.knownAt[known]) > (registered.predictedAt[row], registered.knownAt[row])
      else {
        newest[entity] = row
        continue
      }
    }
    return newest
  }
}
