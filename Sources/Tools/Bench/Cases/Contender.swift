import Foundation

/// One way to do a case's work: a process that is started, timed and ended.
struct Contender: Hashable, Sendable {
  enum Runner: Hashable, Sendable {
    /// `gangway` with these words; `{out}` stands for the file that it is to write.
    case gangway([String], Store)
    /// A script of `rivals/`, with these words behind job, folder and output.
    case rival(Rival, [String])
  }

  /// What an answer is written as.
  enum Answer: String, Sendable {
    case tarZst = "tar.zst"
    case tarGz = "tar.gz"
    case zip
    case folder
    case csvZst = "csv.zst"
    case csvGz = "csv.gz"
    case csv
    /// Rows for later questions: a store, or Parquet files.
    case stored
  }

  /// What the store holds when our run begins.
  enum Store: Sendable {
    case empty, materialized
    /// All rows but the newest hundredth, of a module whose rows are only ever appended.
    case behind
    /// The same, in a warehouse with an index on the time at which rows became known.
    case behindIndexed
    /// Nothing, of the same module.
    case emptied

    var isBehind: Bool { self == .behind || self == .behindIndexed }

    /// The folder of the project that has it.
    var project: String {
      switch self {
      case .empty: "cold"
      case .materialized: "warm"
      case .behind, .emptied: "append"
      case .behindIndexed: "append_indexed"
      }
    }
  }

  /// What a binary may not be able to do yet.
  enum Capability: String, Sendable {
    case threads = "--threads"
    case memory = "--memory"
    case folders = "--format folder"

    /// - Parameter help: what the binary says of its options.
    func isNamed(in help: String) -> Bool {
      let words = rawValue.split(separator: " ").map(String.init)
      // Each piece begins behind the dashes of an option and ends before the next one's.
      return help.components(separatedBy: "--").contains { piece in
        piece.hasPrefix(words[0].dropFirst(2)) && words.dropFirst().allSatisfy(piece.contains)
      }
    }
  }

  let runner: Runner
  let answer: Answer
  /// What tells it from others in the same case: format, level, limits.
  let detail: String
  var needs: [Capability] = []

  var isOurs: Bool { if case .gangway = runner { true } else { false } }

  var name: String {
    switch runner {
    case .gangway: "gangway"
    case .rival(let rival, _): rival.name
    }
  }
}

/// Another tool that a user could pick.
enum Rival: String, Sendable {
  case duckdb, duckdbOnSQLite, polars, pandas, feast

  var name: String {
    switch self {
    case .duckdb, .duckdbOnSQLite: "DuckDB"
    case .polars: "Polars"
    case .pandas: "pandas"
    case .feast: "Feast"
    }
  }

  var script: String {
    switch self {
    case .duckdb, .duckdbOnSQLite: "with_duckdb.py"
    case .polars: "with_polars.py"
    case .pandas: "with_pandas.py"
    case .feast: "with_feast.py"
    }
  }

  /// The virtual environment that has it; each has a list `rivals/requirements-….txt`.
  var environment: String {
    switch self {
    case .duckdb, .polars, .pandas: "main"
    case .duckdbOnSQLite: "sqlite"
    case .feast: "feast"
    }
  }
}
