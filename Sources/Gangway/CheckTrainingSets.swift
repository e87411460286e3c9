import Definitions
import Diagnostics
import Foundation
import Planning
import Warehouses

/// What training sets ask of their relations, checked before it is asked.
extension Workspace {
  /// - Returns: what could not be checked, and why.
  func checkSpine(of set: TrainingSet, _ planner: inout Planner) throws(Diagnostics) -> [String] {
    try check(AskedRows(set: set, file: nil, scoring: nil), &planner)
  }

  /// - Returns: what could not be checked, and why; what rows to score lack that an export can make up for.
  func checkScoring(of set: TrainingSet, _ planner: inout Planner) throws(Diagnostics) -> [String] {
    guard let scoring = set.scoring else { return [] }
    if scoring.origin == nil, case .file = set.spine.origin { return [] }
    let asked = set.forScoring(isReplaced: false, isAskedAtOnce: false)
    let types = try planner.declaredTypes(of: set)
    if try !lacksTime(asked, scoring, &planner) {
      let question = ScoringQuestion(time: .column(set.scoringTime), types: types)
      return try check(AskedRows(set: asked, file: nil, scoring: question), &planner)
    }
    let notes = try check(AskedRows(set: asked, file: nil, scoring: ScoringQuestion(time: .instant(0), types: types)), &planner)
    let lacking = "its rows to score have no \"\(set.spine.asOf.column.value)\", so they need --as-of"
    return notes + ["training set \"\(set.name.value)\": \(lacking)"]
  }

  /// Rows to score that are asked at one time need no column for it; but who names one means it.
  private func lacksTime(_ asked: TrainingSet, _ scoring: Scoring, _ planner: inout Planner) throws(Diagnostics) -> Bool {
    guard scoring.asOf == nil, case .module(let name)? = scoring.origin, let module = project.module(name.value),
      let relation = try planner.relation(module.relation)
    else { return false }
    return relation.column(asked.spine.asOf.column.value) == nil
  }

  private func check(_ asked: AskedRows, _ planner: inout Planner) throws(Diagnostics) -> [String] {
    let (set, what) = (asked.set, asked.scoring == nil ? "spine" : "scoring")
    guard case .file(let path) = set.spine.origin else {
      _ = try planner.plan(set, spine: try planner.spineSource(of: set), scoring: asked.scoring)
      return []
    }
    if FileManager.default.fileExists(atPath: path.value) {
      return ["training set \"\(set.name.value)\": its \(what) file is checked when it is exported"]
    }
    throw Diagnostics([
      Diagnostic(
        at: path.location, "\(what) file \"\(relative(path.value))\" of training set \"\(set.name.value)\" does not exist",
        rule: "missing-file", hint: "paths are relative to the file that says them")
    ])
  }
}
