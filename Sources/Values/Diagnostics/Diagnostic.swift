/// One mistake: where, what is wrong with the thing named in quotes, a rule id to look up, and one hint in the imperative.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning }

  package let severity: Severity
  /// Absent where the mistake is not in a definition file (a locked warehouse, a full disk).
  package let location: SourceLocation?
  package let message: String
  /// Kebab case, stable: people search for it.
  package let rule: String
  package let hint: String?

  package init(
    _ severity: Severity = .error, at location: SourceLocation?, _ message: String, rule: String, hint: String? = nil
  ) {
    self.severity = severity
    self.location = location
    self.message = message
    self.rule = rule
    self.hint = hint
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `features/a.yml:14:13: error: … [rule-id]`, and the hint indented on a line of its own.
  package var description: String {
    let place = location.map { "\($0): " } ?? ""
    let hintLine = hint.map { "\n  hint: \($0)" } ?? ""
    return "\(place)\(severity.rawValue): \(message) [\(rule)]\(hintLine)"
  }
}

/// An error that can say itself as diagnostics; every error that reaches a user is one.
package protocol DiagnosableError: Error {
  var diagnostics: [Diagnostic] { get }
  /// Whether the same command may succeed later without any change (a lock): exit 75 instead of 1.
  var isBusy: Bool { get }
}

extension DiagnosableError {
  package var isBusy: Bool { false }
}

/// Mistakes found together, reported together: in file order, those without a place last.
package struct Diagnostics: DiagnosableError {
  package let diagnostics: [Diagnostic]
  package let isBusy: Bool

  package init(_ diagnostics: [Diagnostic], isBusy: Bool = false) {
    self.diagnostics = diagnostics.inFileOrder
    self.isBusy = isBusy
  }
}

extension [Diagnostic] {
  /// Stable: diagnostics of one place, or of none, stay in the order in which they were found.
  package var inFileOrder: [Diagnostic] {
    enumerated().sorted { a, b in
      switch (a.element.location, b.element.location) {
      case (let x?, let y?): x == y ? a.offset < b.offset : x < y
      case (nil, nil): a.offset < b.offset
      case (.some, nil): true
      case (nil, .some): false
      }
    }.map(\.element)
  }
}
