/// Rows of an output as they were registered, in that order: numbers, so that millions of them are cheap.
package struct RegisteredRows: Sendable {
  /// Which entity a row is about, from 0.
  package var entities: ContiguousArray<Int32> = []
  /// Of which model version it is, from 0.
  package var versions: ContiguousArray<Int32> = []
  /// When each was predicted, microseconds since the Unix epoch.
  package var predictedAt: ContiguousArray<Int64> = []
  /// Since when each was known.
  package var knownAt: ContiguousArray<Int64> = []
  /// When each was withdrawn, or replaced by another batch of its name; `Int64.max`: it was not.
  package var endedAt: ContiguousArray<Int64> = []

  package init() {}

  package var count: Int { entities.count }

  /// The rows' places, sorted by entity, of one entity as registered.
  package var order: ContiguousArray<Int32> {
    var starts = ContiguousArray<Int>(repeating: 0, count: Int((entities.max() ?? -1) + 1) + 1)
    for entity in entities { starts[Int(entity) + 1] += 1 }
    for i in 1..<max(1, starts.count) { starts[i] += starts[i - 1] }
    var order = ContiguousArray<Int32>(repeating: 0, count: count)
    for (row, entity) in entities.enumerated() {
      order[starts[Int(entity)]] = Int32(truncatingIfNeeded: row)
      starts[Int(entity)] += 1
    }
    return order
  }
}

/// Model versions that became live at a moment, the preferred one first; those of before are no longer live.
package struct Promotion: Sendable, Hashable {
  package let at: Int64
  package let versions: [Int32]

  package init(at: Int64, versions: [Int32]) {
    self.at = at
    self.versions = versions
  }
}

/// What was shown of each entity in which time.
///
/// At any moment it is, of the live versions in their order, the row predicted last of the first that has one. Where none has one, what was
/// shown before goes on, until it is withdrawn: a promotion blanks nothing. So a row that became known when its version was live no longer
/// is never shown, unless the version is promoted again.
package struct ShownHistory: Sendable {
  /// In order of entity, then time. Stretches of one entity do not overlap; there may be gaps.
  package private(set) var rows: ContiguousArray<Int32> = []
  package private(set) var from: ContiguousArray<Int64> = []
  /// `Int64.max`: it is shown still.
  package private(set) var until: ContiguousArray<Int64> = []

  package var count: Int { rows.count }

  /// - Parameter promotions: in order of time; of equal ones the last counts.
  package init(_ registered: RegisteredRows, promotions: [Promotion]) {
    let places = registered.order
    let order = places.span
    let versions = Int((registered.versions.max() ?? -1) + 1)
    let liveness = Liveness(promotions, versions: versions)
    var start = 0
    while start < order.count {
      let entity = registered.entities[Int(order[start])]
      var end = start + 1
      while end < order.count, registered.entities[Int(order[end])] == entity { end += 1 }
      var sweep = EntitySweep(registered, liveness)
      sweep.run(order.extracting(start..<end)) { row, from, until in
        rows.append(row)
        self.from.append(from)
        self.until.append(until)
      }
      start = end
    }
  }
}

/// Which versions are live when.
private struct Liveness {
  let times: [Int64]
  /// Per promotion and version its place among the live ones; nil: it is not live.
  let places: [[Int?]]

  init(_ promotions: [Promotion], versions: Int) {
    var times: [Int64] = []
    var places: [[Int?]] = []
    for promotion in promotions {
      var row = [Int?](repeating: nil, count: versions)
      for (place, version) in promotion.versions.enumerated() where Int(version) < versions { row[Int(version)] = place }
      if times.last == promotion.at {
        places[places.count - 1] = row
      } else {
        times.append(promotion.at)
        places.append(row)
      }
    }
    self.times = times
    self.places = places
  }
}

/// One entity's rows and promotions, swept in order of time.
private struct EntitySweep {
  private let registered: RegisteredRows
  private let liveness: Liveness
  /// Of each version that the entity has rows of.
  private var contenders: [Contender] = []
  private var promotion = -1

