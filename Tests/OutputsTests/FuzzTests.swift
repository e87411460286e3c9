import Diagnostics
import Foundation
import Outputs
import Testing

@Suite struct `Random files` {
  private static let sound = #"""
    id,x,s,at
    1,0.5,"say ""hi""",2024-01-01T00:00:00Z
    2,,"two
    lines",2024-01-01
    3,-1e-7,,2024-02-01 05:00\#r
    4,7,é,2024-01-01T00:00:00+01:00

    """#

  private static let tokens: [[UInt8]] =
    ["\"", ",", "\n", "\r", "\u{0}", "\u{FEFF}", "PK\u{3}\u{4}", "1"].map { Array($0.utf8) } + [
      [0xFF], [0xC3], [0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD],
    ]

  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// - Returns: whether they are taken.
  private func isTaken(_ bytes: [UInt8], _ batch: Batch, _ seed: UInt64) throws -> Bool {
    let input = try batch.write(bytes)
    do throws(BatchError) {
      return try batch.read([input]).summary.rows >= 0
    } catch {
      guard case .refused(let report) = error else { throw error }
      #expect(report.violationCount > 0, "seed \(seed)")
      let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
      for violation in report.groups.flatMap(\.examples) where violation.line != nil && bytes.first != 0x28 {
        #expect((1...lines).contains(violation.line ?? 0), "seed \(seed): \(violation)")
      }
      return false
    }
  }

  @Test func `are taken or refused with a place`() throws {
    let batch = try Batch(
      "[{name: x, type: float64}, {name: s, type: string, max_length: 20}]", "predicted_at: {column: at, at: \"00:00\"}")
    #expect(try isTaken(Array(Self.sound.utf8), batch, 0))
    var refused = 0
    for seed in 1...UInt64(400) {
      var dice = Dice(state: seed)
      var bytes = Array(Self.sound.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &dice) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: bytes.insert(contentsOf: Self.tokens.randomElement(using: &dice) ?? [], at: place)
        case 1: bytes.remove(at: place)
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
        default: bytes.removeSubrange(place...)
        }
      }
      if try !isTaken(bytes, batch, seed) { refused += 1 }
    }
    #expect(refused > 100 && refused < 400)
  }

  @Test func `of any bytes are refused`() throws {
    let batch = try Batch("[{name: x, type: float64}]")
    for seed in 1...UInt64(200) {
      var dice = Dice(state: seed)
      let magic = seed % 3 == 0 ? Self.tokens.randomElement(using: &dice) ?? [] : []
      let bytes = magic + (0..<Int.random(in: 0..<2_000, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
      #expect(try !isTaken(bytes, batch, seed), "seed \(seed)")
    }
  }
}
