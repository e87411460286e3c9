package import Columns
import Engine

/// The rows of a module as a look finds them, values as they are stored.
package struct ObservedRows: Sendable {
  package let names: [String]
  package let columns: [Column]
  package let rowCount: Int
  /// How to name each row to people, and whether that is its row id.
  package let rowNumbers: Buffer<Int64>
  package let rowNumbersAreRowIDs: Bool

  package init(names: [String], columns: [Column], rowCount: Int, rowNumbers: Buffer<Int64>, rowNumbersAreRowIDs: Bool) {
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
    self.rowNumbers = rowNumbers
    self.rowNumbersAreRowIDs = rowNumbersAreRowIDs
  }

  func columns(_ names: [String]) -> [Column?] {
    names.map { name in self.names.firstIndex(of: name).map { columns[$0] } }
  }
}

/// How a module differs from what it held at its last look.
struct ObservedChanges {
  /// A row in a part of the log.
  struct Place {
    let part: Int
    let row: Int
  }

  enum Change {
    case new(Int)
    case changed(Int)
    case gone(Place)
  }

  enum Refusal: Error {
    /// Two rows of one grain, as numbers of rows.
    case doubled(Int, Int)
    case nullGrain(row: Int, column: String)
  }

  /// In an order that the grain alone tells.
  private(set) var all: [Change] = []
  private(set) var newRows = 0
  private(set) var changedRows = 0
  private(set) var goneRows = 0
  private(set) var unchangedRows = 0

  /// - Parameter grain: columns that `rows` has.
  init(from log: ObservationLog, to rows: ObservedRows, grain: [String]) throws(Refusal) {
    let comparison = ObservedComparison(log, rows, grain: grain)
    let (last, now) = (comparison.lastState, try comparison.currentState(grain))
    var (i, j) = (0, 0)
    while i < last.count || j < now.count {
      let order = i == last.count ? 1 : j == now.count ? -1 : comparison.order(last[i], now[j])
      if order < 0 {
        all.append(.gone(Place(part: Int(last[i].part), row: Int(last[i].row))))
        goneRows += 1
      } else if order > 0 {
        all.append(.new(Int(now[j].row)))
        newRows += 1
      } else if comparison.isSame(last[i], now[j]) {
        unchangedRows += 1
      } else {
        all.append(.changed(Int(now[j].row)))
        changedRows += 1
      }
      if order <= 0 { i += 1 }
      if order >= 0 { j += 1 }
    }
  }
}

/// A row under the hash of its grain, by which rows are sorted: comparing the grain itself is for equal hashes.
private struct Hashed {
  let hash: UInt64
  let part: Int32
  let row: Int32
}

/// Rows in the log and rows of today, compared value by value.
private struct ObservedComparison {
  private let rows: ObservedRows
  private let parts: [ObservationLog.Part]
  /// Of each part, in the order of the grain's and of the rows' columns; the rows of today are the last part.
  private let grains: [[Column?]]
  private let columns: [[Column?]]

  init(_ log: ObservationLog, _ rows: ObservedRows, grain: [String]) {
    self.rows = rows
    parts = log.parts
    grains = log.parts.map { part in grain.map { part.columns[$0] } } + [rows.columns(grain)]
    columns = log.parts.map { part in rows.names.map { part.columns[$0] } } + [rows.columns]
  }

  /// The rows that were there when the module was last looked at, in order.
  var lastState: ContiguousArray<Hashed> {
    var all = ContiguousArray<Hashed>()
    for (number, part) in parts.enumerated() { append(part.rowCount, of: number, to: &all) }
    sort(&all)
    var state = ContiguousArray<Hashed>()
    for i in all.indices where !isGone(all[i]) {
      // The last of equal ones is what the newest look found.
      if i + 1 < all.count, order(all[i], all[i + 1]) == 0 { continue }
      state.append(all[i])
    }
    return state
  }

  /// The rows of today, in order.
  ///
  /// - Parameter grain: the names of its columns.
  func currentState(_ grain: [String]) throws(ObservedChanges.Refusal) -> ContiguousArray<Hashed> {
    for (name, column) in zip(grain, grains[parts.count]) {
      guard let column, column.nullCount > 0, let row = (0..<rows.rowCount).first(where: { column.isNull($0) }) else { continue }
      throw .nullGrain(row: row, column: name)
    }
    var state = ContiguousArray<Hashed>()
    append(rows.rowCount, of: parts.count, to: &state)
    sort(&state)
    for i in state.indices.dropLast() where order(state[i], state[i + 1]) == 0 { throw .doubled(Int(state[i].row), Int(state[i + 1].row)) }
    return state
  }

  private func append(_ rowCount: Int, of part: Int, to all: inout ContiguousArray<Hashed>) {
    let hashes = KeyColumns(grains[part].compactMap(\.self)).recordHashes()
    all.reserveCapacity(all.count + rowCount)
    for row in 0..<rowCount { all.append(Hashed(hash: hashes[row], part: Int32(part), row: Int32(row))) }
  }

  private func sort(_ all: inout ContiguousArray<Hashed>) {
    all.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      let order = order(a, b)
      return order == 0 ? (a.part, a.row) < (b.part, b.row) : order < 0
    }
  }

  /// By the grain.
  func order(_ a: Hashed, _ b: Hashed) -> Int {
    if a.hash != b.hash { return a.hash < b.hash ? -1 : 1 }
    return compareStored(grains[Int(a.part)], Int(a.row), grains[Int(b.part)], Int(b.row))
  }

  private func isGone(_ row: Hashed) -> Bool {
    if case .boolean(let flags)? = parts[Int(row.part)].deleted?.values { flags[Int(row.row)] } else { false }
  }

  func isSame(_ a: Hashed, _ b: Hashed) -> Bool {
    compareStored(columns[Int(a.part)], Int(a.row), columns[Int(b.part)], Int(b.row)) == 0
  }
}

private func compareStored(_ a: [Column?], _ i: Int, _ b: [Column?], _ j: Int) -> Int {
  for (x, y) in zip(a, b) {
    let order = compareStored(x, i, y, j)
    if order != 0 { return order }
  }
  return 0
}

/// The order of two values as they are stored: nulls, which a column that is not there has too, then numbers by what they are worth,
/// whole or not, then text by bytes.
private func compareStored(_ a: Column?, _ i: Int, _ b: Column?, _ j: Int) -> Int {
  let (x, y) = (a.flatMap { $0.isNull(i) ? nil : $0 }, b.flatMap { $0.isNull(j) ? nil : $0 })
  guard let x, let y else { return x == nil ? (y == nil ? 0 : -1) : 1 }
  if x.type == y.type { return compareValues(x, i, y, j) }
  switch (x.values, y.values) {
  case (.int64(let whole), .float64(let real)): return compare(whole.span[i], real.span[j])
  case (.float64(let real), .int64(let whole)): return -compare(whole.span[j], real.span[i])
  default: return x.type == .string ? 1 : y.type == .string ? -1 : x.type.rawValue < y.type.rawValue ? -1 : 1
  }
}

/// Exactly, whatever a float64 can hold of a whole number.
private func compare(_ whole: Int64, _ real: Double) -> Int {
  if let other = Int64(exactly: real) { return whole < other ? -1 : whole > other ? 1 : 0 }
  if real >= 0x1p63 { return -1 }
  if real < -0x1p63 { return 1 }
  return whole <= Int64(real.rounded(.down)) ? -1 : 1
}
