package import Columns
package import Diagnostics
package import Times

extension TimeReader {
  /// What is wrong with reading a column of a declared type as a time, as far as the type tells.
  package func problem(withType type: DataType?) -> TimeProblem? {
    switch type {
    case .int64, .float64: unit == nil ? .needsUnit : nil
    case .date where role == .event && period == nil: .dateNeedsPeriod
    case .date where role == .decision && atMicroseconds == nil: .dateNeedsHour
    case .boolean: .unreadable
    case .date, .string, .timestamp, nil: nil
    }
  }
}

/// A column whose declared type cannot be read as a time in the way that is asked.
package func timeTypeMistake(_ problem: TimeProblem, column: Located<String>, of subject: String) -> Diagnostic {
  let words =
    switch problem {
    case .needsUnit: "holds numbers, and a number is no time without a unit"
    case .dateNeedsPeriod: "holds dates, and as event time a date needs a period"
    case .dateNeedsHour: "holds dates, and as decision time a date needs an hour (at:)"
    default: "holds no times"
    }
  return Diagnostic(
    at: column.location, "column \"\(column.value)\" of \(subject) \(words)", rule: problem.rule, hint: problem.hint)
}
