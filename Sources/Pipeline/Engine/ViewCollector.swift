import Columns
import Definitions
package import Diagnostics
import Parallel
package import Planning
import Synchronization
package import Warehouses

/// Turns what is read of a module, batch by batch and on several threads, into a view's rows: rules R2, R4 and R6.
///
/// First ``take(_:)`` every batch, then ``finish(_:workers:)``, then ask for ``table(of:)``
/// each of ``lotCount`` lots. Rows beyond a budget go to disk.
package final class ViewCollector: Sendable {
  package static let lotCount = HashRuns.lotCount

  private let plan: ViewPlan
  private let knownAfter: Int64?
  /// Rows by their record, while versions are not resolved; absent where every row is a record of its own.
  private let records: HashRuns?
  private let rows: HashRuns
  private let state = Mutex(State())

  private struct State {
    var counts = ViewCounts()
    var problems = NullProblems()
    var lots: HashRuns.Lots?
    var doubles: [(hash: UInt64, key: String)] = []
    var doubleCount = 0
  }

  /// - Parameter budget: bytes of rows to keep in memory.
  /// - Parameter knownAfter: rows that became known at this time or before are left out, as if they had not been read.
  package init(plan: ViewPlan, knownAfter: Int64? = nil, budget: Int, spill: any Spill) {
    self.plan = plan
    self.knownAfter = knownAfter
    records = plan.hasVersions ? HashRuns(budget: budget / 2, spill: spill) : nil
    rows = HashRuns(budget: plan.hasVersions ? budget / 2 : budget, spill: spill)
  }

  /// Takes some of the rows that were read; called from several threads at once.
  package func take(_ batch: ScanBatch) throws(Diagnostics) {
    let (columns, number, rowCount) = (batch.columns, batch.number, batch.rowCount)
    let times = RowTimes(columns, rowCount: rowCount, knownAfter: knownAfter, plan: plan)
    var problems = times.problems
    problems.locate(batch: number, rowNumbers: batch.rowNumbers, keys: KeyColumns(plan.keys.map { columns[$0] }))
    if let records {
      let hashes = KeyColumns(plan.recordID.map { columns[$0] }).recordHashes()
      var present: ContiguousArray<Int32> = []
      present.reserveCapacity(rowCount)
      for row in 0..<rowCount where times.state(row) != .absent { present.append(Int32(row)) }
      let silent = Bitmap((0..<rowCount).lazy.map { times.state($0) != .serves })
      let deletions = plan.deleted.map { columns[$0] } ?? Column(.boolean(Bitmap(repeatElement(false, count: rowCount))))
      try records.add(times.kept + [Column(.boolean(silent)), deletions], rows: present, hashes: hashes, number: number)
      note(times.counts, problems)
    } else {
      let keys = KeyColumns(plan.keys.map { columns[$0] })
      let (kept, nullKeys) = keys.rowsWithKey(rowCount) { times.state($0) == .serves }
      var counts = times.counts
      counts.nullKeys = nullKeys
      try rows.add(times.kept, rows: kept, hashes: keys.hashes(0..<rowCount), number: number)
      note(counts, problems)
    }
  }

  private func note(_ counts: ViewCounts, _ problems: NullProblems) {
    state.withLock { state in
      state.counts = state.counts + counts
      state.problems.merge(problems)
    }
  }

  /// Ends the reading.
  ///
  /// - Throws: null times and record ids, a key that turned out to be no key.
  package func finish(_ outcome: ScanOutcome, workers: Int) throws(Diagnostics) {
    let types = outcome.outputs.map(\.type)
    try checkKeyTypes(types)
    let problems = state.withLock { $0.problems.diagnostics(plan, rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs) }
    if !problems.isEmpty { throw Diagnostics(problems) }
    let kept = plan.unresolvedParts.map { types[plan.output(of: $0) ?? 0] }
    if let records { try resolve(records.finish(types: kept + [.boolean, .boolean]), workers: workers) }
    let resting = plan.restingParts.map { part in
      plan.output(of: part).map { types[$0] } ?? (part == .servesUntil ? .timestamp : .boolean)
    }
    state.withLock { state in
      state.lots = rows.finish(types: resting)
    }
  }

  private func resolve(_ lots: HashRuns.Lots, workers: Int) throws(Diagnostics) {
    let place = plan.restingParts.firstIndex(of: .servesUntil) ?? 0
    try forEachInParallel(Self.lotCount, workers: workers) { _, lot throws(Diagnostics) in
      let (columns, count) = try lots.columns(of: lot)
      if count == 0 { return }
      guard case .boolean(let silent) = columns[columns.count - 2].values, case .boolean(let deletions) = columns[columns.count - 1].values
      else { preconditionFailure("flags are booleans") }
      let table = ViewTable(parts: plan.unresolvedParts, columns: Array(columns.dropLast(2)), rowCount: count)
      let resolution = VersionResolution(table, silent: silent, deletions: deletions, plan: plan)
      let ends = resolution.ends()
      let keys = table.keys
      var counts = ViewCounts()
      if plan.appends {
        var resting = table.columns
        resting.insert(timesOrNever(ends), at: place)
        try rows.add(
          resting + [columns[columns.count - 2], columns[columns.count - 1]], rows: ContiguousArray(0..<Int32(count)),
          hashes: keys.hashes(0..<count), number: lot)
        return
      }
      let (whole, nullKeys) = keys.rowsWithKey(count) { !resolution.isSilent($0) }
      counts.nullKeys = nullKeys
      var kept: ContiguousArray<Int32> = []
      for row in whole {
        let from = resolution.servesFrom(Int(row))
        if from < ends[Int(row)] { kept.append(row) } else { counts.superseded += from == .max ? 0 : 1 }
      }
      var resting = table.columns
      resting.insert(timesOrNever(ends), at: place)
      try rows.add(resting, rows: kept, hashes: keys.hashes(0..<count), number: lot)
      note(counts, NullProblems())
    }
  }

  /// A lot's rows, sorted. Lots follow each other by key hash.
  package func table(of lot: Int) throws(Diagnostics) -> ViewTable {
    guard let lots = state.withLock({ $0.lots }) else { preconditionFailure("reading has ended") }
    var columns = try lots.columns(of: lot).columns
    let order = order(of: ViewTable(parts: plan.restingParts, columns: columns, rowCount: columns.first?.count ?? 0), lot)
    // One by one, so that a large lot is not there twice.
    for i in columns.indices { columns[i] = columns[i].gathered(order.span) }
    return ViewTable(parts: plan.restingParts, columns: columns, rowCount: order.count)
  }

  private func order(of table: ViewTable, _ lot: Int) -> ContiguousArray<Int32> {
    let sort = RowSort(table)
    let order = sort.order()
    let ties = sort.ties(in: order)
    let keys = table.keys
    let serving = table.servingCount
    state.withLock { state in
      state.counts.rows += serving
      state.counts.ties += plan.isTimeless ? 0 : ties.count
      if plan.isTimeless, let first = ties.first {
        state.doubles.append((UInt64(lot), keys.text(Int(first))))
        state.doubleCount += ties.count
      }
    }
    return order
  }

  /// - Throws: two rows of one key in a timeless view.
  package func check() throws(Diagnostics) {
    let (doubles, count) = state.withLock { ($0.doubles, $0.doubleCount) }
    guard let first = doubles.min(by: { $0.hash < $1.hash }) else { return }
    let more = count == 1 ? "" : "; \(count - 1) more rows repeat a key"
    throw Diagnostics([
      Diagnostic(
        at: plan.view.name.location,
        "timeless view \"\(plan.view.name.value)\" has two rows of the key (\(first.key)) in module \"\(plan.module.name.value)\"\(more)",
        rule: "timeless-duplicate", hint: "make the module's rows unique by that key, or give the view its event_time")
    ])
  }

  /// What was left out, once all lots have been asked for.
  ///
  /// - Parameter nonFinite: per output of the plan.
  package func counts(nonFinite: [Int]) -> ViewCounts {
    var counts = state.withLock { $0.counts }
    for value in plan.values where nonFinite[value.output] > 0 { counts.nonFinite[value.text] = nonFinite[value.output] }
    return counts
  }

  /// A key that turned out to be float64 is no key: what prints alike need not be equal.
  private func checkKeyTypes(_ types: [DataType]) throws(Diagnostics) {
    let floats = plan.keys.filter { types[$0] == .float64 }
    if floats.isEmpty { return }
    throw Diagnostics(
      floats.map {
        Diagnostic(
          at: plan.outputLocations[$0],
          "key column \"\(plan.outputs[$0].text)\" of module \"\(plan.module.name.value)\" is float64, which is no key", rule: "key-type",
          hint: "cast it to integer or text in the module's SQL")
      })
  }
}

