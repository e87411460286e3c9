extension Contender {
  /// An export of a training set.
  ///
  /// - Parameter options: global options, each with what it needs of the binary.
  static func export(
    _ set: String, as answer: Answer, _ store: Store = .materialized, options: [Capability: String] = [:]
  ) -> Contender {
    let limits = options.sorted { $0.key.rawValue < $1.key.rawValue }
    let words = limits.flatMap { [$0.key.rawValue, $0.value] } + ["export", set, "--format", answer.rawValue, "--out", "{out}"]
    let format = answer == .folder ? "plain files" : "\(answer.rawValue), level 1"
    return Contender(
      runner: .gangway(words, store), answer: answer,
      detail: ([format] + limits.map { "\($0.key.rawValue.dropFirst(2)) \($0.value)" }).joined(separator: ", "),
      needs: limits.map(\.key) + (answer == .folder ? [.folders] : []))
  }

  /// A rival's answer as CSV.
  ///
  /// - Parameters:
  ///   - level: of compression; nil: its own.
  ///   - threads: nil: its own, which is all cores.
  ///   - isSorted: whether rows must come in our order; else in whatever order suits it.
  static func rival(
    _ rival: Rival, as answer: Answer, fromSQLite: Bool = false, level: Int? = nil, threads: Int? = nil, isSorted: Bool = false
  ) -> Contender {
    var words: [String] = fromSQLite ? ["--sqlite"] : []
    if let level { words += ["--level", "\(level)"] }
    if let threads { words += ["--threads", "\(threads)"] }
    if isSorted { words.append("--sorted") }
    var details = [answer.rawValue]
    if let level = level ?? rival.ownLevel(of: answer) { details.append("level \(level)") }
    if let threads { details.append("threads \(threads)") }
    if isSorted { details.append("sorted") }
    return Contender(runner: .rival(rival, words), answer: answer, detail: details.joined(separator: ", "))
  }
}

extension Rival {
  /// The level that a tool compresses with unless told otherwise; its documentation does not always say.
  ///
  /// DuckDB: `gzip_file_system.cpp` and `zstd_file_system.cpp`, and no option to change it for CSV. Polars 2.1: equal bytes with these levels
  /// given. pandas: Python's `gzip.GzipFile`, `zstandard.ZstdCompressor`.
  fileprivate func ownLevel(of answer: Contender.Answer) -> Int? {
    switch (answer, self) {
    case (.csvZst, _): 3
    case (.csvGz, .pandas), (.csvGz, .feast): 9
    case (.csvGz, _): 6
    default: nil
    }
  }
}
