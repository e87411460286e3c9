import Foundation

/// Small and seeded, so that a failure can be replayed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// How many times as much as usual is tried: the environment's FUZZ, else once.
let fuzzFactor = max(1, ProcessInfo.processInfo.environment["FUZZ"].flatMap { Int($0) } ?? 1)

/// - Parameter tokens: what is inserted or written over.
/// - Returns: the bytes after one to four flips, removals, insertions, repetitions and cuts.
func mutate(_ bytes: [UInt8], tokens: [[UInt8]], seed: UInt64) -> [UInt8] {
  var random = SplitMix(state: seed)
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: bytes.indices, using: &random)
    let token = tokens.randomElement(using: &random) ?? []
    switch Int.random(in: 0..<12, using: &random) {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(contentsOf: bytes[place..<min(place + 30, bytes.count)], at: place)
    case 3...6: bytes.insert(contentsOf: token, at: place)
    case 7, 8: bytes.replaceSubrange(place..<min(place + token.count, bytes.count), with: token)
    default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
  }
  return bytes
}
