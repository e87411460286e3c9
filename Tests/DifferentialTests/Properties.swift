import ReferenceModel
import Testing

/// What holds of every answer, whoever gives it.
@Suite struct Properties {
  @Test(arguments: Answering.present, Seeds.some)
  func `a row known after every decision changes nothing`(answering: Answering, seed: UInt64) throws {
    let world = World.random(seed: seed)
    guard let later = world.withRowsFromTheFuture(seed: seed) else { return }
    try expectSame(answering.members(later), answering.members(world), later)
  }

  @Test(arguments: Answering.present, Seeds.some)
  func `the order of a relation's rows changes nothing`(answering: Answering, seed: UInt64) throws {
    let world = World.random(seed: seed)
    let shuffled = world.withRowsShuffled(seed: seed)
    try expectSame(answering.members(shuffled), answering.members(world), shuffled)
  }

  @Test(arguments: Answering.present, Seeds.some)
  func `a spine in two halves has the same rows`(answering: Answering, seed: UInt64) throws {
    var whole = World.random(seed: seed)
    // Horizon and durations look at the whole spine.
    whole.set.labels = []
    whole.set.split = nil
    let halves = try whole.spineHalves.map { csvRows(try answering.members($0)["data.csv"]!) }
    let rows = csvRows(try answering.members(whole)["data.csv"]!)
    #expect(halves.allSatisfy { $0[0] == rows[0] })
    let parts = halves.flatMap { $0.dropFirst() }
    #expect(sorted(parts) == sorted(Array(rows.dropFirst())), "\(report(whole, "halves differ"))")
  }

  @Test(arguments: Answering.present, Seeds.some)
  func `a shift of all times shifts the answer`(answering: Answering, seed: UInt64) throws {
    let world = World.random(seed: seed)
    guard let shifted = world.shifted(weeks: 52) else { return }
    let want = try answering.members(world).mapValues { World.shiftTimes(in: $0, weeks: 52) }
    try expectSame(answering.members(shifted), want, shifted)
  }

  private func expectSame(_ have: [String: String], _ want: [String: String], _ world: World) throws {
    if let difference = firstDifference(have, want) { Issue.record("\(report(world, difference))") }
  }

  private func sorted(_ rows: [[String]]) -> [[[UInt8]]] {
    rows.map { $0.map { Array($0.utf8) } }.sorted { a, b in
      for (x, y) in zip(a, b) where x != y { return x.lexicographicallyPrecedes(y) }
      return false
    }
  }
}
