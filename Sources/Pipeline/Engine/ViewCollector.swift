package import Columns
import Definitions
package import Diagnostics
import Parallel
package import Planning
import Synchronization
package import Warehouses

/// Turns what is read of a module, batch by batch and on several threads, into a view's rows: rules R2, R4 and R6.
///
/// First ``take(_:)`` every batch, then ``finish(_:workers:)``, then ask for each ``table(_:)`` of ``tableCount``. Rows beyond half of the
/// memory go to disk, and no more of them are sorted at once than fit into the rest.
package final class ViewCollector: Sendable {
  /// Rows are parted into lots by the first eight bits of their hashes.
  private static let lotCount = 256

  private let plan: ViewPlan
  private let knownAfter: Int64?
  /// Rows by their record, while versions are not resolved; absent where every row is a record of its own.
  private let records: PartedRows?
  private let rows: PartedRows
  private let spill: any Spill
  private let limit: SortLimit
  private let state = Mutex(State())

  private struct State {
    var counts = ViewCounts()
    var problems = NullProblems()
    var tables: [TableRows] = []
    var doubles: [(table: Int, key: String)] = []
    var doubleCount = 0
  }

  /// What one table is made of: a lot, or one of the parts into which a large one was cut.
  private struct TableRows {
    let lot: Int
    let rows: PartedRows.Parts
    let part: Int
  }

  /// - Parameters:
  ///   - knownAfter: rows that became known at this time or before are left out, as if they had not been read.
  ///   - memory: bytes, for all that is done with the rows until they are written.
  ///   - workers: how many ask for tables at once.
  package init(plan: ViewPlan, knownAfter: Int64? = nil, memory: Int, workers: Int, spill: any Spill) {
    self.plan = plan
    self.knownAfter = knownAfter
    self.spill = spill
    limit = SortLimit(memory: memory / 8 * 3, workers: workers)
    let budget = plan.hasVersions ? memory / 4 : memory / 2
    records = plan.hasVersions ? PartedRows(partCount: Self.lotCount, budget: budget, spill: spill) : nil
    rows = PartedRows(partCount: Self.lotCount, budget: budget, spill: spill)
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
      try records.add(times.kept + [Column(.boolean(silent)), deletions], rows: present, parts: lots(of: hashes), number: number)
      note(times.counts, problems)
    } else {
      let keys = KeyColumns(plan.keys.map { columns[$0] })
      let (kept, nullKeys) = keys.rowsWithKey(rowCount) { times.state($0) == .serves }
      var counts = times.counts
      counts.nullKeys = nullKeys
      try rows.add(times.kept, rows: kept, parts: lots(of: keys.hashes(0..<rowCount)), number: number)
      note(counts, problems)
    }
  }

  /// Takes rows as they are kept, of which nothing is to be told any more.
  package func take(kept table: ViewTable) throws(Diagnostics) {
    precondition(table.parts == plan.restingParts)
    try rows.add(
      table.columns, rows: ContiguousArray(0..<Int32(table.rowCount)), parts: lots(of: table.keys.hashes(0..<table.rowCount)), number: 0)
  }

  private func note(_ counts: ViewCounts, _ problems: NullProblems) {
    state.withLock { state in
      state.counts = state.counts + counts
      state.problems.merge(problems)
    }
  }

  /// Ends the reading.
  ///
  /// - Parameter check: called now and then; it may throw to stop it.
  /// - Throws: null times and record ids, a key that turned out to be no key.
  package func finish(
    _ outcome: ScanOutcome, workers: Int, check: @Sendable () throws(Diagnostics) -> Void = {}
  ) throws(Diagnostics) {
    let types = outcome.outputs.map(\.type)
    try checkKeyTypes(types)
    let problems = state.withLock { $0.problems.diagnostics(plan, rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs) }
    if !problems.isEmpty { throw Diagnostics(problems) }
    let kept = plan.unresolvedParts.map { types[plan.output(of: $0) ?? 0] }
    if let records { try resolve(records.finish(types: kept + [.boolean, .boolean]), workers: workers, check: check) }
    let resting = plan.restingParts.map { part in
      plan.output(of: part).map { types[$0] } ?? (part == .servesUntil ? .timestamp : .boolean)
    }
    try finish(types: resting, workers: workers, check: check)
  }

  /// Ends the taking of rows as they are kept.
  ///
  /// - Parameter types: of their columns.
  package func finish(
    types: [DataType], workers: Int, check: @Sendable () throws(Diagnostics) -> Void = {}
  ) throws(Diagnostics) {
    let (parts, keyCount) = (plan.restingParts, plan.keys.count)
    let places: PartedRows.Parts.Places = { columns, rowCount in
      ViewTable(parts: parts, columns: columns, rowCount: rowCount).sortPlaces
    }
    let tables = try tableRows(of: rows.finish(types: types)) { rows, lot, count throws(Diagnostics) in
      let cut = try rows.cut(lot, into: count, by: places, spill: spill, workers: workers, check: check)
      // Different keys of one hash do not follow each other by their times.
      if try cut.parts.haveOneKey(each: cut.dividedHashes, keys: { KeyColumns(Array($0[..<keyCount])) }, workers: workers) {
        return cut.parts
      }
      return try rows.cut(lot, into: count, dividing: false, by: places, spill: spill, workers: workers, check: check).parts
    }
    state.withLock { $0.tables = tables }
  }

  /// - Parameter cut: makes several parts of one that is too large.
  private func tableRows(
    of lots: PartedRows.Parts,
    cut: (_ rows: PartedRows.Parts, _ lot: Int, _ count: Int) throws(Diagnostics) -> PartedRows.Parts
  ) throws(Diagnostics) -> [TableRows] {
    var tables: [TableRows] = []
    for lot in 0..<lots.count {
      let count = limit.cuts(of: lot, lots)
      if count == 1 {
        tables.append(TableRows(lot: lot, rows: lots, part: lot))
      } else {
        let parts = try cut(lots, lot, count)
        tables += (0..<parts.count).map { TableRows(lot: lot, rows: parts, part: $0) }
      }
    }
    return tables
  }

  private func resolve(
    _ records: PartedRows.Parts, workers: Int, check: @Sendable () throws(Diagnostics) -> Void
  ) throws(Diagnostics) {
    let place = plan.restingParts.firstIndex(of: .servesUntil) ?? 0
    let ids = plan.keys.count..<plan.keys.count + plan.recordID.count
    // All versions of a record have to stay together.
    let places: PartedRows.Parts.Places = { columns, _ in
      ContiguousArray(KeyColumns(Array(columns[ids])).recordHashes().lazy.map { SortPlace(before: $0) })
    }
    let tables = try tableRows(of: records) { rows, lot, count throws(Diagnostics) in
      try rows.cut(lot, into: count, by: places, spill: spill, workers: workers, check: check).parts
    }
    try forEachInParallel(tables.count, workers: workers) { _, number throws(Diagnostics) in
      try check()
      let (columns, count) = try tables[number].rows.columns(of: tables[number].part)
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
          parts: lots(of: keys.hashes(0..<count)), number: number)
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
      try rows.add(resting, rows: kept, parts: lots(of: keys.hashes(0..<count)), number: number)
      note(counts, NullProblems())
    }
  }

  private func lots(of hashes: ContiguousArray<UInt64>) -> ContiguousArray<Int32> {
    var lots = ContiguousArray<Int32>()
    lots.reserveCapacity(hashes.count)
    for hash in hashes { lots.append(Int32(truncatingIfNeeded: hash >> 56)) }
    return lots
  }

  package var tableCount: Int { state.withLock { $0.tables.count } }

  /// Rows in their order. Tables follow each other in it; those of one lot have all rows of a range of key hashes.
  package func table(_ number: Int) throws(Diagnostics) -> (table: ViewTable, lot: Int) {
    let rows = state.withLock { $0.tables[number] }
    let (columns, rowCount) = try rows.rows.columns(of: rows.part)
    var table = ViewTable(parts: plan.restingParts, columns: columns, rowCount: rowCount)
    table.arrange(by: order(of: table, number))
    return (table, rows.lot)
  }

  private func order(of table: ViewTable, _ number: Int) -> ContiguousArray<Int32> {
    let sort = RowSort(table)
    let order = sort.order()
    let ties = sort.ties(in: order)
    let keys = table.keys
    let serving = table.servingCount
    state.withLock { state in
      state.counts.rows += serving
      state.counts.ties += plan.isTimeless ? 0 : ties.count
      if plan.isTimeless, let first = ties.first {
        state.doubles.append((number, keys.text(Int(first))))
        state.doubleCount += ties.count
      }
    }
    return order
  }

  /// - Throws: two rows of one key in a timeless view.
  package func check() throws(Diagnostics) {
    let (doubles, count) = state.withLock { ($0.doubles, $0.doubleCount) }
    guard let first = doubles.min(by: { $0.table < $1.table }) else { return }
    let more = count == 1 ? "" : "; \(count - 1) more rows repeat a key"
    throw Diagnostics([
      Diagnostic(
        at: plan.view.name.location,
        "timeless view \"\(plan.view.name.value)\" has two rows of the key (\(first.key)) in module \"\(plan.module.name.value)\"\(more)",
        rule: "timeless-duplicate", hint: "make the module's rows unique by that key, or give the view its event_time")
    ])
  }

  /// What was left out, once all tables have been asked for.
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
