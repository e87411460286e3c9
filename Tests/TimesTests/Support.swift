import Times

/// A generator that repeats its numbers: SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func zone(_ name: String) throws -> Zone {
  struct NoSuchZone: Error { let name: String }
  guard let zone = Zone(name) else { throw NoSuchZone(name: name) }
  return zone
}

extension TimeReader {
  func read(_ text: String) -> TimeOutcome { read(utf8: Array(text.utf8).span) }
}

/// An outcome as people write it: a UTC time or the problem's name.
func words(_ outcome: TimeOutcome) -> String {
  switch outcome {
  case .time(let microseconds): timestampText(microseconds)
  case .problem(let problem): "\(problem)"
  }
}

/// Microseconds of UTC text.
func utc(_ text: String) -> Int64 {
  guard case .time(let microseconds) = parseInstant(text, zone: .utc) else { return .min }
  return microseconds
}
