import Definitions
import Diagnostics
import Planning

extension ViewPlan {
  /// What reading the view is going to take, in words, where it is much: from two million rows on.
  ///
  /// - Parameters:
  ///   - rows: of the relation, at most.
  ///   - memory: bytes that may be used.
  func ahead(rows: Int, memory: Int) -> String? {
    guard rows >= 2_000_000 else { return nil }
    // Nine bytes a cell, seen of many tables: eight of a number or a time, and its share of flags; texts are often as short.
    let (bytes, isBeyond) = rows.multipliedReportingOverflow(by: 9 * outputs.count)
    let snapshot = isBeyond ? "more than can be told" : "about \(grouped(bytes / 1_000_000)) MB"
    // Rows are held until all are read, beyond half of the memory on disk; batches being read and sorted come on top.
    let held =
      isBeyond || bytes > memory / 2 ? "up to \(grouped(memory / 1_000_000))" : "about \(grouped((bytes + 40_000_000) / 1_000_000))"
    return "ahead: at most \(grouped(rows)) rows of \(outputs.count) columns for \(view.name.value), a snapshot of \(snapshot), "
      + "with \(held) MB of memory"
  }
}
