/// A sum whose rounding is added up beside it (Neumaier).
struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var lost = 0.0

  mutating func add(_ value: Double) {
    let total = sum + value
    lost += abs(sum) >= abs(value) ? (sum - total) + value : (value - total) + sum
    sum = total
  }

  /// nil: it is beyond all numbers.
  var value: Double? { (sum + lost).isFinite ? sum + lost : nil }
}
