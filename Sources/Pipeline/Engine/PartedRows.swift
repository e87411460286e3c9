import Columns
import Diagnostics
import Foundation
import Synchronization

/// Rows by the part that they belong to: taken in any order from several threads, given back part by part.
///
/// In memory, or, as soon as they are more than a budget, on disk.
final class PartedRows: Sendable {
  /// Rows that came together, those of a part side by side.
  struct Run: Sendable {
    /// Its place among the runs, so that rows come back in the order in which they were read.
    let number: Int
    let columns: [Column]
    /// Where each part begins; one more than there are parts.
    let starts: ContiguousArray<Int>

    var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
  }

  private struct State {
    var runs: [Run] = []
    /// Of the runs, and of those that are on their way to the disk.
    var byteCount = 0
    var spilled: [any SpilledParts] = []
  }

  private let state = Mutex(State())
  private let partCount: Int
  private let budget: Int
  private let spill: any Spill
  /// Held by whoever writes.
  private let writing = NSLock()

  /// - Parameter budget: bytes of rows to keep in memory, about.
  init(partCount: Int, budget: Int, spill: any Spill) {
    self.partCount = partCount
    self.budget = budget
    self.spill = spill
  }

  /// - Parameters:
  ///   - rows: those that are wanted of the columns.
  ///   - parts: which part each row belongs to, beside all rows.
  func add(_ columns: [Column], rows: ContiguousArray<Int32>, parts: ContiguousArray<Int32>, number: Int) throws(Diagnostics) {
    var starts = ContiguousArray<Int>(repeating: 0, count: partCount + 1)
    for row in rows { starts[Int(parts[Int(row)]) + 1] += 1 }
    for part in 0..<partCount { starts[part + 1] += starts[part] }
    var places = starts
    var order = ContiguousArray<Int32>(repeating: 0, count: rows.count)
    for row in rows {
      let part = Int(parts[Int(row)])
      order[places[part]] = row
      places[part] += 1
    }
    var kept: [Column] = []
    for column in columns { kept.append(column.gathered(order.span)) }
    let run = Run(number: number, columns: kept, starts: starts)
    let byteCount = state.withLock { state in
      state.runs.append(run)
      state.byteCount += run.byteCount
      return state.byteCount
    }
    if byteCount > budget { try makeRoom() }
  }

  /// Writes the older half of what is in memory, or leaves it to whoever is writing, unless there is too much by then.
  private func makeRoom() throws(Diagnostics) {
    if !writing.try() {
      if state.withLock({ $0.byteCount <= budget / 8 * 9 }) { return }
      writing.lock()
    }
    defer { writing.unlock() }
    let (runs, byteCount) = state.withLock { state in
      var (taken, bytes) = (0, 0)
      while state.byteCount > budget, taken < state.runs.count, taken == 0 || bytes < budget / 2 {
        bytes += state.runs[taken].byteCount
        taken += 1
      }
      defer { state.runs.removeFirst(taken) }
      return (Array(state.runs.prefix(taken)), bytes)
    }
    try write(runs, byteCount)
  }

  private func write(_ runs: [Run], _ byteCount: Int) throws(Diagnostics) {
    if runs.isEmpty { return }
    let spilled = try spill.write(RunParts(runs))
    state.withLock { state in
      state.spilled.append(spilled)
      state.byteCount -= byteCount
    }
  }

  /// All that was added.
  ///
  /// - Parameters:
  ///   - types: the final ones of the columns.
  ///   - staysInMemory: false: what still is in memory goes to disk too.
  func finish(types: [DataType], staysInMemory: Bool = true) throws(Diagnostics) -> Parts {
    if !staysInMemory {
      let runs = state.withLock { state in
        defer { state.runs = [] }
        return state.runs
      }
      try write(runs, 0)
    }
    return state.withLock { state in
      defer { state = State() }
      return Parts(state.runs.sorted { $0.number < $1.number }, spilled: state.spilled, partCount: partCount, types: types)
    }
  }

