import ReferenceModel
import Testing

/// That the random worlds can tell each mistake from the rule: what agrees with the model on all of them makes none of these.
@Suite struct Canaries {
  private static let worlds = (1...400).map { World.random(seed: $0) }
  private static let answers = worlds.map { try? Model($0).answer() }

  @Test(arguments: Mutation.allCases)
  func `are caught by some random world`(mutation: Mutation) throws {
    let caught = zip(Self.worlds, Self.answers).contains { world, right in
      let wrong = try? Model(world, mutation: mutation).answer()
      return wrong != nil && wrong != right
    }
    #expect(caught)
  }

  /// A model that notices every mistake of its own, and nothing else, has found nothing: the unmutated one must agree with itself.
  @Test func `do not cry without a mistake`() throws {
    for world in Self.worlds.prefix(20) {
      #expect(try Model(world).answer() == Model(world).answer())
    }
  }
}
