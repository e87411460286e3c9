import Columns
import Planning
import Synchronization

/// How a look-up came to its answer.
package enum CellStatus: UInt8, Sendable, CaseIterable {
  case present
  /// The winner's value is null (rule R5).
  case null
  /// No row serves.
  case missing
  /// The winner is too old (rule R7).
  case expired
  /// The winner's value is filled in later (rule R4).
  case notKnown
  /// A part of the spine row's key is null (rule R2).
  case noKey

  package var text: String {
    switch self {
    case .notKnown: "not_known"
    case .noKey: "no_key"
    default: "\(self)"
    }
  }
}

/// Where one feature's answers come together from all batches.
final class FeatureTarget: Sendable {
  private let name: String
  private let slots: AnswerSlots
  private let statuses: Slots<UInt8>?
  private let tally = Mutex(Tally())

  struct Tally {
    var statuses = [Int](repeating: 0, count: CellStatus.allCases.count)
    var onBoundary = 0
  }

  init(_ feature: FeaturePlan, type: DataType, count: Int, withStatuses: Bool) {
    name = feature.name
    slots = AnswerSlots(type, count: count)
    if case .lookup = feature.kind, withStatuses { statuses = Slots(count: count) } else { statuses = nil }
  }

  func setKeyless(_ rows: Span<Int32>) {
    tally.withLock { $0.statuses[Int(CellStatus.noKey.rawValue)] += rows.count }
    statuses?.withPlaces { statuses in
      for i in rows.indices { statuses[Int(rows[i])] = CellStatus.noKey.rawValue }
    }
  }

  /// Whether somebody wants to know how each question came to its answer.
  var hasStatuses: Bool { statuses != nil }

  /// - Parameter rows: per question a row of `column`, negative for null.
  /// - Returns: how many answers are not null.
  @discardableResult
  func set(_ column: Column, rows: Span<Int32>, places: Span<Int32>, lot: Int) -> Int {
    slots.set(from: column, rows: rows, places: places, lot: lot)
  }

  func set(statuses given: Span<UInt8>, places: Span<Int32>) {
    statuses?.withPlaces { statuses in
      for i in given.indices { statuses[Int(places[i])] = given[i] }
    }
  }

  func add(_ more: Tally) {
    tally.withLock { tally in
      for i in tally.statuses.indices { tally.statuses[i] += more.statuses[i] }
      tally.onBoundary += more.onBoundary
    }
  }

  func answers() -> FeatureAnswers {
    let tally = tally.withLock { $0 }
    return FeatureAnswers(
      name: name, column: slots.column(), statuses: statuses?.buffer, statusCounts: tally.statuses, onBoundary: tally.onBoundary)
  }
}
