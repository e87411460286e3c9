import Columns
import Definitions
import Diagnostics
import Planning
import Snapshots
import Times
import TrainingSets

/// What an export asks, and of which rows.
struct AskedRows {
  /// As it asks them.
  let set: TrainingSet
  /// A CSV file that replaces the rows of the definitions.
  let file: String?
  /// nil: the rows are to learn from.
  let scoring: ScoringQuestion?
}

extension Workspace {
  func askedRows(of set: TrainingSet, _ options: ExportOptions, _ planner: inout Planner, _ store: SnapshotStore) throws -> AskedRows {
    guard case .scoring(let asOf) = options.purpose else { return AskedRows(set: set, file: options.spine, scoring: nil) }
    let instant = try scoringTime(asOf, zone: planner.zone)
    let isReplaced = options.spine != nil
    let column = isReplaced ? set.spine.asOf : set.scoringTime
    return AskedRows(
      set: set.forScoring(isReplaced: isReplaced, isAskedAtOnce: instant != nil), file: options.spine,
      scoring: ScoringQuestion(
        time: instant.map { .instant($0) } ?? .column(column), types: try typesAsTrained(set, &planner, store)))
  }

  private func scoringTime(_ text: String?, zone: Zone) throws -> Int64? {
    guard let time = try instant(text, zone: zone) else { return nil }
    if time <= surroundings.now() { return time }
    throw Diagnostics([
      Diagnostic(
        at: nil, "nothing can be scored as of \(timestampText(time)): that is yet to come, and nobody knows what will be known then",
        rule: "look-ahead", hint: "name the present or a time that is past")
    ])
  }

  /// What a training set's columns are: as declared, else as its newest version read them.
  private func typesAsTrained(_ set: TrainingSet, _ planner: inout Planner, _ store: SnapshotStore) throws -> [String: DataType] {
    let declared = try planner.declaredTypes(of: set)
    if set.spineColumns.allSatisfy({ declared[$0.value] != nil }) { return declared }
    guard let version = try store.version(of: set.name.value, .newest),
      let pinned = try? ResolvedTrainingSet(text: version.definition)
    else { return declared }
    let (table, metadata) = try store.spine(of: version)
    guard let spine = SpineRows(table, metadata: metadata, plan: pinned.plan) else { return declared }
    return declared.merging(spine.types) { own, _ in own }
  }
}
