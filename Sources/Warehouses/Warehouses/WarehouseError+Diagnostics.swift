import Columns
package import Diagnostics
import Times

/// The words for what goes wrong in a warehouse: said here and nowhere else.
///
/// - Parameters:
///   - location: what in the definitions asked for it, if anything did.
///   - subject: what people call the relation (`module "x"`); nil: its name in the warehouse.
///   - candidates: names that might have been meant where a relation or column is missing.
///   - place: a better place for one value's problem than `location`, for example where its column is declared.
/// - Returns: one diagnostic, or one per column of values that do not fit.
package func diagnostics(
  for error: WarehouseError, at location: SourceLocation?, of subject: String? = nil, candidates: [String] = [],
  place: (DataProblem) -> SourceLocation? = { _ in nil }
) -> [Diagnostic] {
  guard case .data(let problems) = error else {
    let words = error.words(of: subject, candidates: candidates)
    return [Diagnostic(at: location, words.message, rule: words.rule, hint: words.hint)]
  }
  return problems.map { problem in
    Diagnostic(at: place(problem) ?? location, problem.message(of: subject), rule: problem.kind.rule, hint: problem.kind.hint)
  }
}

extension WarehouseError: DiagnosableError {
  package var diagnostics: [Diagnostic] { Warehouses.diagnostics(for: self, at: nil) }

  package var isBusy: Bool {
    if case .busy = self { true } else { false }
  }
}

private struct Words {
  let message: String
  let rule: String
  let hint: String?
}

extension WarehouseError {
  fileprivate func words(of subject: String?, candidates: [String]) -> Words {
    switch self {
    case .unavailable, .corrupt, .busy, .io: warehouseWords
    case .missingRelation(let name, let warehouse):
      Words(
        message: "\(subject ?? "relation \"\(name)\"") is not in the warehouse \(warehouse)"
          + (subject == nil ? "" : ": it has no relation \"\(name)\""),
        rule: "missing-relation", hint: didYouMean(name, candidates) ?? "build or load it first, or correct the name")
    case .missingColumn(let column, let relation):
      Words(
        message: "\(subject ?? "relation \"\(relation)\"") has no column \"\(column)\"", rule: "missing-column",
        hint: didYouMean(column, candidates) ?? columnList(candidates))
    case .expression(let text, let relation, let reason):
      Words(
        message: "expression \"\(shortened(text))\" over \(subject ?? "relation \"\(relation)\"") cannot be used: \(reason)",
        rule: "bad-expression", hint: "write SQL as the warehouse understands it, over the columns of one row")
    case .sql(let relation, let reason):
      Words(
        message: "\(subject ?? "relation \"\(relation)\"") could not be built: \(reason)", rule: "sql-failed",
        hint: "mend its SQL; the relation in the warehouse is as it was before")
    case .foreignRelation(let name, let kind):
      Words(
        message: "\(subject ?? "relation \"\(name)\"") would replace the \(kind) \"\(name)\", which gangway has not built",
        rule: "foreign-relation", hint: "give the module another name, or drop the \(kind) yourself if nobody needs it")
    case .duplicateGrain(let found): found.words(of: subject)
    case .duplicateJoinKey(let found, _, let atOneTime): found.wordsWhenJoined(to: subject, atOneTime: atOneTime)
    case .rowCountChanged(let relation, let base, let found):
      Words(
        message: "\(subject ?? "relation \"\(relation)\"") would have \(found) rows, but its base has \(base)", rule: "rows-changed",
        hint: "see that the joined keys hold values of one type; the relation in the warehouse is as it was before")
    case .missingBuiltColumn(let column, let relation, let columns):
      Words(
        message: "\(subject ?? "relation \"\(relation)\"") has no column \"\(column)\" when it is built", rule: "missing-column",
        hint: didYouMean(column, columns) ?? columnList(columns))
    case .data(let problems):
      Words(message: problems.map { $0.message(of: subject) }.joined(separator: "; "), rule: "bad-value", hint: nil)
    }
  }

  private var warehouseWords: Words {
    switch self {
    case .unavailable(let warehouse, let reason):
      Words(
        message: "warehouse \(warehouse) cannot be opened: \(reason)", rule: "warehouse-unavailable",
        hint: "create or load it, or correct `warehouse:` in gangway.yml")
    case .corrupt(let warehouse, let reason):
      Words(
        message: "warehouse \(warehouse) is damaged or no database: \(reason)", rule: "warehouse-corrupt",
        hint: "restore it from a backup or load it anew; nothing was written to it")
    case .busy(let warehouse):
      Words(
        message: "warehouse \(warehouse) is locked by another program", rule: "warehouse-busy", hint: "try again when that has finished")
    case .io(let warehouse, let reason):
      Words(
        message: "warehouse \(warehouse) could not be read or written: \(reason)", rule: "warehouse-io",
        hint: "see that its disk is there, has room and may be written")
    default: preconditionFailure("words for the warehouse as a whole only")
    }
  }
}

