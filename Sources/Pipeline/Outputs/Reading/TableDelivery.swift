internal import Columns
internal import Diagnostics
internal import Synchronization
internal import Times
internal import Warehouses

/// Reads one relation of the warehouse.
///
/// The warehouse stops at the first batch with values that do not fit and tells which, column by column. So that all else that is wrong
/// is told too, the other columns are then read on without those.
struct TableDelivery {
  private let contract: Contract
  private let warehouse: any Warehouse
  private let relation: String
  private let renamed: [String: String]
  private let name: String
  private let emit: @Sendable (Delivery) -> Bool

  private struct Enough: Error {}

  init(
    _ deliveries: Deliveries, _ warehouse: any Warehouse, relation: String, renamed: [String: String], name: String,
    _ emit: @escaping @Sendable (Delivery) -> Bool
  ) {
    contract = deliveries.contract
    self.warehouse = warehouse
    self.relation = relation
    self.renamed = renamed
    self.name = name
    self.emit = emit
  }

  /// - Returns: whether more is wanted.
  func run() -> Bool {
    do throws(WarehouseError) {
      guard let found = try warehouse.relation(relation) else {
        return fail(.missingRelation(relation, warehouse: warehouse.displayName), candidates: try warehouse.relationNames())
      }
      let names = found.columns.map(\.name)
      let header = Header(names, contract, allowsOthers: true, renamed: renamed)
      for mistake in header.mistakes {
        let violation = Violation(file: name, column: mistake.column, rule: mistake.rule, message: "\(name): \(mistake.message)")
        if !emit(.mistake(violation, hint: mistake.hint)) { return false }
      }
      return read(header.places.map { $0.map { names[$0] } })
    } catch {
      return fail(error)
    }
  }

  private func read(_ columns: [String?]) -> Bool {
    var columns = columns
    var handedOver = 0
    while true {
      let targets = columns.indices.filter { columns[$0] != nil }
      if targets.isEmpty { return true }
      do throws(ScanError<Enough>) {
        return tellNotFinite(try scan(columns, targets, after: &handedOver), targets)
      } catch {
        switch error {
        case .stopped: return false
        case .warehouse(.data(let problems)):
          for problem in problems {
            if !tell(problem, target: targets[problem.output]) { return false }
            columns[targets[problem.output]] = nil
          }
          if problems.isEmpty { return fail(.data(problems)) }
        case .warehouse(let error): return fail(error)
        }
      }
    }
  }

  /// - Parameter handedOver: how many rows were; these are not handed over again.
  private func scan(_ columns: [String?], _ targets: [Int], after handedOver: inout Int) throws(ScanError<Enough>) -> ScanOutcome {
    let outputs = targets.map { ScanOutput(.column(columns[$0] ?? ""), as: reading(contract.targets[$0])) }
    let request = ScanRequest(
      relation: relation, outputs: outputs, keyOutputs: targets.indices.filter { targets[$0] < contract.keyCount }, zone: contract.zone)
    let rows = Mutex((seen: 0, skipped: handedOver))
    defer { handedOver = max(handedOver, rows.withLock { $0.seen }) }
    // On one thread rows come in one order, so that messages do too.
    return try warehouse.scan(request, threads: 1, batchRows: Chunk.rowLimit) { batch throws(Enough) in
      let isNew = rows.withLock { rows in
        rows.seen += batch.rowCount
        return rows.seen > rows.skipped
      }
      guard isNew else { return }
      var typed = [Column?](repeating: nil, count: contract.targets.count)
      for (i, target) in targets.enumerated() { typed[target] = batch.columns[i] }
      let chunk = Chunk(
        file: name, columns: typed, rowCount: batch.rowCount, places: .rows(batch.rowNumbers), misfits: [],
        misfitRows: Array(repeating: [], count: typed.count), unlisted: [])
      if !emit(.chunk(chunk)) { throw Enough() }
    }
  }

  private func reading(_ target: Contract.Target) -> ScanOutput.Reading {
    if case .predictedAt(let reader) = target.role { .time(reader) } else { .value(target.type) }
  }

  private func tell(_ problem: DataProblem, target: Int) -> Bool {
    let kind: RowProblem =
      switch problem.kind {
      case .misfit, .inexactInteger: .misfit
      case .notUTF8, .blob, .tooMuchText: .notText
      case .time(let problem): .time(problem)
      }
    let words = RowWords(contract: contract, latest: 0, entities: "")
    let finding = Finding(row: 0, target: Int32(truncatingIfNeeded: target), problem: kind)
    let violation = Violation(
      file: name, row: Int(problem.row), column: contract.targets[target].name, rule: kind.rule, value: problem.value,
      message: words.message(finding, value: problem.value, length: 0))
    let unlisted = Chunk.Unlisted(target: Int32(truncatingIfNeeded: target), problem: kind, count: problem.more)
    return emit(.misfits(unlisted, violation))
  }

  /// The warehouse reads them as nulls and counts them.
  private func tellNotFinite(_ outcome: ScanOutcome, _ targets: [Int]) -> Bool {
    for (output, target) in zip(outcome.outputs, targets) where output.nonFinite > 0 {
      let column = contract.targets[target].name
      let count = output.nonFinite
      let message =
        "\(name): column \"\(column)\" has \(count) value\(count == 1 ? " that is no finite number" : "s that are no finite numbers")"
      let violation = Violation(file: name, column: column, rule: RowProblem.notFinite.rule, message: message)
      if !emit(.mistake(violation, hint: "store null where there is no value")) { return false }
    }
    return true
  }

  private func fail(_ error: WarehouseError, candidates: [String] = []) -> Bool {
    let told = diagnostics(for: error, at: nil, of: name == relation ? nil : name, candidates: candidates)
    _ = emit(.failure(told, isBusy: error.isBusy))
    return false
  }
}
