import Testing

/// A seed that a failing test prints, to be replayed.
struct Seed: Sendable, CustomTestStringConvertible {
  let value: UInt64

  static let fixed = (1...20).map { Seed(value: $0) }

  var testDescription: String { "seed \(value)" }
  var generator: SplitMix64 { SplitMix64(state: value) }
}

/// Sebastiano Vigna's SplitMix64.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func nastyDouble() -> Double {
    let value = Double.random(in: -1...1, using: &self)
    return switch Int.random(in: 0..<6, using: &self) {
    case 0: value * 1e16
    case 1: value * 1e-16
    case 2: value * 1e290
    case 3: value * 0x1p-1030
    case 4: (value * 100).rounded() / 100
    default: value
    }
  }
}
