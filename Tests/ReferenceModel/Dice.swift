/// SplitMix64: equal seeds give equal worlds on every machine.
package struct Dice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func chance(_ percent: Int) -> Bool { Int(next() % 100) < percent }
  package mutating func from<T>(_ choices: [T]) -> T { choices[Int(next() % UInt64(choices.count))] }
  package mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// Some of them, in their order, at least one.
  package mutating func some<T>(of choices: [T]) -> [T] {
    let kept = choices.filter { _ in chance(50) }
    return kept.isEmpty ? [from(choices)] : kept
  }
}
