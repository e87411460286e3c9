internal import Columns
internal import Parallel
internal import Synchronization
internal import Warehouses

/// One scan: as many connections as are worth their while, all in one state of the file, each stepped by a thread of its own.
struct RelationScan: Sendable {
  private let source: ScanSource
  private let connections: HandedOver
  /// Where the threads share out the rows; absent where one connection reads all of them.
  private let rowIDs: [ClosedRange<Int64>]?
  private let batchRows: Int

  init(_ request: ScanRequest, file: DatabaseFile, threads: Int, batchRows: Int) throws(WarehouseError) {
    let (plan, connections) = try file.readOneState { connection throws(WarehouseError) -> (ScanPlan, Int) in
      let source = try ScanSource(request, connection: connection)
      guard let all = try source.relation.rowIDs(connection) else { return (ScanPlan(source: source, rowIDs: nil), 1) }
      let some = try request.since.flatMap { since throws(WarehouseError) in
        try source.relation.rowIDs(since: since, among: all, connection)
      }
      // What is less than a batch is read at once.
      let isMuch = (some ?? [all]).reduce(0) { $0 + $1.span } >= batchRows
      return (ScanPlan(source: source, rowIDs: some ?? (threads > 1 && isMuch ? [all] : nil)), isMuch ? threads : 1)
    }
    self.init(plan.source, connections, rowIDs: plan.rowIDs, batchRows: batchRows)
  }

  init(_ source: ScanSource, _ connections: [Connection], rowIDs: [ClosedRange<Int64>]? = nil, batchRows: Int = 1 << 16) {
    self.source = source
    self.connections = HandedOver(connections)
    self.rowIDs = rowIDs
    self.batchRows = batchRows
  }

  func run<Stop: Error>(_ take: @Sendable (ScanBatch) throws(Stop) -> Void) throws(ScanError<Stop>) -> ScanOutcome {
    let ranges = rowIDs.map { RowIDRanges($0, threads: connections.count, batchRows: batchRows) }
    let findings = Mutex(Findings<Stop>())
    inParallel(connections.count) { reader in
      do throws(Interruption<Stop>) {
        let (facts, rowCount) = try read(reader, connections[reader], ranges, take)
        findings.withLock { $0.add(facts, rowCount) }
      } catch {
        findings.withLock { $0.add(error) }
        ranges?.abandon()
      }
    }
    return try outcome(findings.withLock { $0 })
  }

  /// What one thread does.
  private func read<Stop: Error>(
    _ reader: Int, _ connection: Connection, _ ranges: RowIDRanges?, _ take: (ScanBatch) throws(Stop) -> Void
  ) throws(Interruption<Stop>) -> ([CellFacts], Int) {
    func reading<Result>(_ body: () throws(BatchReader.Failure) -> Result) throws(Interruption<Stop>) -> Result {
      do throws(BatchReader.Failure) { return try body() } catch { throw .unreadable(error) }
    }
    func hand(_ batch: ScanBatch) throws(Interruption<Stop>) {
      do throws(Stop) { try take(batch) } catch { throw .stopped(error) }
    }
    var batches = try reading { () throws(BatchReader.Failure) in
      try BatchReader(source, connection, reader: reader, batchRows: batchRows)
    }
    guard let ranges else {
      while let batch = try reading({ () throws(BatchReader.Failure) in try batches.next() }) { try hand(batch) }
      return (batches.facts, batches.rowCount)
    }
    while let range = ranges.claim() {
      batches.begin(range)
      let batch = try reading { () throws(BatchReader.Failure) in try batches.next() }
      ranges.giveBack(range, after: batch, isDone: batches.isDone)
      if let batch { try hand(batch) }
    }
    return (batches.facts, batches.rowCount)
  }

  private func outcome<Stop: Error>(_ findings: Findings<Stop>) throws(ScanError<Stop>) -> ScanOutcome {
    switch findings.interruption {
    case .stopped(let error): throw .stopped(error)
    case .unreadable(let failure): throw .warehouse(error(for: failure))
    case nil: break
    }
    guard let facts = findings.facts else { throw .warehouse(error(for: .misfit)) }
    return ScanOutcome(
      outputs: facts.map(\.output), rowCount: findings.rowCount, rowNumbersAreRowIDs: source.relation.rowID != nil)
  }

  /// The same error whatever thread met it.
  private func error(for failure: BatchReader.Failure) -> WarehouseError {
    if let error = ProblemSearch(source, connections[0]).error() { return error }
    switch failure {
    case .statement(let failure): return source.blame(failure, connections[0])
    case .misfit: return .sql(relation: source.relation.relation.name, reason: "it has other values every time it is read")
    }
  }
}

/// What the first connection decides.
private struct ScanPlan {
  let source: ScanSource
  let rowIDs: [ClosedRange<Int64>]?
}

private enum Interruption<Stop: Error>: Error {
  case unreadable(BatchReader.Failure)
  case stopped(Stop)
}

/// What the threads found, put together as they end.
private struct Findings<Stop: Error> {
  /// One per output; nil if the cells of different threads do not fit into one column.
  private(set) var facts: [CellFacts]?
  private(set) var rowCount = 0
  private(set) var interruption: Interruption<Stop>?
  private var isFirst = true

  mutating func add(_ facts: [CellFacts], _ rowCount: Int) {
    self.rowCount += rowCount
    if isFirst {
      isFirst = false
      self.facts = facts
    } else if let others = self.facts {
      let merged = zip(others, facts).compactMap { $0.merged(with: $1) }
      self.facts = merged.count == facts.count ? merged : nil
    }
  }

  mutating func add(_ interruption: Interruption<Stop>) {
    if self.interruption == nil { self.interruption = interruption }
  }
}

/// Connections on their way to their threads.
private struct HandedOver: @unchecked Sendable {
  // Safe because: each is used by one thread, and by the one that opened it only when all have ended.
  private let connections: [Connection]

  init(_ connections: [Connection]) { self.connections = connections }

  var count: Int { connections.count }

  subscript(_ reader: Int) -> Connection { connections[reader] }
}
