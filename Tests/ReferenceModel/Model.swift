// The slow model: DESIGN.md section 5, rule by rule, as loops that read like the rules.
// In: a world. Out: the members of its training set as CSV text, and how many rows left.
// Every spine row looks at every row of every view; nothing is sorted ahead, cached or shared.

package struct Answer: Equatable, Sendable {
  /// `data.csv`, or `train.csv`, `validation.csv`, `test.csv`.
  package var members: [String: String]
  /// Rows left out by R15, by part.
  package var left: [String: Int]
  package var immatureLabels = 0

  /// By bytes, as the files are: `String ==` would take two spellings of é for one.
  package static func == (a: Answer, b: Answer) -> Bool {
    a.left == b.left && a.immatureLabels == b.immatureLabels
      && a.members.mapValues { Array($0.utf8) } == b.members.mapValues { Array($0.utf8) }
  }
}

/// A world that the rules refuse; random worlds never are.
package enum WorldError: Error, Equatable, Sendable {
  case sumBeyondRange
  case nullTime(module: String, row: Int)
  case timelessDuplicates(view: String)
}

package struct Model: Sendable {
  let world: World
  let clock: Clock
  let mutation: Mutation?
  let reading: OtherReading?

  package init(_ world: World, mutation: Mutation? = nil, reading: OtherReading? = nil) {
    self.world = world
    clock = Clock(zone: world.zone)
    self.mutation = mutation
    self.reading = reading
  }

  package func answer() throws -> Answer {
    let spine = try self.spine()
    let versions = try Dictionary(uniqueKeysWithValues: world.views.map { ($0.name, try self.versions(of: $0)) })
    let features = try spine.map { row in
      try world.set.uses.flatMap { try self.features($0, versions: versions[$0.view]!, asked: row) }
    }
    let header = spineHeader + featureHeader + world.set.labels.map(\.name)
    let parts = self.parts(spine)
    var answer = Answer(members: [:], left: [:])
    for part in partNames {
      let rows = spine.indices.filter { parts[$0].name == part && !parts[$0].leaves }
      let cells = rows.map { spine[$0].cells + features[$0] + spine[$0].labels.map(\.shown) }
      answer.members[part + ".csv"] = csvText(header: header, rows: cells)
      answer.left[part] = spine.indices.count { parts[$0].name == part && parts[$0].leaves }
    }
    answer.immatureLabels = spine.flatMap(\.labels).count { !$0.isMature }
    return answer
  }

  /// R4: what could be known at the decision time `t`. Nothing is known at `never`.
  func knowledge(at t: Int64) -> Int64 {
    let k = world.set.asRevised && mutation != .asRevisedIgnored ? never - 1 : t
    guard let cutoff = world.set.knownBy, mutation != .cutoffIgnored else { return k }
    return min(k, cutoff)
  }

  /// R8: whether something at `e` counts as having happened at `t`.
  func hasHappened(_ e: Int64, at t: Int64) -> Bool {
    let isOpen = mutation == .eventBoundaryFlipped ? !world.set.isOpen : world.set.isOpen
    return isOpen ? e < t : e <= t
  }

  /// R8: whether something at `e` is still younger than `span` at `t`: (t − span, t] closed, [t − span, t) open.
  func isWithin(_ span: Int64, _ e: Int64, at t: Int64, flipped: Bool) -> Bool {
    world.set.isOpen != flipped ? t - e <= span : t - e < span
  }
}

/// Later than all knowledge.
let never = Int64.max
