package import Columns
package import Diagnostics
import Synchronization

/// Rows by the first eight bits of a hash: taken in any order from several threads, given back lot by lot.
///
/// In memory, or, as soon as they are more than a budget, on disk.
final class HashRuns: Sendable {
  static let lotCount = 256

  /// Rows that came together, those of a lot side by side.
  struct Run: Sendable {
    /// Its place among the runs, so that rows come back in the order in which they were read.
    let number: Int
    let columns: [Column]
    /// Where each lot begins; one more than there are lots.
    let starts: ContiguousArray<Int>

    var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
  }

  private struct State {
    var runs: [Run] = []
    var byteCount = 0
    var spilled: [any SpilledLots] = []
  }

  private let state = Mutex(State())
  private let budget: Int
  private let spill: any Spill

  /// - Parameter budget: bytes of rows to keep in memory.
  init(budget: Int, spill: any Spill) {
    self.budget = budget
    self.spill = spill
  }

  /// - Parameters:
  ///   - rows: those that are wanted of the columns, with `hashes` beside all rows.
  func add(_ columns: [Column], rows: ContiguousArray<Int32>, hashes: ContiguousArray<UInt64>, number: Int) throws(Diagnostics) {
    var starts = ContiguousArray<Int>(repeating: 0, count: Self.lotCount + 1)
    for row in rows { starts[Int(hashes[Int(row)] >> 56) + 1] += 1 }
    for lot in 0..<Self.lotCount { starts[lot + 1] += starts[lot] }
    var places = starts
    var order = ContiguousArray<Int32>(repeating: 0, count: rows.count)
    for row in rows {
      let lot = Int(hashes[Int(row)] >> 56)
      order[places[lot]] = row
      places[lot] += 1
    }
    var kept: [Column] = []
    for column in columns { kept.append(column.gathered(order.span)) }
    let run = Run(number: number, columns: kept, starts: starts)
    let full = state.withLock { state -> [Run]? in
      state.runs.append(run)
      state.byteCount += run.byteCount
      guard state.byteCount > budget else { return nil }
      defer { (state.runs, state.byteCount) = ([], 0) }
      return state.runs
    }
    if let full {
      let spilled = try spill.write(RunLots(full))
      state.withLock { $0.spilled.append(spilled) }
    }
  }

  /// All runs that are still in memory, in their order, and those that are not.
  ///
  /// - Parameter types: the final ones of the columns.
  func finish(types: [DataType]) -> Lots {
    state.withLock { state in
      defer { state = State() }
      return Lots(state.runs.sorted { $0.number < $1.number }, spilled: state.spilled, types: types)
    }
  }

  struct Lots: Sendable {
    private let types: [DataType]
    /// Of each column what the runs in memory have, of its final type.
    private let columns: [[Column]]
    /// Of each run where its lots begin.
    private let starts: [ContiguousArray<Int>]
    private let spilled: [any SpilledLots]

    fileprivate init(_ runs: [Run], spilled: [any SpilledLots], types: [DataType]) {
      self.types = types
      self.spilled = spilled
      columns = types.indices.map { i in runs.map { $0.columns[i].converted(to: types[i]) } }
      starts = runs.map(\.starts)
    }

    /// A lot's rows.
    func columns(of lot: Int) throws(Diagnostics) -> (columns: [Column], rowCount: Int) {
      var early: [[Column]] = []
      for file in spilled { early.append(try file.columns(of: lot)) }
      let rows = early.map { 0..<($0.first?.count ?? 0) } + starts.map { $0[lot]..<$0[lot + 1] }
      let whole = types.indices.map { i in
        let pieces = early.isEmpty ? columns[i] : early.map { $0[i].converted(to: types[i]) } + columns[i]
        // What was read goes column by column: a lot may be one entity with half of all rows.
        defer { for file in early.indices { early[file][i] = Column.nulls(types[i], count: 0) } }
        return Column.concatenated(pieces, rows: rows, type: types[i])
      }
      return (whole, rows.reduce(0) { $0 + $1.count })
    }
  }
}

/// A place for rows that do not fit into memory.
package protocol Spill: Sendable {
  func write(_ lots: RunLots) throws(Diagnostics) -> any SpilledLots
}

/// Rows on disk, lot by lot.
package protocol SpilledLots: Sendable {
  func columns(of lot: Int) throws(Diagnostics) -> [Column]
}

/// Rows that are to be written, lot by lot.
package struct RunLots: Sendable {
  private let runs: [HashRuns.Run]
  /// Per column: what all runs' values can be.
  package let types: [DataType]

  init(_ runs: [HashRuns.Run]) {
    self.runs = runs.sorted { $0.number < $1.number }
    types = (runs.first?.columns.indices ?? 0..<0).map { index in
      let columns = runs.map { $0.columns[index] }.filter { $0.nullCount < $0.count }
      return columns.contains { $0.type == .float64 } ? .float64 : columns.first?.type ?? runs[0].columns[index].type
    }
  }

  package var count: Int { HashRuns.lotCount }

  package func columns(of lot: Int) -> [Column] {
    types.indices.map { index in
      let pieces = runs.compactMap { run -> (column: Column, rows: Range<Int>)? in
        let range = run.starts[lot]..<run.starts[lot + 1]
        if range.isEmpty { return nil }
        let column = run.columns[index]
        return (column.converted(to: types[index]), range)
      }
      return Column.concatenated(pieces, type: types[index])
    }
  }
}
