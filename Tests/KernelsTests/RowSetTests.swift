import Testing

@testable import Kernels

@Suite struct `Row set` {
  @Test(arguments: Seed.fixed, [1, 64, 65, 4_096, 4_097, 300_000])
  func `knows its ends and neighbours`(seed: Seed, count: Int) {
    var random = seed.generator
    var set = RowSet()
    // What was in it before is gone.
    set.begin(rowCount: 70)
    for row in 0..<70 { set.insert(row) }
    set.begin(rowCount: count)
    var model: Set<Int> = []
    for _ in 0..<60 {
      let row = Int.random(in: 0..<count, using: &random)
      if Bool.random(using: &random) {
        set.insert(row)
        model.insert(row)
      } else {
        // Also of what is not in it.
        let gone = Bool.random(using: &random) ? row : model.sorted().first ?? row
        set.remove(gone)
        model.remove(gone)
      }
      let probe = Int.random(in: 0..<count, using: &random)
      #expect(set.first == model.min() ?? -1)
      #expect(set.last == model.max() ?? -1)
      #expect(set.after(probe) == model.filter { $0 > probe }.min() ?? -1)
      #expect(set.before(probe) == model.filter { $0 < probe }.max() ?? -1)
    }
  }
}
