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

  /// In the order of the grain.
  private(set) var all: [Change] = []
  private(set) var newRows = 0
  private(set) var changedRows = 0
  private(set) var goneRows = 0
  private(set) var unchangedRows = 0

  /// - Parameter grain: columns that `rows` has.
  init(from log: ObservationLog, to rows: ObservedRows, grain: [String]) throws(Refusal) {
    let comparison = ObservedComparison(log, rows, grain: grain)
    let (last, now) = (comparison.lastState, try comparison.currentState())
    var (i, j) = (0, 0)
    while i < last.count || j < now.count {
      let order = i == last.count ? 1 : j == now.count ? -1 : comparison.compareGrain(last[i], toRow: now[j])
      if order < 0 {
        all.append(.gone(last[i]))
        goneRows += 1
      } else if order > 0 {
        all.append(.new(now[j]))
        newRows += 1
      } else if comparison.isSame(last[i], asRow: now[j]) {
        unchangedRows += 1
      } else {
        all.append(.changed(now[j]))
        changedRows += 1
      }
      if order <= 0 { i += 1 }
      if order >= 0 { j += 1 }
    }
  }
}

/// Rows in the log and rows of today, compared value by value.
private struct ObservedComparison {
  let rows: ObservedRows
  let grain: [String]
  private let rowGrain: [Column?]
  private let parts: [ObservationLog.Part]
  /// Of each part, in the order of the grain's and of the rows' columns.
  private let partGrains: [[Column?]]
  private let partColumns: [[Column?]]

  init(_ log: ObservationLog, _ rows: ObservedRows, grain: [String]) {
    self.rows = rows
    self.grain = grain
    rowGrain = rows.columns(grain)
    parts = log.parts
    partGrains = log.parts.map { part in grain.map { part.columns[$0] } }
    partColumns = log.parts.map { part in rows.names.map { part.columns[$0] } }
  }

  /// Where each row stands that was there when the module was last looked at, in the order of the grain.
  var lastState: [ObservedChanges.Place] {
    var places = parts.enumerated().flatMap { part, logged in (0..<logged.rowCount).map { ObservedChanges.Place(part: part, row: $0) } }
    places.sort { a, b in
      let order = compareStored(partGrains[a.part], a.row, partGrains[b.part], b.row)
      return order == 0 ? a.part < b.part : order < 0
    }
    var state: [ObservedChanges.Place] = []
    for (i, place) in places.enumerated() {
      if isGone(place) { continue }
      let next = i + 1 < places.count ? places[i + 1] : nil
      if let next, compareStored(partGrains[place.part], place.row, partGrains[next.part], next.row) == 0 { continue }
      state.append(place)
    }
    return state
  }

  private func isGone(_ place: ObservedChanges.Place) -> Bool {
    if case .boolean(let flags)? = parts[place.part].deleted?.values { flags[place.row] } else { false }
  }

  /// The rows of today, in the order of the grain.
  func currentState() throws(ObservedChanges.Refusal) -> [Int] {
    for (name, column) in zip(grain, rowGrain) {
      guard let column, column.nullCount > 0, let row = (0..<rows.rowCount).first(where: { column.isNull($0) }) else { continue }
      throw .nullGrain(row: row, column: name)
    }
    let order = (0..<rows.rowCount).sorted { a, b in
      let order = compareStored(rowGrain, a, rowGrain, b)
      return order == 0 ? a < b : order < 0
    }
    for (a, b) in zip(order, order.dropFirst()) where compareStored(rowGrain, a, rowGrain, b) == 0 { throw .doubled(a, b) }
    return order
  }

  func compareGrain(_ place: ObservedChanges.Place, toRow row: Int) -> Int {
    compareStored(partGrains[place.part], place.row, rowGrain, row)
  }

  func isSame(_ place: ObservedChanges.Place, asRow row: Int) -> Bool {
    for (old, new) in zip(partColumns[place.part], rows.columns) where compareStored(old, place.row, new, row) != 0 { return false }
    return true
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
