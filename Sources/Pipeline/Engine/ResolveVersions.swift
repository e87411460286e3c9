import Columns
import Definitions
package import Diagnostics
package import Planning
package import Warehouses

/// A view's rows, resolved, and what was left out on the way.
package struct ResolvedView: Sendable {
  package let rows: ViewRows
  package let counts: ViewCounts
}

/// Turns what was read of a module into a view's rows: rules R2, R4 and R6.
///
/// O(n log n). Of each record the versions are put in order of known time; each serves until the next is known. Only then are
/// `where`, keys and event times looked at: a deleted, rejected or skipped version serves nothing and still ends the one before it.
///
/// - Throws: a null time without `on_null_time: skip`, a null record id, two rows of one key in a timeless view,
///   with module, row and column.
package func resolveVersions(_ scan: ScanResult, plan: ViewPlan) throws(Diagnostics) -> ResolvedView {
  try checkKeyTypes(scan, plan)
  var resolution = Resolution(scan: scan, plan: plan)
  try resolution.readTimes()
  resolution.rejectVersions()
  resolution.endVersions()
  let order = resolution.serving()
  try resolution.checkTimeless(order)
  return resolution.rows(order)
}

/// A key that turned out to be float64 is no key: what prints alike need not be equal.
private func checkKeyTypes(_ scan: ScanResult, _ plan: ViewPlan) throws(Diagnostics) {
  let floats = plan.keys.filter { scan.columns[$0].column.type == .float64 }
  if floats.isEmpty { return }
  throw Diagnostics(
    floats.map {
      Diagnostic(
        at: plan.outputLocations[$0],
        "key column \"\(plan.outputs[$0].text)\" of module \"\(plan.module.name.value)\" is float64, which is no key", rule: "key-type",
        hint: "cast it to integer or text in the module's SQL")
    })
}

private struct Resolution {
  let scan: ScanResult
  let plan: ViewPlan
  var counts = ViewCounts()

  /// Per row read. A version without event time has `Int64.min`, one that never becomes known `Int64.max`.
  var eventTime: ContiguousArray<Int64> = []
  var knownTime: ContiguousArray<Int64> = []
  var servesFrom: ContiguousArray<Int64> = []
  var servesUntil: ContiguousArray<Int64> = []
  var lateKnown: [ContiguousArray<Int64>] = []
  /// Why a version serves nothing although it may end the one before it.
  var silent: ContiguousArray<Bool> = []
  /// Without known time: as if it were not there.
  var absent: ContiguousArray<Bool> = []

  private let keys: KeyColumns
  private let values: [Column]

  init(scan: ScanResult, plan: ViewPlan) {
    self.scan = scan
    self.plan = plan
    keys = KeyColumns(plan.keys.map { scan.columns[$0].column })
    values = plan.values.map { scan.columns[$0.output].column }
    counts.read = scan.rowCount
    for value in plan.values where scan.columns[value.output].nonFinite > 0 {
      counts.nonFinite[value.text] = scan.columns[value.output].nonFinite
    }
    silent = ContiguousArray(repeating: false, count: scan.rowCount)
    absent = silent
  }

  private func column(_ output: Int) -> Column { scan.columns[output].column }

  private func flag(_ output: Int?, _ row: Int) -> Bool? {
    guard let output, case .boolean(let bits) = column(output).values else { return nil }
    return bits[row]
  }

  mutating func readTimes() throws(Diagnostics) {
    let n = scan.rowCount
    guard let eventOutput = plan.eventTime else {
      eventTime = ContiguousArray(repeating: .min, count: n)
      knownTime = eventTime
      readLateColumns()
      return
    }
    let events = column(eventOutput)
    eventTime = events.microseconds(null: .min)
    knownTime = plan.knownTime.map { column($0).microseconds(null: .max) } ?? events.microseconds(null: .max)
    let knowns = plan.knownTime.map(column) ?? events
    let mayskip = plan.module.onNullTime == .skip
    var problems = NullProblems(scan: scan, plan: plan)
    for row in 0..<n {
      let isDeletion = flag(plan.deleted, row) ?? false
      if knowns.isNull(row) {
        absent[row] = true
        if mayskip {
          counts.nullTimes += 1
        } else {
          problems.add(row, output: plan.knownTime ?? eventOutput, what: plan.knownTime == nil ? "event" : "known")
        }
      } else if events.isNull(row), !isDeletion {
        silent[row] = true
        if mayskip { counts.nullTimes += 1 } else { problems.add(row, output: eventOutput, what: "event") }
      }
      if isDeletion {
        silent[row] = true
        counts.deletions += 1
      }
      knownTime[row] = saturatingAdd(knownTime[row], plan.delayMicroseconds)
    }
    for output in plan.recordID {
      let ids = column(output)
      for row in 0..<n where ids.isNull(row) { problems.add(row, output: output, what: "record id") }
    }
    try problems.throwIfAny()
    readLateColumns()
  }

