/// Pseudorandom numbers that depend on a seed and a place alone: SplitMix64 (Steele, Lea, Flood, 2014), in integers only.
///
/// Nothing of the machine reaches them: no clock, no mathematics library whose last digit could differ.
struct Dice {
  /// What is being drawn: each has numbers of its own, so that one more draw in one place changes nothing elsewhere.
  enum Stream: UInt64 {
    case carrier = 1
    case carrierMonth, carrierSpell, carrierRecord
    case region, regionTrouble, yardDay
    case lane, hub
    case dieselPrice
    case loader
    case booking, road, quotes, invoice, shipmentRows, stopRows
  }

  private var state: UInt64

  init(_ seed: UInt64, _ stream: Stream, _ first: Int = 0, _ second: Int = 0) {
    state = seed
    for part in [stream.rawValue, UInt64(bitPattern: Int64(first)), UInt64(bitPattern: Int64(second))] {
      state = mixed(state &+ 0x9E37_79B9_7F4A_7C15 &* (part &+ 1))
    }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return mixed(state)
  }

  /// In `0..<count`, evenly but for one part in 2⁶⁴ / count.
  mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  mutating func happens(perMille: Int) -> Bool { below(1_000) < perMille }

  /// A bell around 0 with a standard deviation of about `spread`: six even draws, added up.
  mutating func bell(_ spread: Int) -> Int {
    var sum = 0
    for _ in 0..<6 { sum += within(-1_000...1_000) }
    return sum * spread / 1_414
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// An index, as often as its share of the weights.
  ///
  /// - Parameter cumulative: running sums of the weights.
  mutating func pick(cumulative: [Int]) -> Int {
    let drawn = below(cumulative.last ?? 1)
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > drawn { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

private func mixed(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
