// Samples: a made-up freight company's raw tables, to try things on.
//
// In:  how many shipments, a seed, a path.
// Out: a SQLite file with the tables as an extract-and-load tool would have left them: late rows, corrections, deletions,
//      duplicates, columns filled in after their row. The same for the same number and seed, on any machine.
// Knows nothing of definitions, modules or features.

package struct FreightSample: Hashable, Sendable {
  package let shipments: Int
  package let seed: UInt64

  /// - Parameter shipments: at least 1, at most ``most``.
  package init(shipments: Int, seed: UInt64) {
    self.shipments = shipments
    self.seed = seed
  }

  /// As many as there are numbers that no two shipments share, and more than a disk should hold.
  package static let most = 100_000_000

  /// Writes all raw tables in one transaction.
  ///
  /// Memory does not grow with the number of shipments.
  ///
  /// - Parameters:
  ///   - path: a file that is not there, is empty, or has been written by this before; its other tables stay.
  ///   - progress: told how many shipments are done, each 1,000.
  /// - Returns: each table with its number of rows.
  /// - Throws: whatever keeps the file from being written; then it is as it was.
  package func write(to path: String, progress: (Int) -> Void = { _ in }) throws(SampleError) -> [(table: String, rows: Int)] {
    let file = SampleFile(path: path)
    return try file.replaceTables(writtenBy: self) { insert in
      let world = FreightWorld(seed: seed)
      let odds = FreightOdds(world)
      for row in world.rows() { try insert(row) }
      var rows: [RawRow] = []
      for index in 0..<shipments {
        rows.removeAll(keepingCapacity: true)
        FreightRows(world: world, shipment: Shipment(index, in: world, odds)).write(to: &rows)
        for row in rows { try insert(row) }
        if index % 1_000 == 999 { progress(index + 1) }
      }
    }
  }
}
