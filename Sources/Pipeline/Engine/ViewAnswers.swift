package import Columns
import Definitions
package import Diagnostics
import Kernels
import Parallel
package import Planning
import Synchronization

/// One feature column, an answer per spine row of the stretch that was asked for.
package struct FeatureAnswers: Sendable {
  package let name: String
  package let column: Column
  /// Look-ups only, and only if asked for: ``CellStatus`` raw values.
  package let statuses: Buffer<UInt8>?
  /// In the order of ``CellStatus``; aggregates count `present`, `null` and `noKey` only.
  package let statusCounts: [Int]
  /// Look-ups only: winners that happened, or became known, at the very moment of the decision.
  package let onBoundary: Int
}

/// A view's answers to a stretch of a spine: batch by batch of its rows, on every core. What is in memory is the answers, and of the
/// view's rows as many batches as there are workers.
package struct ViewAnswers: Sendable {
  private let plan: ViewPlan
  private let rows: any ViewRows
  private let knowledge: Knowledge
  private let features: [FeaturePlan]

  /// A batch of so many values, most often one of a single entity, is looked at a stretch and a column after the other.
  private let valuesAtOnce: Int

  /// A feature's column before there are answers.
  package struct AnswerColumn: Sendable {
    package let name: String
    package let type: DataType
    /// Look-ups tell how they came to their answers.
    package let hasStatus: Bool
  }

  /// - Parameters:
  ///   - columns: which of the plan's columns are asked for.
  ///   - valuesAtOnce: of the view's rows, that need to fit into memory for each worker; no answer depends on it.
  /// - Throws: an aggregate of what is no number.
  package init(
    plan: ViewPlan, rows: any ViewRows, columns: [Int], knowledge: Knowledge, valuesAtOnce: Int = 4 << 20
  ) throws(Diagnostics) {
    self.valuesAtOnce = valuesAtOnce
    self.plan = plan
    self.rows = rows
    self.knowledge = knowledge
    features = columns.map { plan.columns[$0] }
    for feature in features { try checkTypes(feature) }
  }

  package var columns: [AnswerColumn] {
    features.map { feature in
      var hasStatus = false
      if case .lookup = feature.kind { hasStatus = true }
      return AnswerColumn(name: feature.name, type: answerType(feature), hasStatus: hasStatus)
    }
  }

  /// - Parameters:
  ///   - progress: called after each batch, from one worker at a time.
  /// - Throws: a sum beyond the range of its type, damaged rows; or what `progress` throws.
  package func answers(
    to questions: Questions, workers: Int, withStatuses: Bool,
    progress: @Sendable (_ done: Int, _ total: Int) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> [FeatureAnswers] {
    let targets = features.map { FeatureTarget($0, type: answerType($0), count: questions.range.count, withStatuses: withStatuses) }
    for target in targets { target.setKeyless(questions.keyless.span) }
    let (columns, batches) = (wanted, askRanges(questions))
    let overflows = Mutex<[Overflow]>([])
    let done = Mutex(0)
    let scratches = (0..<workers).map { _ in Scratch() }
    try forEachInParallel(batches.count, workers: workers) { worker, number throws(Diagnostics) in
      if !batches[number].isEmpty {
        let batch = rows.rowCount == 0 ? .empty(rows.keys, rows.values, columns) : try rows.batch(number, columns)
        // Taken from and put back to its worker's place, so that its memory is used again.
        let memory = SweepMemory(
          scratches[worker].withLock { scratch in
            defer { scratch = WindowScratch() }
            return scratch
          })
        let width = columns.values.count + batch.keys.columns.count + 1
        let isLarge = batch.rowCount * width >= valuesAtOnce
        for (i, stretch) in stretches(number, batch, batches[number], questions, rowCount: valuesAtOnce / width).enumerated() {
          let some = stretch.rows == 0..<batch.rowCount ? batch : batch.stretch(stretch.rows)
          var sweep = ViewSweep(plan: plan, batch: some, asks: stretch.asks, of: questions, knowledge, memory: memory)
          if isLarge { rows.release(number) }
          for (place, feature) in features.enumerated() {
            if let ask = sweep.answer(feature, to: targets[place], lot: number + i * batches.count) {
              overflows.withLock { $0.append(Overflow(feature: place, row: questions.spineRow(ask))) }
            }
            if isLarge { rows.release(number) }
          }
        }
        scratches[worker].withLock { $0 = memory.scratch }
        if rows.rowCount > 0 { rows.release(number) }
      }
      let count = done.withLock { count in
        count += 1
        return count
      }
      try progress(count, batches.count)
    }
    if let first = overflows.withLock({ $0.min() }) { throw diagnostics(of: first, questions) }
    let answers = Gathered<FeatureAnswers>(count: targets.count)
    forEachInParallel(targets.count, workers: workers) { _, number in answers.set(number, targets[number].answers()) }
    return answers.all
  }

  private func stretches(
    _ number: Int, _ batch: ViewBatch, _ asks: Range<Int>, _ questions: Questions, rowCount: Int
  ) -> [ViewStretches.Stretch] {
    let isSmall = batch.rowCount <= rowCount
    guard !isSmall, let cut = ViewStretches(batch, questions: questions, features: features, knowledge) else {
      return [ViewStretches.Stretch(rows: 0..<batch.rowCount, asks: asks)]
    }
    return cut.stretches(asks, rowCount: rowCount) { rows.release(number) }
  }

  private final class Scratch: Sendable {
    private let scratch = Mutex(WindowScratch())

    func withLock<Result: Sendable>(_ body: (inout WindowScratch) -> Result) -> Result { scratch.withLock { body(&$0) } }
  }

  private var wanted: ViewColumns {
    var columns = ViewColumns()
    columns.late.formUnion(plan.servesWhenKnown)
    for feature in features {
      columns.late.formUnion(feature.knownWith)
      switch feature.kind {
      case .lookup(let value): columns.values.insert(value)
      case .aggregate(_, _, let operands, let filter):
        columns.values.formUnion(operands)
        if let filter { columns.filters.insert(filter) }
      }
    }
    return columns
  }

  /// Per batch the questions that its rows can answer: each question is in one of them.
  private func askRanges(_ questions: Questions) -> [Range<Int>] {
    let lowest = rows.lowestHashes
    if lowest.isEmpty { return [0..<questions.count] }
    let starts = lowest.enumerated().map { $0 == 0 ? 0 : questions.firstAsk(hash: $1) } + [questions.count]
    return lowest.indices.map { starts[$0]..<starts[$0 + 1] }
  }

  // MARK: Types

  private func answerType(_ feature: FeaturePlan) -> DataType {
    switch feature.kind {
    case .lookup(let value): rows.values[value].type
    case .aggregate(.count, _, _, _), .aggregate(.countDistinct, _, _, _): .int64
    case .aggregate(.min, _, let operands, _), .aggregate(.max, _, let operands, _), .aggregate(.first, _, let operands, _),
      .aggregate(.last, _, let operands, _):
      rows.values[operands[0]].type
    case .aggregate(.sum, _, let operands, _):
      rows.values[operands[0]].type == .int64 || rows.values[operands[0]].type == .boolean ? .int64 : .float64
    case .aggregate: .float64
    }
  }

  /// What only the values told: a sum of texts.
  private func checkTypes(_ feature: FeaturePlan) throws(Diagnostics) {
    guard case .aggregate(let function, _, let operands, _) = feature.kind else { return }
    for operand in operands where !rows.values[operand].isUntyped && !function.accepts(rows.values[operand].type) {
      throw Diagnostics([
        aggregateTypeMistake(
          function.displayName, of: plan.values[operand].text, type: rows.values[operand].type, at: feature.location)
      ])
    }
  }

  // MARK: Sums beyond their type

  private struct Overflow: Comparable {
    let feature: Int
    let row: Int

    static func < (a: Overflow, b: Overflow) -> Bool { a.feature != b.feature ? a.feature < b.feature : a.row < b.row }
  }

  private func diagnostics(of overflow: Overflow, _ questions: Questions) -> Diagnostics {
    let feature = features[overflow.feature]
    return Diagnostics([
      Diagnostic(
        at: feature.location,
        "feature \"\(feature.name)\" of view \"\(plan.view.name.value)\": the sum for the key "
          + "(\(questions.keys.text(overflow.row))) is beyond the range of its type",
        rule: "sum-overflow", hint: "aggregate a float64 expression (`of: \"x * 1.0\"`), or a shorter window")
    ])
  }
}
