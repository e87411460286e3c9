/// Pseudorandom numbers of one stream: SplitMix64 (Steele, Lea, Flood, 2014) and basic arithmetic.
///
/// No function of a mathematics library takes part, whose last digit could differ between machines: the same seed makes the same rows anywhere.
struct Draws {
  private var state: UInt64

  /// - Parameter stream: what is drawn; each table has a stream of its own, so that one more row in one changes no other.
  init(seed: UInt64, stream: Int) {
    state = mixed(seed &+ golden &* UInt64(stream + 1))
  }

  mutating func next() -> UInt64 {
    state &+= golden
    return mixed(state)
  }

  /// In `0..<count`, evenly but for one part in 2⁶⁴ / count.
  mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  /// A bell around 0 with a standard deviation of 1: six even draws of 21 bits, added up. They vary by 6/12 around 3.
  mutating func bell() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<2 {
      let bits = next()
      sum += (bits & mask) + (bits >> 21 & mask) + (bits >> 42 & mask)
    }
    return (Double(sum) / Double(mask + 1) - 3) * 2.0.squareRoot()
  }

  /// Exponentially distributed, rounded down: made by comparisons alone (von Neumann, 1951).
  ///
  /// A descending run that begins with x ends after an odd number of draws with probability e⁻ˣ.
  mutating func exponential(mean: Int) -> Int {
    var whole = 0
    while true {
      let first = next()
      var (last, drawn) = (first, next())
      var length = 1
      while drawn <= last {
        (last, drawn) = (drawn, next())
        length += 1
      }
      if length % 2 == 1 { return mean * whole + Int(first.multipliedFullWidth(by: UInt64(mean)).high) }
      whole += 1
    }
  }
}

private let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
private let mask: UInt64 = 1 << 21 - 1

private func mixed(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
