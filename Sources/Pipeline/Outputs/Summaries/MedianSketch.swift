/// Finds the median of many numbers in little memory: what is kept stands for ever more of what was seen.
///
/// Numbers are gathered; as soon as there are `limit` of them they are sorted, and every second one goes on to the next level, where it
/// stands for twice as many (Manku, Rajagopalan and Lindsay, "Approximate medians and other quantiles in one pass"). Nothing is random.
struct MedianSketch: Sendable {
  private static let limit = 8_192

  /// Numbers of level `i` stand for 2ⁱ each.
  private var levels: [ContiguousArray<Double>] = [[]]
  /// Whether the first of each pair goes on next time, or the second.
  private var takesFirst: [Bool] = [true]

  mutating func add(_ value: Double) {
    levels[0].append(value)
    if levels[0].count == Self.limit { compact(0) }
  }

  private mutating func compact(_ level: Int) {
    if level + 1 == levels.count {
      levels.append([])
      takesFirst.append(true)
    }
    levels[level].sort()
    for i in stride(from: takesFirst[level] ? 0 : 1, to: Self.limit, by: 2) { levels[level + 1].append(levels[level][i]) }
    takesFirst[level].toggle()
    levels[level].removeAll(keepingCapacity: true)
    if levels[level + 1].count == Self.limit { compact(level + 1) }
  }

  /// nil if there was no number. Of an even number of them, halfway between the two in the middle.
  var median: Double? {
    var weighted: [(value: Double, weight: Int)] = []
    for (level, values) in levels.enumerated() { for value in values { weighted.append((value, 1 << level)) } }
    weighted.sort { $0.value < $1.value }
    let total = weighted.reduce(0) { $0 + $1.weight }
    if total == 0 { return nil }
    func value(_ rank: Int) -> Double {
      var before = 0
      for (value, weight) in weighted {
        before += weight
        if rank < before { return value }
      }
      return weighted[weighted.count - 1].value
    }
    let (low, high) = (value((total - 1) / 2), value(total / 2))
    // Halves first: the sum of two great numbers may be beyond all.
    return low == high ? low : low / 2 + high / 2
  }
}
