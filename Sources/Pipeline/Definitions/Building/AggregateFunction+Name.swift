/// The functions by the names that definition files give them, without percentile, which needs its `p`.
let aggregateFunctions: [(name: String, function: AggregateFunction)] = [
  ("count", .count), ("sum", .sum), ("mean", .mean), ("min", .min), ("max", .max), ("first", .first), ("last", .last),
  ("stddev", .stddev), ("variance", .variance), ("count_distinct", .countDistinct), ("median", .median), ("ratio", .ratio),
  ("time_since_last", .timeSinceLast),
]

let aggregateNames = aggregateFunctions.map(\.name) + ["percentile"]

extension AggregateFunction {
  /// As it stands in a column's name.
  package var label: String {
    if case .percentile(_, let label) = self { return label }
    return aggregateFunctions.first { $0.function == self }?.name ?? ""
  }

  /// - Parameter text: `0.9`, digits only.
  /// - Returns: nil unless the number is between 0 and 1, both excluded.
  static func percentile(_ text: String) -> AggregateFunction? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].allSatisfy({ $0 == "0" }), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
      let p = Double("0.\(parts[1])"), p > 0, p < 1
    else { return nil }
    return .percentile(p: p, label: percentileLabel(digits: parts[1]))
  }

  /// The percentage with `_` for its point: 9 → `p90`, 999 → `p99_9`, 05 → `p5`.
  private static func percentileLabel(digits: Substring) -> String {
    let whole = (digits.prefix(2) + String(repeating: "0", count: digits.count < 2 ? 1 : 0)).drop { $0 == "0" }
    let fraction = String(digits.dropFirst(2).reversed().drop { $0 == "0" }.reversed())
    return "p\(whole.isEmpty ? "0" : whole)\(fraction.isEmpty ? "" : "_\(fraction)")"
  }
}
