import Definitions
import Diagnostics
import Warehouses

/// The columns that the log of an observed module has beside the relation's own.
struct LogColumns {
  /// When a look found the row so, microseconds since the epoch.
  let knownTime: Located<String>
  /// Whether a look found it gone.
  let deleted: Located<String>

  /// Under names that the relation does not have, whatever the case of their letters.
  init(beside relation: Relation, of observation: Observation) {
    let taken = Set(relation.columns.map { $0.name.lowercased() })
    func free(_ name: String) -> Located<String> {
      var name = name
      while taken.contains(name) { name += "_" }
      return Located(name, at: observation.location)
    }
    knownTime = free("gangway__known_time")
    deleted = free("gangway__deleted")
  }
}

extension ViewPlan {
  /// Whether the view is read from the log of its module, and not from the relation as it is now.
  package var isObserved: Bool { !isTimeless && module.observation != nil }

  /// Whether rows of the module's first look count as known from their event time.
  package var firstLookAssumesKnowledge: Bool {
    isObserved && module.observation?.firstSeen == .eventTime && view.time.eventTime != nil
  }

  /// Since when rows of the module's first look count as known; nil where it is not observed.
  package var firstLookSeen: String? {
    guard isObserved else { return nil }
    return (firstLookAssumesKnowledge ? Observation.FirstSeen.eventTime : .now).rawValue
  }
}

extension Observation {
  var digestText: String {
    let renames = earlierNames.sorted { $0.key < $1.key }.map { "\($0.key.debugDescription) was \($0.value)" }
    return "observed, first seen \(firstSeen.rawValue) \(renames.joined(separator: ", "))"
  }
}