  /// Rows that have all come.
  struct Parts: Sendable {
    let count: Int
    let types: [DataType]
    /// On average, rounded up.
    let bytesPerRow: Int
    /// Of each column what the runs in memory have, of its final type.
    private let columns: [[Column]]
    /// Of each run where its parts begin.
    private let starts: [ContiguousArray<Int>]
    private let spilled: [any SpilledParts]

    /// Some of a part's rows, which lie together.
    enum Piece: Sendable {
      case ofRun(Int, Range<Int>)
      case onDisk(Int, part: Int, piece: Int, PieceSize)
    }

    fileprivate init(_ runs: [Run], spilled: [any SpilledParts], partCount: Int, types: [DataType]) {
      count = partCount
      self.types = types
      self.spilled = spilled
      columns = types.indices.map { i in runs.map { $0.columns[i].converted(to: types[i]) } }
      starts = runs.map(\.starts)
      let onDisk = spilled.flatMap { parts in (0..<partCount).flatMap { parts.pieces(of: $0) } }
      let rowCount = runs.reduce(onDisk.reduce(0) { $0 + $1.rowCount }) { $0 + ($1.starts.last ?? 0) }
      let byteCount = runs.reduce(onDisk.reduce(0) { $0 + $1.byteCount }) { $0 + $1.byteCount }
      bytesPerRow = (byteCount + rowCount - 1) / max(1, rowCount)
    }

    func rowCount(of part: Int) -> Int {
      let early = spilled.reduce(0) { $0 + $1.pieces(of: part).reduce(0) { $0 + $1.rowCount } }
      return starts.reduce(early) { $0 + $1[part + 1] - $1[part] }
    }

    /// Nothing is in memory together but one of these.
    func pieces(of part: Int) -> [Piece] {
      piecesOnDisk(of: part) + starts.enumerated().map { Piece.ofRun($0, $1[part]..<$1[part + 1]) }
    }

    private func piecesOnDisk(of part: Int) -> [Piece] {
      spilled.enumerated().flatMap { file, parts in
        parts.pieces(of: part).enumerated().map { Piece.onDisk(file, part: part, piece: $0, $1) }
      }
    }

    /// Rows and bytes of a piece.
    func size(of piece: Piece) -> PieceSize {
      switch piece {
      case .ofRun(let run, let rows):
        PieceSize(rowCount: rows.count, byteCount: columns.reduce(0) { $0 + $1[run].byteCount(rows) })
      case .onDisk(_, _, _, let size): size
      }
    }

    /// A piece's columns, of which it may be some rows only.
    func columns(of piece: Piece) throws(Diagnostics) -> (columns: [Column], rows: Range<Int>) {
      switch piece {
      case .ofRun(let run, let rows): return (columns.map { $0[run] }, rows)
      case .onDisk(let file, let part, let piece, let size):
        let read = try spilled[file].columns(of: part, piece: piece)
        return (zip(read, types).map { $0.converted(to: $1) }, 0..<size.rowCount)
      }
    }

    /// Gives back the memory that a piece took while it was looked at.
    func release(_ piece: Piece) {
      if case .onDisk(let file, let part, let number, _) = piece { spilled[file].release(part, piece: number) }
    }

    /// A part's rows.
    func columns(of part: Int) throws(Diagnostics) -> (columns: [Column], rowCount: Int) {
      let pieces = piecesOnDisk(of: part)
      var (early, rows): ([[Column]], [Range<Int>]) = ([], [])
      for piece in pieces {
        let read = try columns(of: piece)
        early.append(read.columns)
        rows.append(read.rows)
      }
      rows += starts.map { $0[part]..<$0[part + 1] }
      // A single piece would be taken as it is, in place, instead of copied.
      if pieces.count == 1, rows.count == 1 { rows.append(0..<0) }
      let whole = types.indices.map { i in
        // Column by column: a part may be large.
        defer { for piece in pieces { release(piece) } }
        if pieces.isEmpty { return Column.concatenated(columns[i], rows: rows, type: types[i]) }
        var all = early.map { $0[i] } + columns[i]
        if all.count < rows.count { all.append(Column.nulls(types[i], count: 0)) }
        return Column.concatenated(all, rows: rows, type: types[i])
      }
      return (whole, rows.reduce(0) { $0 + $1.count })
    }
  }
}
