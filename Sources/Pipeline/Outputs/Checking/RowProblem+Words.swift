internal import Columns
internal import Definitions
internal import Diagnostics
internal import Times
internal import Warehouses

/// The words for what is wrong with rows: said here and nowhere else.
struct RowWords: Sendable {
  let contract: Contract
  /// The moment of registering.
  let latest: Int64
  /// What lists the entities.
  let entities: String

  /// - Parameters:
  ///   - value: of the column, or of the key.
  ///   - detail: see ``Finding``.
  func message(_ finding: Finding, value: String, length: Int) -> String {
    let shown = "\"\(oneLine(value))\""
    if finding.problem.isOfKey {
      return finding.problem == .duplicate
        ? "\(oneLine(value)) is in the batch already: \(finding.detail ?? "before")" : "\(oneLine(value)) is not in \(entities)"
    }
    let target = contract.targets[Int(finding.target)]
    let column = "column \"\(target.name)\""
    switch finding.problem {
    case .misfit: return "\(shown) in \(column) is no \(target.type.rawValue)"
    case .notFinite: return "\(shown) in \(column) is no finite number"
    case .notText: return "\(column) holds bytes that are no text"
    case .nullKey: return "key \(column) is null"
    case .nullValue: return "\(column) is null, and must not be"
    case .nullTime: return "\(column) is null, and every prediction was made at some time"
    case .belowLeast: return "\(shown) in \(column) is below its least value, \(target.limit(\.least))"
    case .aboveGreatest: return "\(shown) in \(column) is above its greatest value, \(target.limit(\.greatest))"
    case .notAccepted: return "\(shown) in \(column) is none of its accepted values"
    case .tooLong: return "\(shown) in \(column) has \(length) characters, more than \(target.rules?.maxLength ?? 0)"
    case .time(let problem): return "\(shown) in \(column) \(problem.words)"
    case .future: return "\(shown) in \(column) is after the moment of registering, \(timestampText(latest))"
    case .duplicate, .unknownEntity: preconditionFailure("said above")
    }
  }

  func hint(_ problem: RowProblem, target: Int) -> String? {
    let target = target < contract.targets.count ? contract.targets[target] : nil
    switch problem {
    case .misfit: return target.map { example(of: $0.type) }
    case .notFinite: return "leave the cell empty where there is no value"
    case .notText: return "write texts as UTF-8"
    case .nullKey: return "give every row the whole key of its entity"
    case .nullValue: return "give a value, or remove `not_null:` from the column"
    case .nullTime: return "give the time of each prediction, or leave the whole column out"
    case .belowLeast, .aboveGreatest: return "mend the model, or the limits of the column"
    case .notAccepted:
      let values = target?.rules?.acceptedValues.map(\.value) ?? []
      return "it may be \(values.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))\(values.count > 20 ? ", …" : "")"
    case .tooLong: return "shorten it, or raise `max_length:`"
    case .time(.needsUnit): return "declare what it counts: `predicted_at: {column: …, unit: s}`, or ms, us, ns"
    case .time(.unreadable): return "write it as 2024-01-31T05:00:00Z"
    case .time(let problem): return problem.hint
    case .future: return "mend the clock or the zone of the times"
    case .duplicate:
      return "keep one row of each \(contract.keyNames) and moment of prediction"
    case .unknownEntity: return "load the entities first, or raise the limits under `unknown_entities:`"
    }
  }

  private func example(of type: DataType) -> String {
    switch type {
    case .int64: "write whole numbers as 3, not as 3.0, 003 or 1e3"
    case .float64: "write numbers as 0.25 or 1e-05, and leave the cell empty where there is none"
    case .boolean: "write true or false"
    case .string: "write a text"
    case .date: "write dates as 2024-01-31"
    case .timestamp: "write times as 2024-01-31T05:00:00Z"
    }
  }
}

extension Contract.Target {
  var rules: ModelOutputColumn? { if case .column(let column) = role { column } else { nil } }

  fileprivate func limit(_ path: KeyPath<ModelOutputColumn, Located<Limit>?>) -> String {
    switch rules?[keyPath: path]?.value {
    case .int64(let value): String(value)
    case .float64(let value): String(value)
    case .date(let days): dateText(days)
    case .timestamp(let microseconds): timestampText(microseconds)
    case nil: ""
    }
  }
}

extension TimeProblem {
  fileprivate var words: String {
    switch self {
    case .unreadable: "cannot be read as a time"
    case .needsUnit: "is a number, and no time without a unit"
    case .dateNeedsPeriod, .dateNeedsHour: "is a date, and no time without an hour"
    case .repeated(let zone): "is a time that the clocks of \(zone) show twice"
    case .skipped(let zone): "is a time that the clocks of \(zone) skip"
    case .outOfRange: "is outside the years 1 to 9999"
    }
  }
}

/// One line, and not a long one: values come from data.
func oneLine(_ text: String) -> String { String(text.prefix(200).map { $0.isNewline ? " " : $0 }).shortened }
