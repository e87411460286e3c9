import Foundation
import Testing

@testable import Bench

@Suite struct `Measurements` {
  @Test(arguments: [([3], 3), ([9, 1, 2], 2), ([4, 1, 2, 100], 3)] as [([Double], Double)])
  func `are reported as their median`(values: [Double], middle: Double) { #expect(median(values) == middle) }

  @Test func `compare a rival without its start with ours as a whole`() {
    let ours = ContenderResult(.export("lookups", as: .tarZst), [measurement(whole: 2, own: nil)])
    let rival = ContenderResult(.rival(.duckdb, as: .csvZst), [measurement(whole: 7, own: 6), measurement(whole: 9, own: 8)])
    #expect(rival.ratio(to: ours) == 3.5)
    #expect(rival.wholeSeconds == 8)
  }

  @Test func `tell how a child ended and what it used`() throws {
    let (output, errors) = (scratch(), scratch())
    defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
    let run = try runChild(["/bin/sh", "-c", "echo heard; exit 3"], output: output, errors: errors)
    #expect(run.exit == 3)
    #expect(run.peakBytes > 0)
    #expect(try String(contentsOf: output, encoding: .utf8) == "heard\n")
    #expect(throws: SpawnFailure.self) { try runChild(["/nowhere/nothing"], output: output, errors: errors) }
  }

  private func measurement(whole: Double, own: Double?) -> CountedRun {
    CountedRun(wholeSeconds: whole, ownSeconds: own, cpuSeconds: 1, peakBytes: 1, bytes: 1)
  }

  private func scratch() -> URL { FileManager.default.temporaryDirectory.appending(path: UUID().uuidString) }
}
