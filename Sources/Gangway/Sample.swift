import Diagnostics
import Foundation
import Samples

/// A sample that was written.
public struct SampleReport: Sendable {
  public let path: String
  public let tables: [(name: String, rows: Int)]
  public let seconds: Double
}

/// Writes the raw tables of a made-up freight company into a SQLite file, as a loading tool would have left them.
///
/// - Parameters:
///   - path: a file that is not there, is empty, or holds such a sample, which is replaced; its other tables stay.
///   - shipments: 1 to 100,000,000; 1,000,000 take about 1 GB.
///   - seed: another one makes another company. The same number and seed make the same rows on any machine.
/// - Throws: a file with somebody's tables, one that cannot be written; then nothing has changed.
public func writeFreightSample(
  to path: String, shipments: Int, seed: UInt64, events: (Event) -> Void = { _ in }
) throws(GangwayError) -> SampleReport {
  try GangwayError.catching {
    guard 1...FreightSample.most ~= shipments else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "a sample of \(shipments) shipments cannot be made", rule: "sample-size", hint: "ask for 1 to \(FreightSample.most)")
      ])
    }
    let clock = ContinuousClock()
    let start = clock.now
    let tables = try FreightSample(shipments: shipments, seed: seed).write(to: path) {
      events(.progress(work: "shipments", done: $0, total: shipments))
    }
    return SampleReport(path: path, tables: tables.map { ($0.table, $0.rows) }, seconds: (clock.now - start) / .seconds(1))
  }
}
