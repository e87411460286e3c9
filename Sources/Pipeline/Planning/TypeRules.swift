package import Columns
package import Definitions
package import Diagnostics

/// Why values stored as one type cannot be a key declared as another; nil where they can.
func keyTypeProblem(declared: DataType, stored: DataType?) -> String? {
  declared == .float64 ? "is float64, which is no key" : typeProblem(wanted: declared, stored: stored)
}

/// Why values stored as one type cannot be read as another; nil where they can.
func typeProblem(wanted: DataType, stored: DataType?) -> String? {
  guard let stored, stored != wanted else { return nil }
  switch (wanted, stored) {
  case (.date, .string), (.timestamp, .string), (.boolean, .int64): return nil
  default: return "is \(stored.rawValue)"
  }
}

extension AggregateFunction {
  /// Rule R12: what is computed with needs numbers, booleans counting as 0 and 1; the rest takes any type.
  package func accepts(_ type: DataType) -> Bool {
    switch self {
    case .count, .countDistinct, .min, .max, .first, .last, .timeSinceLast: true
    case .sum, .mean, .stddev, .variance, .median, .ratio, .percentile: [.int64, .float64, .boolean].contains(type)
    }
  }

  /// As a definition file writes it.
  package var displayName: String {
    switch self {
    case .countDistinct: "count_distinct"
    case .timeSinceLast: "time_since_last"
    case .percentile: "percentile"
    default: "\(self)"
    }
  }
}

package func aggregateTypeMistake(_ function: String, of text: String, type: DataType, at location: SourceLocation) -> Diagnostic {
  Diagnostic(
    at: location, "aggregate \"\(function)\" of \"\(text)\" needs numbers, and that is \(type.rawValue)", rule: "aggregate-type",
    hint: "use count, count_distinct, min, max, first or last, or turn it into a number with an expression")
}
