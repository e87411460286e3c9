/// Which cases are run, on which workloads.
struct CaseSet: Sendable {
  struct Part: Sendable {
    let workload: Workload
    let cases: [BenchCase]
  }

  /// The results' file name.
  let name: String
  let parts: [Part]

  /// A minute or two, with DuckDB and Polars.
  static func quick(seed: UInt64) -> CaseSet {
    CaseSet(
      name: "quick",
      parts: [
        Part(
          workload: .freight(historyRows: 1_000_000, spineRows: 200_000, seed: seed),
          cases: [BenchCase.materialize, .lookups, .lookupsGzip, .lookupsPlain, .fromSQLite, .bitemporal, .windows, .append].map {
            $0.only([.duckdb, .polars])
          })
      ])
  }

  /// What `docs/benchmarks` shows.
  static func standard(seed: UInt64) -> CaseSet {
    CaseSet(
      name: "standard",
      parts: [
        Part(workload: .freight(historyRows: 100_000, spineRows: 20_000, seed: seed), cases: [.feast]),
        Part(workload: .freight(historyRows: 1_000_000, spineRows: 1_000_000, seed: seed), cases: freight),
        Part(workload: .freight(historyRows: 10_000_000, spineRows: 1_000_000, seed: seed), cases: freight),
        Part(workload: .wide(seed: seed), cases: [.wide]),
      ])
  }

  /// 100 million rows: hours for most tools, so ours and DuckDB.
  static func large(seed: UInt64) -> CaseSet {
    CaseSet(
      name: "large",
      parts: [
        Part(
          workload: .freight(historyRows: 100_000_000, spineRows: 1_000_000, seed: seed),
          cases: [BenchCase.materialize, .lookups, .fromSQLite, .bitemporal, .windows].map { $0.only([.duckdb, .duckdbOnSQLite]) })
      ])
  }

  /// All cases, on a freight workload of any size.
  static func custom(_ workload: Workload) -> CaseSet {
    CaseSet(name: "custom", parts: [Part(workload: workload, cases: freight)])
  }

  /// - Parameter names: of cases; empty: all.
  func only(_ names: [String]) -> CaseSet {
    if names.isEmpty { return self }
    let parts = parts.map { part in Part(workload: part.workload, cases: part.cases.filter { names.contains($0.name) }) }
    return CaseSet(name: name, parts: parts.filter { !$0.cases.isEmpty })
  }

  /// - Parameter names: of rivals, on Parquet and on SQLite; empty: all.
  func against(_ names: [String]) -> CaseSet {
    if names.isEmpty { return self }
    let rivals = Set([Rival.duckdb, .duckdbOnSQLite, .polars, .pandas, .feast].filter { names.contains($0.name.lowercased()) })
    return CaseSet(name: name, parts: parts.map { part in Part(workload: part.workload, cases: part.cases.map { $0.only(rivals) }) })
  }

  private static let freight: [BenchCase] = [
    .materialize, .lookups, .lookupsGzip, .lookupsPlain, .lookupsOneThread, .lookupsLimits, .fromSQLite, .bitemporal, .windows, .append,
  ]
}

extension BenchCase {
  /// Without the other rivals.
  fileprivate func only(_ rivals: Set<Rival>) -> BenchCase {
    let kept = contenders.filter { contender in
      if case .rival(let rival, _) = contender.runner { rivals.contains(rival) } else { true }
    }
    return BenchCase(name: name, title: title, job: job, contenders: kept, comparison: comparison)
  }
}
