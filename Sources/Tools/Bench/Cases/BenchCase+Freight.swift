/// The cases of the freight workload.
extension BenchCase {
  static let materialize = BenchCase(
    name: "materialize", title: "Read the three look-up views from SQLite; rivals: copy the three tables to Parquet", job: "copy",
    contenders: [
      Contender(runner: .gangway(["materialize", "accounting", "service", "quotes"], .empty), answer: .stored, detail: "sorted segments"),
      Contender(runner: .rival(.duckdbOnSQLite, ["--sqlite"]), answer: .stored, detail: "Parquet as read"),
      Contender(runner: .rival(.polars, ["--sqlite"]), answer: .stored, detail: "Parquet as read, ADBC"),
    ], comparison: .elsewhere("the case from-sqlite compares what comes of these rows"))

  static let lookups = BenchCase(
    name: "lookups", title: "20 looked-up features for each spine row, compressed with zstd", job: "lookups",
    contenders: [
      .export("lookups", as: .tarZst),
      .rival(.duckdb, as: .csvZst), .rival(.duckdb, as: .csvZst, isSorted: true),
      .rival(.polars, as: .csvZst), .rival(.polars, as: .csvZst, level: 1), .rival(.polars, as: .csvZst, level: 1, isSorted: true),
      .rival(.pandas, as: .csvZst),
    ])

  static let lookupsGzip = BenchCase(
    name: "lookups-gzip", title: "The same 20 features, compressed with deflate", job: "lookups",
    contenders: [
      .export("lookups", as: .tarGz), .export("lookups", as: .zip),
      .rival(.duckdb, as: .csvGz), .rival(.polars, as: .csvGz), .rival(.polars, as: .csvGz, level: 1), .rival(.pandas, as: .csvGz),
    ])

  static let lookupsPlain = BenchCase(
    name: "lookups-plain", title: "The same 20 features, not compressed", job: "lookups",
    contenders: [
      .export("lookups", as: .folder), .rival(.duckdb, as: .csv), .rival(.polars, as: .csv), .rival(.pandas, as: .csv),
    ])

  static let lookupsOneThread = BenchCase(
    name: "lookups-1-thread", title: "The same 20 features, with one thread each", job: "lookups",
    contenders: [
      .export("lookups", as: .tarZst, options: [.threads: "1"]),
      .rival(.duckdb, as: .csvZst, threads: 1), .rival(.polars, as: .csvZst, threads: 1),
    ])

  static let lookupsLimits = BenchCase(
    name: "lookups-limits", title: "The same 20 features within limits, ours alone", job: "lookups",
    contenders: [
      .export("lookups", as: .tarZst, options: [.threads: "2"]), .export("lookups", as: .tarZst, options: [.memory: "512M"]),
    ])

  static let fromSQLite = BenchCase(
    name: "from-sqlite", title: "The same 20 features from the SQLite file, nothing prepared", job: "lookups",
    contenders: [
      .export("lookups", as: .tarZst, .empty),
      .rival(.duckdbOnSQLite, as: .csvZst, fromSQLite: true), .rival(.polars, as: .csvZst, fromSQLite: true),
      .rival(.pandas, as: .csvZst, fromSQLite: true),
    ])

  static let bitemporal = BenchCase(
    name: "bitemporal", title: "7 looked-up features, each row used only once it was known", job: "bitemporal",
    contenders: [.export("bitemporal", as: .tarZst), .rival(.duckdb, as: .csvZst), .rival(.polars, as: .csvZst)])

  static let windows = BenchCase(
    name: "windows", title: "15 aggregates: count, sum, mean, min, max over 1, 7 and 30 days", job: "windows",
    contenders: [.export("windows", as: .tarZst), .rival(.duckdb, as: .csvZst)])

  static let append = BenchCase(
    name: "append", title: "One hundredth of new rows of a view that is only ever appended to, ours alone", job: "append",
    contenders: [
      Contender(runner: .gangway(["materialize", "accounting_log", "--json"], .behind), answer: .stored, detail: "reads what is new"),
      Contender(
        runner: .gangway(["materialize", "accounting_log", "--json"], .behindIndexed), answer: .stored, detail: "the same, by an index"),
      Contender(runner: .gangway(["materialize", "accounting_log", "--json"], .emptied), answer: .stored, detail: "reads everything"),
    ], comparison: .snapshots)

  /// Feast's store of files leaves out a spine row whose carrier has later events only.
  static let feast = BenchCase(
    name: "feast", title: "20 looked-up features, beside a feature store in Python", job: "lookups",
    contenders: [.export("lookups", as: .tarZst), .rival(.feast, as: .csv)], comparison: .cellsOfRowsThatAreThere)
}

/// The case of the wide workload.
extension BenchCase {
  static let wide = BenchCase(
    name: "wide", title: "1,000 looked-up features of ten views", job: "lookups",
    contenders: [.export("lookups", as: .tarZst), .rival(.duckdb, as: .csvZst)])
}