  private mutating func readLateColumns() {
    lateKnown = plan.lateColumns.map { late in
      var times = column(late.output).microseconds(null: .max)
      for row in times.indices { times[row] = saturatingAdd(times[row], late.delayMicroseconds) }
      return times
    }
  }

  /// Rejects by the view's `where`; a null key comes later, since a version with one still ends the one before it.
  mutating func rejectVersions() {
    servesFrom = knownTime
    for row in 0..<scan.rowCount {
      for late in plan.servesWhenKnown { servesFrom[row] = max(servesFrom[row], lateKnown[late][row]) }
      if flag(plan.serves, row) == false, !silent[row], !absent[row] {
        silent[row] = true
        counts.rejected += 1
      }
    }
  }

  mutating func endVersions() {
    servesUntil = ContiguousArray(repeating: .max, count: scan.rowCount)
    if plan.recordID.isEmpty { return }
    let records = KeyColumns(plan.recordID.map(column))
    var versions = ContiguousArray<(hash: UInt64, known: Int64, row: Int32)>()
    versions.reserveCapacity(scan.rowCount)
    for row in 0..<scan.rowCount where !absent[row] { versions.append((records.hash(row), knownTime[row], Int32(row))) }
    versions.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      let (i, j) = (Int(a.row), Int(b.row))
      let record = KeyColumns.compare(records, i, records, j)
      if record != 0 { return record < 0 }
      if a.known != b.known { return a.known < b.known }
      let deleted = order(flag(plan.deleted, i) == true ? 1 : 0, flag(plan.deleted, j) == true ? 1 : 0)
      if deleted != 0 { return deleted < 0 }
      return eventTime[i] != eventTime[j] ? eventTime[i] < eventTime[j] : tieOrder(i, j) < 0
    }
    for i in versions.indices.dropLast() {
      let (row, next) = (Int(versions[i].row), Int(versions[i + 1].row))
      if versions[i].hash == versions[i + 1].hash, KeyColumns.compare(records, row, records, next) == 0 {
        servesUntil[row] = versions[i + 1].known
      }
    }
  }

  /// The rows that serve at some time, sorted.
  mutating func serving() -> ContiguousArray<Int32> {
    var found = ContiguousArray<(hash: UInt64, event: Int64, row: Int32)>()
    found.reserveCapacity(scan.rowCount)
    for row in 0..<scan.rowCount where !silent[row] && !absent[row] {
      if keys.hasNull(row) {
        counts.nullKeys += 1
      } else if servesUntil[row] <= servesFrom[row] {
        counts.superseded += servesFrom[row] == .max ? 0 : 1
      } else {
        found.append((keys.hash(row), eventTime[row], Int32(row)))
      }
    }
    found.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      let (i, j) = (Int(a.row), Int(b.row))
      let key = KeyColumns.compare(keys, i, keys, j)
      if key != 0 { return key < 0 }
      if a.event != b.event { return a.event < b.event }
      return knownTime[i] != knownTime[j] ? knownTime[i] < knownTime[j] : tieOrder(i, j) < 0
    }
    for i in found.indices.dropFirst() {
      let (a, b) = (Int(found[i - 1].row), Int(found[i].row))
      if found[i - 1].hash == found[i].hash, eventTime[a] == eventTime[b], knownTime[a] == knownTime[b],
        KeyColumns.compare(keys, a, keys, b) == 0
      {
        counts.ties += 1
      }
    }
    counts.rows = found.count
    return ContiguousArray(found.lazy.map(\.row))
  }

  /// Rule R6, and after the values whatever else tells two rows apart, so that equal rows give equal snapshots.
  private func tieOrder(_ i: Int, _ j: Int) -> Int {
    for column in values {
      let result = compareValues(column, i, column, j)
      if result != 0 { return result }
    }
    for times in lateKnown where times[i] != times[j] { return times[i] < times[j] ? -1 : 1 }
    for filter in plan.filters {
      let result = compareValues(column(filter.output), i, column(filter.output), j)
      if result != 0 { return result }
    }
    return servesUntil.isEmpty ? 0 : order(servesUntil[i], servesUntil[j])
  }

  func checkTimeless(_ rows: ContiguousArray<Int32>) throws(Diagnostics) {
    guard plan.isTimeless else { return }
    var doubles = 0
    var first: Int?
    for i in rows.indices.dropFirst() where KeyColumns.compare(keys, Int(rows[i - 1]), keys, Int(rows[i])) == 0 {
      doubles += 1
      first = first ?? Int(rows[i])
    }
    guard let first else { return }
    let more = doubles == 1 ? "" : "; \(doubles - 1) more rows repeat a key"
    throw Diagnostics([
      Diagnostic(
        at: plan.view.name.location,
        "timeless view \"\(plan.view.name.value)\" has two rows of the key (\(keys.text(first))) in module \"\(plan.module.name.value)\"\(more)",
        rule: "timeless-duplicate", hint: "make the module's rows unique by that key, or give the view its event_time")
    ])
  }

  func rows(_ order: ContiguousArray<Int32>) -> ResolvedView {
    func gather(_ times: ContiguousArray<Int64>) -> Buffer<Int64> {
      var result = ContiguousArray<Int64>()
      result.reserveCapacity(order.count)
      for row in order { result.append(times[Int(row)]) }
      return Buffer(result)
    }
    let rows = ViewRows(
      rowCount: order.count,
      keys: zip(plan.entity?.key ?? [], keys.columns).map { Field($0.name.value, $1.type) },
      keyColumns: keys.columns.map { $0.gathered(order.span) }, eventTime: gather(eventTime), knownTime: gather(knownTime),
      servesFrom: gather(servesFrom), servesUntil: gather(servesUntil), lateKnown: lateKnown.map(gather),
      values: plan.values.map {
        ViewValue(column: column($0.output).gathered(order.span), isUntyped: scan.columns[$0.output].isUntyped)
      },
      filters: plan.filters.map { column($0.output).gathered(order.span) })
    return ResolvedView(rows: rows, counts: counts)
  }
}

