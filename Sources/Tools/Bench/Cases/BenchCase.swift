/// A question about speed: what ours runs, what rivals run, how their answers are compared. A new one is a new value in ``CaseSet``.
struct BenchCase: Hashable, Sendable {
  enum Comparison: Hashable, Sendable {
    /// Cell by cell, ours with each rival's, once after the runs.
    case cells
    /// The same, of the rows that a rival has; how many there are stands in the results.
    case cellsOfRowsThatAreThere
    /// By the digest of the snapshot that each of ours says it has made.
    case snapshots
    /// Not here: why that is enough.
    case elsewhere(String)
  }

  /// A short name, for `--only` and for the table of results.
  let name: String
  let title: String
  /// What the rivals' scripts are to do.
  let job: String
  /// Ours first: the ratios are taken from it.
  let contenders: [Contender]
  var comparison: Comparison = .cells

  /// Whether there must be a store that has all rows but the newest.
  var needsStoreThatIsBehind: Bool { contenders.contains { if case .gangway(_, let held) = $0.runner { held.isBehind } else { false } } }
}
