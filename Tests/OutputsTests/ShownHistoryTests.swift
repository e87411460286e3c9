import Testing

@testable import Outputs

/// What is shown, by the definition alone: asked at one moment, of one entity, with no sweep.
private struct SlowHistory {
  let rows: RegisteredRows
  let promotions: [Promotion]

  func shown(_ entity: Int32, at time: Int64) -> Int32? {
    var best: (rank: [Int64], row: Int32)?
    for row in 0..<rows.count where rows.entities[row] == entity && rows.knownAt[row] <= time && time < rows.endedAt[row] {
      guard let rank = rank(of: row, at: time) else { continue }
      if best == nil || rank.lexicographicallyPrecedes(best!.rank) { best = (rank, Int32(row)) }
    }
    return best?.row
  }

  /// Less is better; nil: it may not be shown.
  private func rank(of row: Int, at time: Int64) -> [Int64]? {
    let version = rows.versions[row]
    let newest = [-rows.predictedAt[row], -rows.knownAt[row], -Int64(row)]
    let past = effective.filter { $0.at <= time }
    if let place = past.last?.versions.firstIndex(of: version) { return [0, 0, Int64(place)] + newest }
    // Live until the next promotion came, and known before that.
    guard let last = past.lastIndex(where: { $0.versions.contains(version) }) else { return nil }
    guard rows.knownAt[row] < past[last + 1].at, let place = past[last].versions.firstIndex(of: version) else { return nil }
    return [1, -Int64(last), Int64(place)] + newest
  }

  /// Of promotions at one moment the last counts.
  private var effective: [Promotion] {
    promotions.enumerated().filter { place, promotion in
      place + 1 == promotions.count || promotions[place + 1].at != promotion.at
    }.map(\.element)
  }
}

@Suite("What is shown of an output") struct ShownHistoryTests {
  private func rows(_ all: [(entity: Int32, version: Int32, predicted: Int64, known: Int64, ended: Int64?)]) -> RegisteredRows {
    var rows = RegisteredRows()
    for row in all {
      rows.entities.append(row.entity)
      rows.versions.append(row.version)
      rows.predictedAt.append(row.predicted)
      rows.knownAt.append(row.known)
      rows.endedAt.append(row.ended ?? .max)
    }
    return rows
  }

  private func stretches(_ history: ShownHistory) -> [[Int64]] {
    (0..<history.count).map { [Int64(history.rows[$0]), history.from[$0], history.until[$0]] }
  }

  @Test func `nothing is shown of a version that was never live`() {
    #expect(ShownHistory(rows([(0, 0, 1, 1, nil)]), promotions: []).count == 0)
  }

  @Test func `a promotion blanks nothing`() {
    let registered = rows([(0, 0, 1, 10, nil), (1, 0, 1, 10, nil), (1, 1, 2, 20, nil)])
    let history = ShownHistory(registered, promotions: [Promotion(at: 10, versions: [0]), Promotion(at: 30, versions: [1])])
    #expect(stretches(history) == [[0, 10, .max], [1, 10, 30], [2, 30, .max]])
  }

  @Test func `the preferred version is shown where it has a row`() {
    let registered = rows([(0, 0, 1, 10, nil), (0, 1, 1, 10, nil), (1, 1, 1, 10, nil)])
    let history = ShownHistory(registered, promotions: [Promotion(at: 10, versions: [0, 1])])
    #expect(stretches(history) == [[0, 10, .max], [2, 10, .max]])
  }

  @Test func `what is withdrawn leaves what was shown before it, or nothing`() {
    let registered = rows([(0, 0, 1, 10, nil), (0, 0, 2, 20, 30), (1, 0, 2, 20, 30)])
    let history = ShownHistory(registered, promotions: [Promotion(at: 5, versions: [0])])
    #expect(stretches(history) == [[0, 10, 20], [1, 20, 30], [0, 30, .max], [2, 20, 30]])
  }

  @Test func `a row that comes when its version is live no longer waits for the next promotion`() {
    let registered = rows([(0, 0, 1, 10, nil), (0, 0, 5, 40, nil)])
    let promotions = [Promotion(at: 10, versions: [0]), Promotion(at: 20, versions: [1]), Promotion(at: 50, versions: [0])]
    #expect(stretches(ShownHistory(registered, promotions: promotions)) == [[0, 10, 50], [1, 50, .max]])
  }

  @Test(arguments: 0..<60) func `the sweep agrees with the definition`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    let registered = rows(
      (0..<40).map { _ in
        let known = Int64(draw(30))
        return (Int32(draw(4)), Int32(draw(3)), Int64(draw(12)), known, draw(3) == 0 ? known + Int64(draw(15)) : nil)
      })
    let promotions = (0..<draw(7)).map { _ in
      Promotion(at: Int64(draw(30)), versions: Array([Int32(0), 1, 2].shuffled(with: draw).prefix(1 + draw(2))))
    }.sorted { $0.at < $1.at }
    let history = ShownHistory(registered, promotions: promotions)
    let slow = SlowHistory(rows: registered, promotions: promotions)
    for entity in Int32(0)..<4 {
      let own = (0..<history.count).filter { registered.entities[Int(history.rows[$0])] == entity }
      for time in Int64(-1)..<50 {
        let shown = own.first { history.from[$0] <= time && time < history.until[$0] }.map { history.rows[$0] }
        #expect(shown == slow.shown(entity, at: time), "entity \(entity) at \(time)")
      }
      for (a, b) in zip(own, own.dropFirst()) {
        #expect(history.until[a] <= history.from[b] && history.rows[a] != history.rows[b] || history.until[a] < history.from[b])
      }
    }
  }
}

extension [Int32] {
  fileprivate func shuffled(with draw: (Int) -> Int) -> [Int32] {
    var rest = self
    var shuffled: [Int32] = []
    while !rest.isEmpty { shuffled.append(rest.remove(at: draw(rest.count))) }
    return shuffled
  }
}