/// Nulls where a value is needed: the first of each column, and how many more.
private struct NullProblems {
  let scan: ScanResult
  let plan: ViewPlan
  private var found: [(output: Int, what: String, row: Int, count: Int)] = []

  init(scan: ScanResult, plan: ViewPlan) {
    self.scan = scan
    self.plan = plan
  }

  mutating func add(_ row: Int, output: Int, what: String) {
    if let i = found.firstIndex(where: { $0.output == output && $0.what == what }) {
      found[i].count += 1
    } else {
      found.append((output, what, row, 1))
    }
  }

  func throwIfAny() throws(Diagnostics) {
    if found.isEmpty { return }
    throw Diagnostics(found.map(diagnostic))
  }

  private func diagnostic(_ problem: (output: Int, what: String, row: Int, count: Int)) -> Diagnostic {
    let number = scan.rowNumbers.span[problem.row]
    let key = KeyColumns(plan.keys.map { scan.columns[$0].column })
    let keyText = key.columns.isEmpty ? "" : ", key (\(key.text(problem.row)))"
    let more = problem.count == 1 ? "" : "; \(problem.count - 1) more rows are null there"
    let isTime = problem.what != "record id"
    return Diagnostic(
      at: plan.outputLocations[problem.output],
      "module \"\(plan.module.name.value)\", \(scan.rowNumbersAreRowIDs ? "rowid" : "row") \(number)\(keyText), column "
        + "\"\(plan.outputs[problem.output].text)\": the \(problem.what)\(isTime ? " time" : "") is null\(more)",
      rule: isTime ? "null-time" : "null-record-id",
      hint: isTime
        ? "say `on_null_time: skip` in the module to leave such rows out, or fill them in in its SQL"
        : "give every row a record id in the module's SQL: rows with one id are versions of one record")
  }
}
