package import Columns
import Kernels

/// The parts of a key, compared as a tuple of typed values, text by bytes (rule R2).
package struct KeyColumns: Sendable {
  package let columns: [Column]

  package init(_ columns: [Column]) { self.columns = columns }

  package func hasNull(_ row: Int) -> Bool {
    for column in columns where column.isNull(row) { return true }
    return false
  }

  package static func compare(_ a: KeyColumns, _ i: Int, _ b: KeyColumns, _ j: Int) -> Int {
    for (left, right) in zip(a.columns, b.columns) {
      let order = compareValues(left, i, right, j)
      if order != 0 { return order }
    }
    return 0
  }

  /// For messages.
  package func text(_ row: Int) -> String {
    columns.map { $0.text(row) ?? "null" }.joined(separator: ", ")
  }
}

extension KeyColumns {
  /// Of the rows that are wanted those without a null in their key, and how many have one.
  func rowsWithKey(_ count: Int, where isWanted: (Int) -> Bool) -> (rows: ContiguousArray<Int32>, nullKeys: Int) {
    let mayLack = columns.contains { $0.validity != nil }
    var rows = ContiguousArray<Int32>()
    rows.reserveCapacity(count)
    var nullKeys = 0
    for row in 0..<count where isWanted(row) {
      if mayLack, hasNull(row) { nullKeys += 1 } else { rows.append(Int32(row)) }
    }
    return (rows, nullKeys)
  }
}

/// The order of two values of one type: −1, 0, 1; null lowest, false before true, text by bytes.
package func compareValues(_ a: Column, _ i: Int, _ b: Column, _ j: Int) -> Int {
  let (noA, noB) = (a.isNull(i), b.isNull(j))
  if noA || noB { return noA == noB ? 0 : noA ? -1 : 1 }
  switch (a.values, b.values) {
  case (.int64(let x), .int64(let y)), (.timestamp(let x), .timestamp(let y)): return order(x.span[i], y.span[j])
  case (.float64(let x), .float64(let y)): return order(x.span[i], y.span[j])
  case (.boolean(let x), .boolean(let y)): return order(x[i] ? 1 : 0, y[j] ? 1 : 0)
  case (.date(let x), .date(let y)): return order(x.span[i], y.span[j])
  case (.string(let xo, let xb), .string(let yo, let yb)):
    let (xs, xe) = (Int(xo.span[i]), Int(xo.span[i + 1]))
    let (ys, ye) = (Int(yo.span[j]), Int(yo.span[j + 1]))
    let (x, y) = (xb.span, yb.span)
    for k in 0..<min(xe - xs, ye - ys) where x[xs + k] != y[ys + k] { return x[xs + k] < y[ys + k] ? -1 : 1 }
    return order(xe - xs, ye - ys)
  default: preconditionFailure("keys are compared after their types")
  }
}

@inline(__always)
func order<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : a > b ? 1 : 0 }
