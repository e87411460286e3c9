internal import Columns
internal import Parallel
internal import Synchronization

extension Warehouse {
  /// Reads a relation into whole columns, in the warehouse's own order: for what is small, since all is in memory at once.
  package func scan(_ request: ScanRequest, threads: Int = 1) throws(WarehouseError) -> ScanResult {
    let kept = Mutex<[ScanBatch]>([])
    let outcome: ScanOutcome
    do throws(ScanError<Never>) {
      outcome = try scan(request, threads: threads, batchRows: 1 << 16) { batch in kept.withLock { $0.append(batch) } }
    } catch {
      switch error {
      case .warehouse(let error): throw error
      }
    }
    // Moved out, so that the pieces go as soon as they are joined.
    return try joined(
      kept.withLock { batches in
        defer { batches = [] }
        return batches
      }, outcome, request, threads: threads)
  }
}

/// Batches as whole columns, in the warehouse's own order.
package func joined(
  _ unordered: consuming [ScanBatch], _ outcome: ScanOutcome, _ request: ScanRequest, threads: Int
) throws(WarehouseError) -> ScanResult {
  var batches = unordered
  batches.sort { $0.number < $1.number }
  let problems = request.outputs.indices.compactMap { tooMuchText(batches, output: $0, outcome, request) }
  if !problems.isEmpty { throw .data(problems) }
  var numbers = ContiguousArray<Int64>()
  numbers.reserveCapacity(outcome.rowCount)
  for batch in batches { batch.rowNumbers.append(count: batch.rowCount, to: &numbers) }
  let pieces = Mutex(outcome.outputs.indices.map { output in batches.map { $0.columns[output] } })
  batches = []
  let columns = Mutex([ScannedColumn?](repeating: nil, count: outcome.outputs.count))
  forEachInParallel(outcome.outputs.count, workers: threads) { _, i in
    let own = pieces.withLock { all in
      defer { all[i] = [] }
      return all[i]
    }
    let facts = outcome.outputs[i]
    let column = ScannedColumn(
      column: .concatenated(own.map { ($0.converted(to: facts.type), 0..<$0.count) }, type: facts.type), isUntyped: facts.isUntyped,
      nonFinite: facts.nonFinite)
    columns.withLock { $0[i] = column }
  }
  return ScanResult(
    columns: columns.withLock { $0.compactMap(\.self) }, rowCount: outcome.rowCount, rowNumbers: Buffer(numbers),
    rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs)
}

/// A column's offsets have 32 bits, which batch by batch is always enough.
private func tooMuchText(
  _ batches: [ScanBatch], output: Int, _ outcome: ScanOutcome, _ request: ScanRequest, limit: Int = Int(Int32.max)
) -> DataProblem? {
  var room = limit
  var first: (batch: ScanBatch, row: Int)?
  var count = 0
  for batch in batches {
    guard case .string(let offsets, let bytes) = batch.columns[output].values else { return nil }
    if first == nil && bytes.count <= room {
      room -= bytes.count
      continue
    }
    for row in 0..<batch.rowCount {
      let length = Int(offsets.span[row + 1] - offsets.span[row])
      if length <= room {
        room -= length
      } else {
        if first == nil { first = (batch, row) }
        count += 1
      }
    }
  }
  guard let (batch, row) = first else { return nil }
  return DataProblem(
    kind: .tooMuchText, relation: request.relation, column: request.outputs[output].text, output: output,
    row: batch.rowNumbers[row], rowIsRowID: outcome.rowNumbersAreRowIDs,
    key: request.keyOutputs.map { batch.columns[$0].messageText(at: row) },
    value: batch.columns[output].messageText(at: row).shortened, more: count - 1)
}

extension String {
  /// Short enough for a message.
  package var shortened: String { count <= 60 ? self : "\(prefix(59))…" }
}
