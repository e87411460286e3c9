internal import Columns
internal import Definitions
internal import Times
internal import Warehouses

/// What can be wrong with one value, or with one row. The words are elsewhere.
enum RowProblem: Sendable, Hashable {
  case misfit
  case notFinite
  case notText
  case nullKey
  case nullValue
  case nullTime
  case belowLeast
  case aboveGreatest
  case notAccepted
  case tooLong
  case time(TimeProblem)
  /// Predicted after it is registered.
  case future
  case duplicate
  case unknownEntity

  var rule: String {
    switch self {
    case .misfit: "value-misfit"
    case .notFinite: "not-finite"
    case .notText: "not-utf8"
    case .nullKey: "null-key"
    case .nullValue: "null-value"
    case .nullTime: "null-time"
    case .belowLeast: "below-min"
    case .aboveGreatest: "above-max"
    case .notAccepted: "not-accepted"
    case .tooLong: "too-long"
    case .time(let problem): problem.rule
    case .future: "future-time"
    case .duplicate: "duplicate-row"
    case .unknownEntity: "unknown-entity"
    }
  }

  /// Whether it is about a row's key, not about one column.
  var isOfKey: Bool { self == .duplicate || self == .unknownEntity }
}

/// A problem and the row that has it, before anything is said about it.
struct Finding: Sendable {
  /// In its chunk.
  let row: Int32
  /// Of the contract's targets; for problems of a key, behind them.
  let target: Int32
  let problem: RowProblem
  /// What cannot be read from the chunk any more: a cell that is no value; where a duplicate was before.
  var detail: String?
}
