import Columns
import Definitions
import Planning
import Times

/// Stretches of a batch's rows with the questions that each can answer, so that not all rows of a large entity are looked at together.
///
/// Rows and questions are in one order, (key hash, key, time), so a border between rows is one between questions. A stretch reaches back as
/// far as its first question of an entity does, which no later one exceeds: to the row that wins, and as long as its windows are. That holds
/// where rows serve for ever; where versions end, an earlier row can win later.
struct ViewStretches {
  struct Stretch {
    let rows: Range<Int>
    let asks: Range<Int>
  }

  /// Of one batch at most so many.
  static let limit = 128

  private let batch: ViewBatch
  private let questions: Questions
  private let knowledge: Knowledge
  /// The longest window in microseconds; nil: there is none.
  private let span: Int64?

  /// - Parameter features: what is asked for.
  /// - Returns: nil if the batch cannot be cut: it has versions that end, values that are known later, or a window without end.
  init?(_ batch: ViewBatch, questions: Questions, features: [FeaturePlan], _ knowledge: Knowledge) {
    guard batch.eventTime != nil, batch.servesUntil == nil, batch.silent == nil, batch.lateKnown.isEmpty else { return nil }
    var longest: Int64?
    for case .aggregate(_, let window, _, _) in features.map(\.kind) {
      guard case .span(let span) = window else { return nil }
      longest = max(longest ?? 0, span.microseconds)
    }
    (self.batch, self.questions, self.knowledge, span) = (batch, questions, knowledge, longest)
  }

  /// - Parameters:
  ///   - asks: all questions of the batch's entities.
  ///   - rowCount: about so many rows a stretch.
  ///   - read: called when rows were looked at.
  func stretches(_ asks: Range<Int>, rowCount: Int, read: () -> Void) -> [Stretch] {
    let size = max(1, rowCount, (batch.rowCount + Self.limit - 1) / Self.limit)
    var stretches: [Stretch] = []
    var first = asks.lowerBound
    for start in stride(from: 0, to: batch.rowCount, by: size) {
      let end = min(batch.rowCount, start + size)
      let last = end == batch.rowCount ? asks.upperBound : firstAsk(notBefore: end, in: first..<asks.upperBound)
      if first < last { stretches.append(Stretch(rows: firstRow(for: first, from: start)..<end, asks: first..<last)) }
      first = last
      read()
    }
    return stretches
  }

  /// The first question that is not before a row.
  private func firstAsk(notBefore row: Int, in asks: Range<Int>) -> Int {
    guard let eventTime = batch.eventTime else { return asks.upperBound }
    let events = eventTime.span
    let (hash, hashes, times) = (batch.keys.hash(row), questions.hashes.span, questions.times.span)
    var (low, high) = (asks.lowerBound, asks.upperBound)
    while low < high {
      let middle = (low + high) / 2
      var found = order(hashes[middle], hash)
      if found == 0 { found = KeyColumns.compare(questions.keys, questions.spineRow(middle), batch.keys, row) }
      if found == 0 { found = order(times[middle], events[row]) }
      if found < 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// From which row on a question, and those of its entity after it, can find anything.
  ///
  /// - Parameter row: not after the question; rows from there on are there anyway.
  private func firstRow(for ask: Int, from row: Int) -> Int {
    guard row > 0, KeyColumns.compare(questions.keys, questions.spineRow(ask), batch.keys, row) == 0, let events = batch.eventTime else {
      return row
    }
    let knownTime = batch.knownTime ?? events
    let (time, event, known) = (questions.times.span[ask], events.span, knownTime.span)
    let entity = firstRow(upTo: row) { batch.keys.isSame($0, row) }
    // The last row that serves already serves whenever it is asked later.
    var first = row
    while first > entity, max(knowledge.known(known[first]), knowledge.happened(event[first])) > time { first -= 1 }
    guard let span else { return first }
    let since = saturatingAdd(saturatingAdd(time, -span), -1)
    return min(first, firstRow(upTo: row) { $0 >= entity && event[$0] >= since })
  }

  /// The first of the rows up to one for which something holds, which then holds for all that follow.
  private func firstRow(upTo row: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, row)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension ViewBatch {
  /// Some of the rows, copied.
  func stretch(_ rows: Range<Int>) -> ViewBatch {
    func some(_ column: Column) -> Column { Column.concatenated([(column, rows)], type: column.type) }
    func some(_ times: Buffer<Int64>?) -> Buffer<Int64>? { times.map { Buffer($0.elements(rows)) } }
    return ViewBatch(
      rowCount: rows.count, keys: keys.columns.map(some), eventTime: some(eventTime), knownTime: some(knownTime), servesUntil: nil,
      lateKnown: [:], values: values.mapValues(some), filters: filters.mapValues(some))
  }
}