  private struct Contender {
    let version: Int
    /// Rows that may be shown, the one predicted last at the end.
    var eligible: [Int32] = []
    /// Rows that became known while the version was not live.
    var waiting: [Int32] = []
    /// The number of the promotion that last left it live, and its place then; nil: none ever did.
    var lastLive: (promotion: Int, place: Int)?
    var place: Int?
  }

  init(_ registered: RegisteredRows, _ liveness: Liveness) {
    self.registered = registered
    self.liveness = liveness
  }

  mutating func run(_ rows: Span<Int32>, _ emit: (_ row: Int32, _ from: Int64, _ until: Int64) -> Void) {
    var arriving: [Int32] = []
    var times = Set<Int64>()
    for i in rows.indices {
      let row = rows[i]
      guard registered.knownAt[Int(row)] < registered.endedAt[Int(row)] else { continue }
      arriving.append(row)
      times.insert(registered.knownAt[Int(row)])
      if registered.endedAt[Int(row)] < .max { times.insert(registered.endedAt[Int(row)]) }
      let version = Int(registered.versions[Int(row)])
      if !contenders.contains(where: { $0.version == version }) { contenders.append(Contender(version: version)) }
    }
    if arriving.isEmpty { return }
    let first = times.min() ?? 0
    times.formUnion(liveness.times.filter { $0 > first })
    arriving.sort { (registered.knownAt[Int($0)], $0) < (registered.knownAt[Int($1)], $1) }
    var next = 0
    var shown: (row: Int32, from: Int64)?
    for time in times.sorted() {
      promote(until: time)
      while next < arriving.count, registered.knownAt[Int(arriving[next])] <= time {
        take(arriving[next])
        next += 1
      }
      let best = best(at: time)
      if best == shown?.row { continue }
      if let shown { emit(shown.row, shown.from, time) }
      shown = best.map { ($0, time) }
    }
    if let shown { emit(shown.row, shown.from, .max) }
  }

  private mutating func promote(until time: Int64) {
    while promotion + 1 < liveness.times.count, liveness.times[promotion + 1] <= time {
      promotion += 1
      for i in contenders.indices {
        contenders[i].place = liveness.places[promotion][contenders[i].version]
        guard let place = contenders[i].place else { continue }
        contenders[i].lastLive = (promotion, place)
        let waiting = contenders[i].waiting
        contenders[i].waiting = []
        for row in waiting { insert(row, into: i) }
      }
    }
  }

  private mutating func take(_ row: Int32) {
    guard let i = contenders.firstIndex(where: { $0.version == Int(registered.versions[Int(row)]) }) else { return }
    if contenders[i].place == nil { contenders[i].waiting.append(row) } else { insert(row, into: i) }
  }

  /// By time of prediction, then of knowledge, then of registration: nearly always at the end.
  private mutating func insert(_ row: Int32, into i: Int) {
    func rank(_ row: Int32) -> (Int64, Int64, Int32) { (registered.predictedAt[Int(row)], registered.knownAt[Int(row)], row) }
    var place = contenders[i].eligible.count
    while place > 0, rank(contenders[i].eligible[place - 1]) > rank(row) { place -= 1 }
    contenders[i].eligible.insert(row, at: place)
  }

  /// A version that is live comes before one that was; of those that were, the one that was live last.
  private mutating func best(at time: Int64) -> Int32? {
    var best: (rank: (Int, Int, Int), row: Int32)?
    for i in contenders.indices {
      // A row in the middle that has ended is met when those after it are gone.
      while let last = contenders[i].eligible.last, registered.endedAt[Int(last)] <= time { contenders[i].eligible.removeLast() }
      guard let row = contenders[i].eligible.last else { continue }
      let last = contenders[i].lastLive ?? (promotion: -1, place: 0)
      let rank = contenders[i].place.map { (0, 0, $0) } ?? (1, -last.promotion, last.place)
      if best == nil || rank < best!.rank { best = (rank, row) }
    }
    return best?.row
  }
}
