package import Diagnostics

/// One thing that is wrong with a batch: a value, a row, or a file.
package struct Violation: Sendable, Hashable {
  /// As the user names it; of an archive's member `preds.zip: part-1.csv`; a table's name.
  package let file: String
  /// From 1; nil where there are no lines, and for a file as a whole.
  package let line: Int?
  /// The character in the line, where it is known.
  package let character: Int?
  /// Of the rows after the header from 1; a table's row id; nil for a file as a whole.
  package let row: Int?
  package let column: String?
  package let rule: String
  package let value: String?
  package let message: String

  package init(
    file: String, line: Int? = nil, character: Int? = nil, row: Int? = nil, column: String? = nil, rule: String, value: String? = nil,
    message: String
  ) {
    self.file = file
    self.line = line
    self.character = character
    self.row = row
    self.column = column
    self.rule = rule
    self.value = value
    self.message = message
  }

  func diagnostic(_ severity: Diagnostic.Severity, hint: String?) -> Diagnostic {
    let location = line.map { SourceLocation(path: file, line: $0, column: character ?? 1) }
    let place = line == nil ? row.map { "\(file), row \($0): " } ?? "" : ""
    return Diagnostic(severity, at: location, place + message, rule: rule, hint: hint)
  }
}

/// All that is wrong with a batch.
package struct BatchReport: Sendable {
  /// Violations of one kind, of one column.
  package struct Group: Sendable {
    package let rule: String
    package let column: String?
    package internal(set) var count: Int
    /// The first ones.
    package internal(set) var examples: [Violation]
    package let hint: String?
  }

  /// How many of each group are told.
  package static let exampleLimit = 20

  package let groups: [Group]
  /// Rows that were read.
  package let rowCount: Int

  package var violationCount: Int { groups.reduce(0) { $0 + $1.count } }

  func diagnostics(_ severity: Diagnostic.Severity) -> [Diagnostic] { groups.flatMap { $0.diagnostics(severity) } }
}

extension BatchReport.Group {
  /// The hint comes with the first only.
  func diagnostics(_ severity: Diagnostic.Severity) -> [Diagnostic] {
    var told = examples.enumerated().map { $1.diagnostic(severity, hint: $0 == 0 ? hint : nil) }
    if count > examples.count {
      let what = column.map { "column \"\($0)\"" } ?? "the batch"
      let more = count - examples.count
      told.append(Diagnostic(severity, at: nil, "\(what) has \(more) more row\(more == 1 ? "" : "s") like that", rule: rule))
    }
    return told
  }
}

/// Why a batch was not taken.
package enum BatchError: DiagnosableError {
  case refused(BatchReport)
  /// Something that is not in the batch.
  case failed(Diagnostics)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .refused(let report): report.diagnostics(.error).inFileOrder
    case .failed(let error): error.diagnostics
    }
  }

  package var isBusy: Bool { if case .failed(let error) = self { error.isBusy } else { false } }
}
