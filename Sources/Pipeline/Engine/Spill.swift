package import Columns
package import Diagnostics

/// A place for rows that do not fit into memory.
package protocol Spill: Sendable {
  func write(_ parts: RunParts) throws(Diagnostics) -> any SpilledParts
}

/// Rows on disk, part by part, each part in some pieces.
package protocol SpilledParts: Sendable {
  func pieces(of part: Int) -> [PieceSize]
  /// In place: they take memory while they are looked at.
  func columns(of part: Int, piece: Int) throws(Diagnostics) -> [Column]
  /// Gives that memory back.
  func release(_ part: Int, piece: Int)
}

package struct PieceSize: Sendable {
  package let rowCount: Int
  package let byteCount: Int

  package init(rowCount: Int, byteCount: Int) {
    self.rowCount = rowCount
    self.byteCount = byteCount
  }
}

/// Rows that are to be written, part by part.
package struct RunParts: Sendable {
  /// Of a part so many bytes go together.
  private static let pieceBytes = 4 << 20

  private let runs: [PartedRows.Run]
  /// Per column: what all runs' values can be.
  package let types: [DataType]

  init(_ runs: [PartedRows.Run]) {
    let runs = runs.sorted { $0.number < $1.number }
    let types = (runs.first?.columns.indices ?? 0..<0).map { index in
      let columns = runs.map { $0.columns[index] }.filter { $0.nullCount < $0.count }
      return columns.contains { $0.type == .float64 } ? DataType.float64 : columns.first?.type ?? runs[0].columns[index].type
    }
    self.types = types
    self.runs = runs.map { run in
      .init(number: run.number, columns: zip(run.columns, types).map { $0.converted(to: $1) }, starts: run.starts)
    }
  }

  package var count: Int { (runs.first?.starts.count ?? 1) - 1 }

  /// A part's rows, as many at a time as go together.
  package func forEachPiece<Failure: Error>(of part: Int, _ body: ([Column], PieceSize) throws(Failure) -> Void) throws(Failure) {
    var (first, bytes) = (0, 0)
    for (i, run) in runs.enumerated() {
      let rows = run.starts[part]..<run.starts[part + 1]
      bytes += run.columns.reduce(0) { $0 + $1.byteCount(rows) }
      guard bytes >= Self.pieceBytes || i == runs.count - 1 else { continue }
      let some = runs[first...i]
      let ranges = some.map { $0.starts[part]..<$0.starts[part + 1] }
      let rowCount = ranges.reduce(0) { $0 + $1.count }
      if rowCount > 0 {
        let columns = types.indices.map { index in Column.concatenated(some.map { $0.columns[index] }, rows: ranges, type: types[index]) }
        try body(columns, PieceSize(rowCount: rowCount, byteCount: bytes))
      }
      (first, bytes) = (i + 1, 0)
    }
  }
}
