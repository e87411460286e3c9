/// The data of a benchmark: tables of events, a spine, and the project that describes them. The same for the same value, on any machine.
struct Workload: Hashable, Sendable {
  enum Kind: String, Sendable { case freight, wide }

  let kind: Kind
  let tables: [EventTable]
  let spineRows: Int
  let entities: Int
  let seed: UInt64

  /// Three tables of a freight company, 20 columns to look up.
  ///
  /// - Parameters:
  ///   - historyRows: of all tables: half of them accounting, a quarter service, a quarter quotes.
  ///   - entities: how many carriers; by default each has 100 rows.
  static func freight(historyRows: Int, spineRows: Int, entities: Int? = nil, seed: UInt64) -> Workload {
    Workload(
      kind: .freight,
      tables: [
        EventTable(name: "accounting", rows: historyRows / 2, numbers: 6, hasLane: true),
        EventTable(name: "service", rows: historyRows / 4, numbers: 8, hasLane: true),
        EventTable(name: "quotes", rows: historyRows / 4, numbers: 4, hasLane: false),
      ], spineRows: spineRows, entities: entities ?? max(1_000, historyRows / 100), seed: seed)
  }

  /// 1,000 columns to look up, in ten tables.
  static func wide(seed: UInt64) -> Workload {
    Workload(
      kind: .wide, tables: (0..<10).map { EventTable(name: "wide\($0)", rows: 20_000, numbers: 100, hasLane: false) },
      spineRows: 17_000, entities: 2_000, seed: seed)
  }

  var historyRows: Int { tables.reduce(0) { $0 + $1.rows } }

  var features: Int { tables.reduce(0) { $0 + $1.features.count } }

  /// Everything that makes the data what it is.
  var folderName: String { "\(kind)-\(historyRows)-\(spineRows)-\(entities)-\(seed)" }

  var title: String { "\(grouped(historyRows)) history rows, \(grouped(spineRows)) spine rows, \(grouped(entities)) carriers" }

  /// Why no such rows can be made; nil: they can.
  var mistake: String? {
    if spineRows < 1 || tables.contains(where: { $0.rows < 1 }) { return "there must be rows" }
    // Twice as many as needed, so that a carrier that is still free in a second is found soon.
    let needed = 2 * ((tables.map(\.rows).max() ?? 0) / Year.seconds + 1)
    return entities < needed ? "\(entities) carriers are too few: at least \(needed) are needed to have no ties" : nil
  }
}
