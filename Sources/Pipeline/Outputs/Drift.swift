package import Columns
import Foundation

/// How far two sides say the same of the entities that both know, and how far their values are spread alike.
package struct Drift: Sendable {
  /// Entities of which both sides have a value.
  package var pairs = 0
  /// Of these, whose values are equal; of real numbers, but for a billionth of them.
  package var equal = 0
  /// Numbers only.
  package var meanFirst: Double?
  package var meanSecond: Double?
  /// Of the pairs: the second less the first.
  package var meanDifference: Double?
  package var meanAbsoluteDifference: Double?
  /// The population stability index of all values, nulls as a value of their own: 0 where both are spread alike; from 0.2 on people look.
  package var stabilityIndex: Double?

  /// - Parameters:
  ///   - rows: of the entities that both sides know, a row of each.
  ///   - firstRows: all rows of the first side, of which some entities the second does not know.
  package init(
    _ column: Column, rows: [(first: Int, second: Int)], firstRows: [Int], secondRows: [Int]
  ) {
    if let number = column.number {
      var (sumFirst, sumSecond, difference, absolute) = (0.0, 0.0, 0.0, 0.0)
      for (a, b) in rows where !column.isNull(a) && !column.isNull(b) {
        let (x, y) = (number(a), number(b))
        pairs += 1
        if abs(x - y) <= 1e-9 * max(abs(x), abs(y)) { equal += 1 }
        sumFirst += x
        sumSecond += y
        difference += y - x
        absolute += abs(y - x)
      }
      if pairs > 0 {
        let count = Double(pairs)
        (meanFirst, meanSecond) = (sumFirst / count, sumSecond / count)
        (meanDifference, meanAbsoluteDifference) = (difference / count, absolute / count)
      }
      stabilityIndex = Self.index(of: column, number, firstRows, secondRows)
    } else {
      for (a, b) in rows where !column.isNull(a) && !column.isNull(b) {
        pairs += 1
        if column.label(a) == column.label(b) { equal += 1 }
      }
      stabilityIndex = stability(
        Dictionary(grouping: firstRows) { column.label($0) }.mapValues(\.count),
        Dictionary(grouping: secondRows) { column.label($0) }.mapValues(\.count))
    }
  }

  /// In tenths of the first side's values.
  private static func index(of column: Column, _ number: (Int) -> Double, _ first: [Int], _ second: [Int]) -> Double? {
    let sorted = first.filter { !column.isNull($0) }.map(number).sorted()
    guard !sorted.isEmpty else { return nil }
    let borders = (1..<10).map { sorted[min(sorted.count - 1, $0 * sorted.count / 10)] }
    func counts(_ rows: [Int]) -> [String: Int] {
      var counts: [String: Int] = [:]
      for row in rows {
        let label = column.isNull(row) ? "null" : String(borders.firstIndex { number(row) < $0 } ?? borders.count)
        counts[label, default: 0] += 1
      }
      return counts
    }
    return stability(counts(first), counts(second))
  }
}

/// Σ (b − a) ln(b ∕ a) over the shares of each value; one that a side does not have counts as half a row there.
private func stability(_ first: [String: Int], _ second: [String: Int]) -> Double? {
  let (all, others) = (first.values.reduce(0, +), second.values.reduce(0, +))
  guard all > 0, others > 0 else { return nil }
  var sum = 0.0
  // In order: a sum must not depend on how a dictionary is laid out.
  for value in Set(first.keys).union(second.keys).sorted() {
    let a = max(0.5, Double(first[value] ?? 0)) / Double(all)
    let b = max(0.5, Double(second[value] ?? 0)) / Double(others)
    sum += (b - a) * log(b / a)
  }
  return sum
}

extension Column {
  /// How a value is read as a number; nil: it is none.
  fileprivate var number: ((Int) -> Double)? {
    switch values {
    case .int64(let buffer): { Double(buffer.span[$0]) }
    case .float64(let buffer): { buffer.span[$0] }
    case .boolean, .string, .date, .timestamp: nil
    }
  }

  /// A value as one of several.
  fileprivate func label(_ row: Int) -> String {
    if isNull(row) { return "" }
    switch values {
    case .boolean(let bits): return bits[row] ? "true" : "false"
    case .date(let buffer): return String(buffer.span[row])
    case .timestamp(let buffer): return String(buffer.span[row])
    case .int64(let buffer): return String(buffer.span[row])
    case .float64(let buffer): return "\(buffer.span[row])"
    case .string(let offsets, let bytes):
      let span = offsets.span
      // A text is not null, even an empty one.
      return "=" + String(decoding: Array(bytes.elements(Int(span[row])..<Int(span[row + 1]))), as: UTF8.self)
    }
  }
}
