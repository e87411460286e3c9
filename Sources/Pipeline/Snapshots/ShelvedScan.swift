import Columns
import Synchronization
package import Warehouses

/// Takes a scan's batches, and gives whole columns: in memory, or, as soon as they are more than a budget, on a shelf.
package final class ShelvedScan: Sendable {
  private let shelf: ColumnShelf
  private let budget: Int
  private let threads: Int
  private let state = Mutex(State())

  private struct State {
    var batches: [ScanBatch] = []
    var byteCount = 0
    var isShelved = false
  }

  /// - Parameters:
  ///   - budget: bytes of values to keep in memory.
  ///   - threads: that put whole columns together.
  package init(shelf: ColumnShelf, budget: Int, threads: Int) {
    self.shelf = shelf
    self.threads = threads
    self.budget = budget
  }

  /// Called from several threads at once.
  package func take(_ batch: ScanBatch) throws(StoreError) {
    let isShelved = state.withLock { state in
      state.byteCount += batch.columns.reduce(0) { $0 + $1.byteCount }
      state.isShelved = state.isShelved || state.byteCount > budget
      return state.isShelved
    }
    var kept = batch
    if isShelved {
      let fields = batch.columns.enumerated().map { Field("\($0)", $1.type) }
      let table = try shelf.place(Columns.Table(fields: fields, columns: batch.columns, rowCount: batch.rowCount))
      kept = ScanBatch(
        number: batch.number, reader: batch.reader, columns: table.columns, rowCount: batch.rowCount, rowNumbers: batch.rowNumbers)
    }
    let final = kept
    state.withLock { $0.batches.append(final) }
  }

  /// - Throws: more text in one column than a column can hold.
  package func finish(_ outcome: ScanOutcome, _ request: ScanRequest) throws(StoreError) -> Result<ScanResult, WarehouseError> {
    let (batches, isShelved) = state.withLock { state in
      defer { state.batches = [] }
      return (state.batches, state.isShelved)
    }
    do throws(WarehouseError) {
      if !isShelved { return .success(try joined(batches, outcome, request, threads: threads)) }
    } catch {
      return .failure(error)
    }
    // Joined column by column: no more than one is in memory.
    var columns: [ScannedColumn] = []
    var numbers = Columns.Column(.int64(Buffer([])))
    for output in outcome.outputs.indices {
      let one = ScanOutcome(
        outputs: [outcome.outputs[output]], rowCount: outcome.rowCount, rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs)
      let pieces = batches.map {
        ScanBatch(
          number: $0.number, reader: $0.reader, columns: [$0.columns[output]], rowCount: $0.rowCount, rowNumbers: $0.rowNumbers)
      }
      let whole: ScanResult
      do throws(WarehouseError) { whole = try joined(pieces, one, request.only(output), threads: 1) } catch { return .failure(error) }
      let column = whole.columns[0]
      columns.append(
        ScannedColumn(column: try shelf.place(column.column), isUntyped: column.isUntyped, nonFinite: column.nonFinite))
      if output == 0 { numbers = try shelf.place(Columns.Column(.int64(whole.rowNumbers))) }
      shelf.release()
    }
    guard case .int64(let rowNumbers) = numbers.values else { preconditionFailure("row numbers are whole numbers") }
    return .success(
      ScanResult(
        columns: columns, rowCount: outcome.rowCount, rowNumbers: rowNumbers, rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs))
  }
}

extension ScanRequest {
  fileprivate func only(_ output: Int) -> ScanRequest {
    ScanRequest(relation: relation, outputs: [outputs[output]], predicate: predicate, zone: zone)
  }
}
