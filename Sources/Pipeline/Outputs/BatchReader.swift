package import Columns
package import Definitions
package import Diagnostics
internal import Files
internal import Parallel
package import Times

/// Reads a batch of predictions against its output's contract.
package struct BatchReader: Sendable {
  private let output: ModelOutput
  private let contract: Contract
  private let predictedAt: Int64
  private let latest: Int64
  private let known: KnownEntities?

  /// - Parameters:
  ///   - zone: of naive times.
  ///   - predictedAt: when rows were predicted that do not say so themselves, microseconds since the Unix epoch, UTC.
  ///   - latest: the moment of registering: no row may say that it was predicted later.
  ///   - known: nil: nobody lists the entities.
  package init(output: ModelOutput, zone: Zone, predictedAt: Int64, latest: Int64, known: KnownEntities?) {
    self.output = output
    self.predictedAt = predictedAt
    self.latest = latest
    self.known = known
    contract = Contract(output, zone: zone)
  }

  /// Of the typed rows: key columns, the output's columns, `predicted_at`.
  package var fields: [Field] { contract.fields }

  /// Reads all of it, once: one thread reads, the calling one checks.
  ///
  /// Memory: a few chunks of rows, and at most 35 bytes a row to find duplicates by.
  ///
  /// - Parameters:
  ///   - errorFile: where all violations are written, if there are any or not; nil: nowhere.
  ///   - progress: is told how many rows were read so far.
  ///   - warn: is told what is odd about a batch that is taken all the same.
  ///   - take: is handed rows as they are read, at most 65,536 at once. They are good for nothing if this throws.
  /// - Throws: `.refused` with all that is wrong with the batch; `.failed` for what is wrong with anything else, and what `take` throws.
  package func read(
    _ inputs: [BatchInput], errorFile: String? = nil, progress: (Int) -> Void = { _ in }, warn: (Diagnostic) -> Void = { _ in },
    take: (Table) throws(Diagnostics) -> Void
  ) throws(BatchError) -> BatchSummary {
    var checker = try failing { () throws(FileError) in
      try BatchChecker(contract, predictedAt: predictedAt, latest: latest, known: known, errorFile: errorFile)
    }
    let deliveries = Deliveries(contract: contract, misfitLimit: errorFile == nil ? BatchReport.exampleLimit : .max)
    try produce { emit in
      deliveries.run(inputs, emit)
    } consume: { (delivery: Delivery) throws(BatchError) in
      switch delivery {
      case .chunk(let chunk):
        let table = try failing { () throws(FileError) in try checker.check(chunk) }
        if let table {
          do throws(Diagnostics) { try take(table) } catch { throw .failed(error) }
        }
        progress(checker.rowCount)
      case .mistake(let violation, let hint): try failing { () throws(FileError) in try checker.note(violation, hint: hint) }
      case .misfits(let unlisted, let first): try failing { () throws(FileError) in try checker.note(unlisted, first) }
      case .failure(let diagnostics, let isBusy): throw .failed(Diagnostics(diagnostics, isBusy: isBusy))
      }
    }
    let (summary, warnings) = try checker.finish(output)
    for warning in warnings { warn(warning) }
    return summary
  }

  private func failing<Result>(_ body: () throws(FileError) -> Result) throws(BatchError) -> Result {
    do throws(FileError) { return try body() } catch { throw .failed(Diagnostics(error.diagnostics, isBusy: error.isBusy)) }
  }
}
