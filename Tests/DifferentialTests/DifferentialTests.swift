import ReferenceModel
import Testing

@Suite struct `Random worlds` {
  @Test(.enabled(if: projectRunner != nil), arguments: Seeds.all)
  func `have one answer, the engine's and the model's`(seed: UInt64) throws {
    let world = World.random(seed: seed)
    let want = try Model(world).answer().members
    let have: [String: String]
    do {
      have = try engineMembers(world)
    } catch {
      Issue.record("\(report(world, "the engine refuses it: \(error)"))")
      return
    }
    if let difference = firstDifference(have, want) { Issue.record("\(report(world, difference))") }
  }

  @Test func `are equal for equal seeds`() {
    let (a, b) = (World.random(seed: 7).files, World.random(seed: 7).files)
    #expect(a.definitions == b.definitions)
    #expect(Array(a.warehouse.utf8) == Array(b.warehouse.utf8))
  }
}
