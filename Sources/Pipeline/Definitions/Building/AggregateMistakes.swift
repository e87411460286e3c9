import Diagnostics

// Words for aggregates.

extension Diagnostic {
  static func unknownAggregate(_ name: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: name.location, "\(subject) uses an unknown function \"\(name.value)\"", rule: "unknown-aggregate",
      hint: nearestName(to: name.value, among: aggregateNames).map { "did you mean \"\($0)\"?" }
        ?? "use \(aggregateNames.listed(with: "or"))")
  }

  static func repeated(_ what: String, _ name: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: name.location, "\(subject) has the \(what) \"\(name.value)\" twice", rule: "repeated-\(what)", hint: "keep one of them")
  }

  static func lookupKeys(_ keys: [String], _ subject: String, at location: SourceLocation) -> Diagnostic {
    let names = keys.map { "\"\($0)\"" }.listed(with: "and")
    let hint =
      keys == ["type"] ? "remove it: an aggregate's type follows from its function" : "say what is aggregated with \"of\", a column or SQL"
    return Diagnostic(
      at: location, "\(subject) aggregates, but has \(names), which \(keys.count == 1 ? "is" : "are") for look-ups",
      rule: "conflicting-keys", hint: hint)
  }

  static func missingWindows(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) aggregates, but lacks \"windows\"", rule: "missing-key", hint: "add them, as in `windows: [7d, lifetime]`")
  }

  static func ratioOperands(_ subject: String, _ count: Int, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is a ratio of \(count) operands, but needs two", rule: "bad-operands",
      hint: "name dividend and divisor, as in `of: [margin, revenue]`")
  }

  static func ratioAmongOthers(_ subject: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) mixes ratio, which takes two operands, with functions that take one", rule: "bad-operands",
      hint: "write the ratio as an entry of its own")
  }

  static func tooManyOperands(_ subject: String, _ count: Int, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) aggregates \(count) operands, but its functions take one", rule: "bad-operands",
      hint: "write an entry for each, or `aggregate: ratio`")
  }

  static func missingPercent(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) is a percentile, but lacks \"p\"", rule: "bad-percentile", hint: "say which one, as in `p: 0.9`")
  }

  static func badPercent(_ p: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: p.location, "\"p\" of \(subject) is \(p.value), but must be a decimal between 0 and 1, both excluded", rule: "bad-percentile",
      hint: "write a share, as in `p: 0.9` for the 90th percentile")
  }

  static func percentWithoutPercentile(_ subject: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has \"p\", but no percentile", rule: "bad-percentile",
      hint: "remove it, or write `aggregate: percentile`")
  }
}