extension DuplicateGrain {
  fileprivate func words(of subject: String?) -> Words {
    let keys = keyCount == 1 ? "1 key of its grain (\(columns)) is" : "\(keyCount) keys of its grain (\(columns)) are"
    return Words(
      message: "\(subject ?? "relation \"\(relation)\""): \(keys) there more than once, e.g. \(shownExamples)",
      rule: "duplicate-grain",
      hint: "make its rows unique, or declare the grain that it has; the relation in the warehouse is as it was before")
  }

  fileprivate func wordsWhenJoined(to subject: String?, atOneTime: Bool) -> Words {
    let joins = "\(subject ?? "a relation") joins \"\(relation)\""
    let often = atOneTime ? "has more than one row valid at one time" : "is there more than once"
    let hint = "make the rows of \"\(relation)\" unique, or join on the key that they have (`key:`)"
    if grain.isEmpty {
      let rows = atOneTime ? "which \(often)" : "which has \(examples.first?.rows ?? 0) rows, on no key"
      return Words(message: "\(joins), \(rows)", rule: "join-multiplies", hint: hint)
    }
    let keys = keyCount == 1 ? "1 key" : "\(keyCount) keys"
    let verb = keyCount == 1 ? often : atOneTime ? "have more than one row valid at one time" : "are there more than once"
    return Words(
      message: "\(joins) on (\(columns)), of which \(keys) \(verb), e.g. \(shownExamples)", rule: "join-multiplies", hint: hint)
  }

  private var shownExamples: String {
    examples.map { example in
      zip(grain, example.key).map { "\($0)=\(shortened($1))" }.joined(separator: ", ") + " (\(example.rows) rows)"
    }.joined(separator: "; ")
  }

  private var columns: String { grain.joined(separator: ", ") }
}

extension DataProblem {
  fileprivate func message(of subject: String?) -> String {
    let row = rowIsRowID ? "rowid \(self.row)" : "row \(self.row)"
    let key = self.key.map(shortened).joined(separator: ", ")
    let place = key.isEmpty ? row : "\(row), key (\(key))"
    let more = self.more == 0 ? "" : "; \(self.more) more \(self.more == 1 ? "value does" : "values do") not fit"
    let owner = subject ?? "relation \"\(relation)\""
    return "\(owner), \(place), column \"\(shortened(column))\": \(kind.words(for: shortened(value)))\(more)"
  }
}

extension DataProblem.Kind {
  fileprivate func words(for value: String) -> String {
    switch self {
    case .misfit(let found, let wanted): "the \(found) value \"\(value)\" is no \(wanted.rawValue)"
    case .notUTF8: "the text \"\(value)\" is no valid UTF-8"
    case .blob: "the value is a blob, and no column can hold one"
    case .inexactInteger: "the whole number \(value), among fractions, is too large for a float64 to hold exactly"
    case .tooMuchText: "the column holds more than 2 GiB of text"
    case .time(let problem): problem.words(for: value)
    }
  }

  fileprivate var hint: String {
    switch self {
    case .misfit: "mend the value, or declare the `type:` that the column has"
    case .notUTF8: "convert the text to UTF-8 where it is loaded"
    case .blob: "turn it into text or a number in the module's SQL"
    case .inexactInteger: "declare `type: int64` or `type: string`, or round in the module's SQL"
    case .tooMuchText: "leave the column out, or shorten its texts in the module's SQL"
    case .time(let problem): problem.hint
    }
  }

  fileprivate var rule: String {
    switch self {
    case .misfit: "value-misfit"
    case .notUTF8: "not-utf8"
    case .blob: "blob-value"
    case .inexactInteger: "inexact-integer"
    case .tooMuchText: "too-much-text"
    case .time(let problem): problem.rule
    }
  }
}

extension TimeProblem {
  fileprivate func words(for value: String) -> String {
    switch self {
    case .unreadable: "\"\(value)\" cannot be read as a time"
    case .needsUnit: "the number \(value) is no time without a unit"
    case .dateNeedsPeriod: "\"\(value)\" is a date, and as event time a date needs a period"
    case .dateNeedsHour: "\"\(value)\" is a date, and as decision time a date needs an hour (at:)"
    case .repeated(let zone): "the clocks of \(zone) show \"\(value)\" twice"
    case .skipped(let zone): "the clocks of \(zone) skip \"\(value)\""
    case .outOfRange: "the time \(value) is outside the years 1 to 9999"
    }
  }

  package var hint: String {
    switch self {
    case .unreadable: "write it as 2024-01-31T05:00:00Z, or cast it in the module's SQL"
    case .needsUnit: "say what it counts: `{column: …, unit: s}`, or ms, us, ns"
    case .dateNeedsPeriod: "say what a row describes: `period: day`, or hour, week, month"
    case .dateNeedsHour: "say the hour of the decision: `{column: …, at: \"06:00\"}`"
    case .repeated, .skipped: "say which instant is meant: `ambiguous: earliest` or `ambiguous: latest`, or give times with an offset"
    case .outOfRange: "see whether `unit:` is right"
    }
  }

  package var rule: String {
    switch self {
    case .unreadable: "unreadable-time"
    case .needsUnit: "time-needs-unit"
    case .dateNeedsPeriod: "date-needs-period"
    case .dateNeedsHour: "date-needs-hour"
    case .repeated: "repeated-time"
    case .skipped: "skipped-time"
    case .outOfRange: "time-out-of-range"
    }
  }
}

private func didYouMean(_ name: String, _ candidates: [String]) -> String? {
  nearestName(to: name, among: candidates).map { "did you mean \"\($0)\"?" }
}

private func columnList(_ columns: [String]) -> String? {
  columns.isEmpty ? nil : "it has: \(columns.prefix(20).joined(separator: ", "))\(columns.count > 20 ? ", …" : "")"
}

/// One line, and not a long one: values come from data.
private func shortened(_ text: String) -> String {
  let line = String(text.map { $0.isNewline ? " " : $0 })
  return line.count > 80 ? line.prefix(79) + "…" : line
}