/// `Int64.max` becomes null.
func timesOrNever(_ times: ContiguousArray<Int64>) -> Column {
  Column(.timestamp(Buffer(times)), validity: Bitmap(times.lazy.map { $0 != .max }))
}

extension KeyColumns {
  /// Of the rows that are wanted those without a null in their key, and how many have one.
  func rowsWithKey(_ count: Int, where isWanted: (Int) -> Bool) -> (rows: ContiguousArray<Int32>, nullKeys: Int) {
    let mayLack = columns.contains { $0.validity != nil }
    var rows = ContiguousArray<Int32>()
    rows.reserveCapacity(count)
    var nullKeys = 0
    for row in 0..<count where isWanted(row) {
      if mayLack, hasNull(row) { nullKeys += 1 } else { rows.append(Int32(row)) }
    }
    return (rows, nullKeys)
  }
}

extension ViewTable {
  /// Rows that are no mere ends of others.
  package var servingCount: Int {
    guard let silent = column(.silent), case .boolean(let flags) = silent.values else { return rowCount }
    return rowCount - flags.ones
  }

  /// The same rows in the order in which they are kept.
  ///
  /// - Parameter ties: all that settles ties of equal keys and times (rule R6); asked for only if there are any.
  package func sorted(ties: @escaping () -> ViewTable) -> ViewTable {
    gathered(RowSort(self, ties: ties).order().span)
  }
}
