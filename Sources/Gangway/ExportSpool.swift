import Archives
import Columns
import Diagnostics
import Exports
import Snapshots
import TrainingSets

/// A training set's values, matched and written.
extension Workspace {
  /// Matches and writes a stretch of rows after the other, as many as fit into memory.
  ///
  /// - Parameter afterBlock: called when a stretch is written.
  func spool(
    _ assembly: Assembly, _ packing: Packing, in scratch: ScratchFolder, _ events: @escaping @Sendable (Event) -> Void,
    afterBlock: () -> Void
  ) throws -> SpooledTable {
    let blocks = assembly.blocks(memory: resources.memory * 3 / 8)
    let total = assembly.table.parts.reduce(0) { $0 + $1.rows.count }
    if let estimate = assembly.table.estimate(rows: total, blocks: blocks) { events(.note(estimate)) }
    var spool = try TableSpool(assembly.table, packing: packing, scratch: scratch.path)
    for (number, rows) in blocks.enumerated() {
      let block = try assembly.block(rows) { done, total throws(Diagnostics) in
        try checkInterruption()
        events(.progress(work: "match", done: number * total + done, total: blocks.count * total))
      }
      try uninterrupted { () throws(ArchiveError) in
        try spool.add(
          block, progress: { events(.progress(work: "write", done: $0, total: total, unit: "rows")) },
          isCancelled: surroundings.isInterrupted)
      }
      afterBlock()
    }
    return try spool.finish()
  }

  /// What was stopped on request is said to have been.
  func uninterrupted<Result>(_ body: () throws(ArchiveError) -> Result) throws -> Result {
    do throws(ArchiveError) {
      return try body()
    } catch {
      if case .cancelled = error { try checkInterruption() }
      throw error
    }
  }
}

extension TrainingTable {
  /// What is ahead, in words, where it is much: from five million cells on.
  fileprivate func estimate(rows: Int, blocks: [Range<Int>]) -> String? {
    guard rows * columns.count >= 5_000_000 else { return nil }
    // Seen of many tables: ten bytes a number or text, twenty a time, separators included.
    let perRow = columns.reduce(0) { $0 + ($1.type == .timestamp ? 21 : $1.type == .boolean ? 6 : 11) }
    let block = blocks.map(\.count).max() ?? 0
    let memory = block * 20 * columns.count
    let stretches = blocks.count == 1 ? "at once" : "in \(blocks.count) stretches"
    return "ahead: \(grouped(rows)) rows of \(columns.count) columns, about \(grouped(rows * perRow / 1_000_000)) MB of CSV, "
      + "\(stretches), with about \(grouped(memory / 1_000_000)) MB of memory"
  }
}
