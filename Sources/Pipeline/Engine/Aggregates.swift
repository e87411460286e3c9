import Columns
import Definitions
import Kernels
import Planning
import Times

/// A sum beyond the range of its type.
struct SumOverflow: Error {
  /// The first question for which it is.
  let ask: Int
}

struct WindowedAggregate {
  let function: AggregateFunction
  let window: Window
  let operands: [Int]
  let filter: Int?
  let feature: FeaturePlan

  /// What of the batch a function reads; of a count of rows there is no operand.
  func operand(_ number: Int) -> Operand { Operand(value: number < operands.count ? operands[number] : nil, filter: filter) }

  var laidWindow: LaidWindow { LaidWindow(window: window, knownWith: feature.knownWith) }
}

/// A value of the plan, and which rows an aggregate's own `where` takes.
struct Operand: Hashable {
  let value: Int?
  let filter: Int?
}

/// A window over rows that are known with some late columns.
struct LaidWindow: Hashable {
  let window: Window
  let knownWith: [Int]
}

/// What aggregates over the same rows of a batch share.
struct AggregateCache {
  var runs: [LaidWindow: WindowRuns] = [:]
  var counted: [Operand: CountedRows] = [:]
  var counts: [LaidWindow: [Operand: ContiguousArray<Int64>]] = [:]
  var sums: [Operand: PrefixSums] = [:]
  var rounded: [LaidWindow: [Operand: ContiguousArray<Double>]] = [:]
  var squares: [Operand: PrefixSquares] = [:]
  var ranks: [Operand: RowRanks] = [:]
}

extension ViewSweep {
  /// One value per question; as rule R10 says where the window is empty.
  mutating func aggregate(_ aggregate: WindowedAggregate) throws(SumOverflow) -> Column {
    switch aggregate.function {
    case .count: return Column(.int64(Buffer(counts(aggregate, 0))))
    case .sum: return try sum(aggregate)
    case .mean: return try mean(aggregate)
    case .variance, .stddev: return try spread(aggregate)
    case .ratio: return try ratio(aggregate)
    case .min, .max, .first, .last: return extreme(aggregate)
    case .timeSinceLast: return timeSinceLast(aggregate)
    case .countDistinct: return distinct(aggregate)
    case .median: return quantile(0.5, aggregate)
    case .percentile(let p, _): return quantile(p, aggregate)
    }
  }

  // MARK: What functions share

  mutating func runs(_ aggregate: WindowedAggregate) -> WindowRuns {
    let key = aggregate.laidWindow
    if let known = cache.runs[key] { return known }
    var runs = WindowRuns()
    let offset: Int64 = knowledge.boundary == .closed ? 0 : 1
    if key.knownWith.isEmpty, let eventTime = batch.eventTime, knowledge.servesFromEvents(plan) {
      var length = Int64.max
      if case .span(let span) = key.window { length = span.microseconds }
      layWindow(
        groups: groups.span, eventTimes: eventTime.span, offset: offset, length: length, askTimes: askTimes.span, into: &runs)
    } else {
      let inside = servingIntervals.inside(key.window, knownFrom: batch.knownFrom(key.knownWith, knowledge), batch, knowledge)
      layWindow(
        groups: groups.span, enter: inside.enter.span, leave: inside.leave.span, askTimes: askTimes.span, scratch: &memory.scratch, into: &runs)
    }
    cache.runs[key] = runs
    return runs
  }

  /// Which rows an aggregate counts: those that its own `where` takes and whose operand is not null.
  mutating func counted(_ operand: Operand) -> CountedRows {
    if let known = cache.counted[operand] { return known }
    var counted = CountedRows()
    let all = Buffer<UInt8>([])
    let validity = operand.value.flatMap { batch.values[$0]?.validity?.bytes } ?? all
    var filter = all
    if let number = operand.filter, case .boolean(let flags)? = batch.filters[number]?.values { filter = flags.bytes }
    counted.set(validity.span, and: filter.span, from: 0, rowCount: batch.rowCount)
    cache.counted[operand] = counted
    return counted
  }

  /// How many counted rows are inside, per question.
  mutating func counts(_ aggregate: WindowedAggregate, _ operand: Int) -> ContiguousArray<Int64> {
    let (window, key) = (aggregate.laidWindow, aggregate.operand(operand))
    if let known = cache.counts[window]?[key] { return known }
    let (runs, counted) = (runs(aggregate), counted(key))
    var counts = ContiguousArray<Int64>(repeating: 0, count: askCount)
    var span = counts.mutableSpan
    windowCounts(groups: groups.span, runs: runs, counted: counted, into: &span)
    cache.counts[window, default: [:]][key] = counts
    return counts
  }

  mutating func prefixSums(_ operand: Operand) -> PrefixSums {
    if let known = cache.sums[operand] { return known }
    let counted = counted(operand)
    var sums = PrefixSums()
    switch numbers(operand) {
    case .float64(let values): sums.build(groups: groups.span, values: values.span, counted: counted)
    case .int64(let values): sums.build(groups: groups.span, values: values.span, counted: counted)
    }
    cache.sums[operand] = sums
    return sums
  }

  // MARK: Operands

  enum Numbers {
    case int64(Buffer<Int64>)
    case float64(Buffer<Double>)
  }

  func column(_ operand: Operand) -> Column {
    guard let column = operand.value.flatMap({ batch.values[$0] }) else { preconditionFailure("the values of all features are wanted") }
    return column
  }

  /// An operand's numbers, nulls being anything.
  func numbers(_ operand: Operand) -> Numbers {
    let column = column(operand)
    switch column.values {
    case .float64(let buffer): return .float64(buffer)
    case .int64(let buffer): return .int64(buffer)
    case .boolean(let bits): return .int64(Buffer((0..<bits.count).lazy.map { bits[$0] ? 1 : 0 }))
    case .string, .date, .timestamp:
      precondition(column.nullCount == column.count, "types are checked first")
      return .float64(Buffer(repeatElement(0, count: column.count)))
    }
  }

  /// Values that order as the operand's do (rule R12: text by bytes).
  func ordered(_ operand: Operand) -> Numbers {
    let column = column(operand)
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer): return .int64(buffer)
    case .float64(let buffer): return .float64(buffer)
    case .boolean(let bits): return .int64(Buffer((0..<bits.count).lazy.map { bits[$0] ? 1 : 0 }))
    case .date(let buffer): return .int64(Buffer(buffer.elements(0..<buffer.count).lazy.map { Int64($0) }))
    case .string:
      var order = ContiguousArray((0..<column.count).lazy.filter { !column.isNull($0) })
      order.sort { compareValues(column, $0, column, $1) < 0 }
      var keys = ContiguousArray<Int64>(repeating: -1, count: column.count)
      var key: Int64 = 0
      for i in order.indices {
        if i > 0, compareValues(column, order[i - 1], column, order[i]) != 0 { key += 1 }
        keys[order[i]] = key
      }
      return .int64(Buffer(keys))
    }
  }

  // MARK: Answers

  func doubles(_ results: ContiguousArray<Double>, where isValue: (Int) -> Bool) -> Column {
    Column(.float64(Buffer(results)), validity: Bitmap((0..<askCount).lazy.map(isValue)))
  }

  func integers(_ results: ContiguousArray<Int64>, where isValue: (Int) -> Bool) -> Column {
    Column(.int64(Buffer(results)), validity: Bitmap((0..<askCount).lazy.map(isValue)))
  }
}
