package import Columns
import Definitions
import Diagnostics
import Planning
import Warehouses

/// The times of some rows that were read, and which of the rows can serve: rules R3 and R4 as far as one row alone tells.
struct RowTimes {
  /// What one row alone says of its version.
  enum State: UInt8 {
    case serves
    /// It serves nothing, and still ends the version before it: deleted, rejected by `where`, without event time.
    case silent
    /// Without known time: as if it were not there.
    case absent
  }

  private let plan: ViewPlan
  private let columns: [Column]
  private let rowCount: Int
  /// Per row; empty: all serve.
  private(set) var states: ContiguousArray<State> = []
  private(set) var counts = ViewCounts()
  private(set) var problems = NullProblems()

  /// - Parameters:
  ///   - columns: one per output of the plan.
  ///   - knownAfter: rows that became known at this time or before do not count at all.
  init(_ columns: [Column], rowCount: Int, knownAfter: Int64? = nil, plan: ViewPlan) {
    self.plan = plan
    self.columns = columns
    self.rowCount = rowCount
    counts.read = rowCount
    if let knownAfter { leaveOut(knownUntil: knownAfter) }
    if let event = plan.eventTime { readNulls(event: event) }
    for output in plan.recordID where columns[output].nullCount > 0 {
      for row in 0..<rowCount where columns[output].isNull(row) { problems.add(row, output: output, what: .recordID) }
    }
    if let serves = plan.serves, case .boolean(let flags) = columns[serves].values {
      for row in 0..<rowCount where !flags[row] && state(row) == .serves {
        set(row, .silent)
        counts.rejected += 1
      }
    }
  }

  private mutating func leaveOut(knownUntil limit: Int64) {
    guard let known = plan.knownTime, case .timestamp(let times) = columns[known].values else { return }
    let span = times.span
    for row in span.indices where !columns[known].isNull(row) && saturatingAdd(span[row], plan.delayMicroseconds) <= limit {
      set(row, .absent)
      counts.read -= 1
    }
  }

  func state(_ row: Int) -> State { states.isEmpty ? .serves : states[row] }

  private mutating func set(_ row: Int, _ state: State) {
    if states.isEmpty { states = ContiguousArray(repeating: .serves, count: rowCount) }
    states[row] = state
  }

  private mutating func readNulls(event: Int) {
    let (events, knowns) = (columns[event], columns[plan.knownTime ?? event])
    let maySkip = plan.module.onNullTime == .skip
    var deleted: Bitmap?
    if let output = plan.deleted, case .boolean(let flags) = columns[output].values { deleted = flags }
    if events.nullCount == 0, knowns.nullCount == 0, deleted == nil { return }
    for row in 0..<rowCount where state(row) != .absent {
      let isDeletion = deleted?[row] ?? false
      if knowns.isNull(row) {
        set(row, .absent)
        if maySkip {
          counts.nullTimes += 1
        } else {
          problems.add(row, output: plan.knownTime ?? event, what: plan.knownTime == nil ? .event : .known)
        }
      } else if events.isNull(row), !isDeletion {
        set(row, .silent)
        if maySkip { counts.nullTimes += 1 } else { problems.add(row, output: event, what: .event) }
      }
      if isDeletion {
        if state(row) != .absent { set(row, .silent) }
        counts.deletions += 1
      }
    }
  }

  /// What the plan keeps of the rows, delays added, as long as versions are not resolved.
  var kept: [Column] {
    plan.unresolvedParts.map { part in
      switch part {
      case .knownTime: columns[plan.knownTime ?? 0].delayed(by: plan.delayMicroseconds)
      case .late(let i): columns[plan.lateColumns[i].output].delayed(by: plan.lateColumns[i].delayMicroseconds)
      default: columns[plan.output(of: part) ?? 0]
      }
    }
  }
}

extension Column {
  /// Times later by a delay; nulls stay.
  package func delayed(by microseconds: Int64) -> Column {
    guard microseconds != 0, case .timestamp(let buffer) = values else { return self }
    return Column(.timestamp(buffer.delayed(by: microseconds)), validity: validity)
  }
}

extension Buffer<Int64> {
  package func delayed(by microseconds: Int64) -> Buffer<Int64> {
    let span = span
    var times = ContiguousArray<Int64>()
    times.reserveCapacity(count)
    for i in span.indices { times.append(saturatingAdd(span[i], microseconds)) }
    return Buffer(times)
  }
}

/// Nulls where a value is needed: the first of each column, and how many.
struct NullProblems: Sendable {
  enum What: Sendable { case event, known, recordID }

  struct Problem: Sendable {
    let output: Int
    let what: What
    var row: Int
    var count: Int
    /// Of the batch, and what people call the row; set once the batch is known.
    var batch = 0
    var rowNumber: Int64 = 0
    var key = ""
  }

  private(set) var all: [Problem] = []

  mutating func add(_ row: Int, output: Int, what: What) {
    if let i = all.firstIndex(where: { $0.output == output && $0.what == what }) {
      all[i].count += 1
    } else {
      all.append(Problem(output: output, what: what, row: row, count: 1))
    }
  }

  /// Says where the rows are.
  mutating func locate(batch: Int, rowNumbers: RowNumbers, keys: KeyColumns) {
    for i in all.indices {
      all[i].batch = batch
      all[i].rowNumber = rowNumbers[all[i].row]
      all[i].key = keys.columns.isEmpty ? "" : keys.text(all[i].row)
    }
  }

  mutating func merge(_ other: NullProblems) {
    for problem in other.all {
      guard let i = all.firstIndex(where: { $0.output == problem.output && $0.what == problem.what }) else {
        all.append(problem)
        continue
      }
      let count = all[i].count + problem.count
      if problem.batch < all[i].batch { all[i] = problem }
      all[i].count = count
    }
  }

  func diagnostics(_ plan: ViewPlan, rowNumbersAreRowIDs: Bool) -> [Diagnostic] {
    // In the order in which the first rows and their columns were read.
    let inOrder = all.sorted { ($0.batch, $0.row, $0.what == .recordID ? 1 : 0) < ($1.batch, $1.row, $1.what == .recordID ? 1 : 0) }
    return inOrder.map { problem in
      let keyText = problem.key.isEmpty ? "" : ", key (\(problem.key))"
      let more = problem.count == 1 ? "" : "; \(problem.count - 1) more rows are null there"
      let isTime = problem.what != .recordID
      let what = problem.what == .event ? "event time" : problem.what == .known ? "known time" : "record id"
      return Diagnostic(
        at: plan.outputLocations[problem.output],
        "module \"\(plan.module.name.value)\", \(rowNumbersAreRowIDs ? "rowid" : "row") \(problem.rowNumber)\(keyText), column "
          + "\"\(plan.outputs[problem.output].text)\": the \(what) is null\(more)",
        rule: isTime ? "null-time" : "null-record-id",
        hint: isTime
          ? "say `on_null_time: skip` in the module to leave such rows out, or fill them in in its SQL"
          : "give every row a record id in the module's SQL: rows with one id are versions of one record")
    }
  }
}
