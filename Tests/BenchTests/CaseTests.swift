import Testing

@testable import Bench

@Suite struct `Cases` {
  private static let sets = [CaseSet.quick(seed: 7), .standard(seed: 7), .large(seed: 7)]

  @Test(arguments: sets)
  func `begin with ours, and can be made`(set: CaseSet) {
    for part in set.parts {
      #expect(part.workload.mistake == nil)
      for benchCase in part.cases { #expect(benchCase.contenders.first?.isOurs == true, "\(benchCase.name)") }
    }
  }

  @Test(arguments: sets)
  func `can be picked by name`(set: CaseSet) {
    #expect(set.only([]).parts.count == set.parts.count)
    #expect(set.only(["no such case"]).parts.isEmpty)
    #expect(set.only(["wide", "lookups"]).parts.flatMap(\.cases).allSatisfy { ["wide", "lookups"].contains($0.name) })
  }

  @Test(
    arguments: [
      (.threads, "  --threads <n>   How many cores.", true),
      (.threads, "  --level <n>   How hard.", false),
      (.folders, "  --format <format>   zip, tar.zst or folder.\n  --out <file>", true),
      (.folders, "  --format <format>   zip or tar.zst.\n  --out <folder>   A folder.", false),
    ] as [(Contender.Capability, String, Bool)])
  func `know what a binary can do by its help`(capability: Contender.Capability, help: String, isNamed: Bool) {
    #expect(capability.isNamed(in: help) == isNamed)
  }
}
