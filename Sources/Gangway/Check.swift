import Definitions
import Diagnostics
import Foundation
import Modelling
import Planning
import Warehouses

/// What was checked.
public struct CheckReport: Sendable {
  public let entities: Int
  /// Neither outputs nor marts.
  public let modules: Int
  public let marts: Int
  public let featureViews: Int
  public let featureColumns: Int
  public let trainingSets: Int
  /// What could not be checked, and why.
  public let notes: [String]
}

extension Workspace {
  /// Checks the definitions, and against the warehouse, if it is there, every column, type and expression. Writes nothing.
  ///
  /// - Throws: all mistakes.
  public func check() throws(GangwayError) -> CheckReport {
    try GangwayError.catching {
      var notes: [String] = []
      var mistakes = checkTemplates(project)
      if mistakes.isEmpty { mistakes += try LineageGraph(self).outputLoops }
      if FileManager.default.fileExists(atPath: warehousePath) {
        try checkWarehouse(&mistakes, &notes)
      } else {
        notes.append("no warehouse at \(relative(warehousePath)): columns and types were not checked")
      }
      if !mistakes.isEmpty { throw Diagnostics(mistakes) }
      return CheckReport(
        entities: project.entities.count, modules: project.ownModules.count, marts: project.marts.count,
        featureViews: project.featureViews.count,
        featureColumns: project.featureViews.reduce(0) { $0 + $1.columns.count }, trainingSets: project.trainingSets.count, notes: notes)
    }
  }

  private func checkWarehouse(_ mistakes: inout [Diagnostic], _ notes: inout [String]) throws {
    var planner = self.planner
    var notBuilt = Set<String>()
    func attempt(_ body: () throws(Diagnostics) -> Void) throws {
      do { try body() } catch {
        if error.isBusy { throw error }
        // What has not been built yet is no mistake of the definitions.
        mistakes += error.diagnostics.filter { $0.rule != "not-built" }
      }
    }
    for module in project.modules where module.isBuiltHere {
      if try planner.relation(module.relation) == nil { notBuilt.insert(module.name.value) }
    }
    for module in project.modules where module.observation != nil {
      try attempt { () throws(Diagnostics) in _ = try planner.planLook(at: module) }
    }
    let unpublished = try checkMarts(&planner, &mistakes)
    for view in project.featureViews {
      try attempt { () throws(Diagnostics) in _ = try planner.plan(view) }
    }
    for set in project.trainingSets {
      try attempt { () throws(Diagnostics) in notes += try checkSpine(of: set, &planner) }
      try attempt { () throws(Diagnostics) in notes += try checkScoring(of: set, &planner) }
    }
    var seen = Set<Diagnostic>()
    mistakes = mistakes.filter { seen.insert($0).inserted }
    if mistakes.isEmpty { notes += try notesOnChanges(of: project.modules.map(\.name.value)) }
    if !notBuilt.isEmpty {
      let names = project.modules.map(\.name.value).filter(notBuilt.contains)
      notes.append("not built yet, so their columns were not checked: \(names.joined(separator: ", "))")
    }
    if !unpublished.isEmpty {
      notes.append("not published yet, so marts that join them were not checked: \(unpublished.joined(separator: ", "))")
    }
  }

  /// - Returns: the outputs and views of which the warehouse knows nothing yet.
  private func checkMarts(_ planner: inout Planner, _ mistakes: inout [Diagnostic]) throws(Diagnostics) -> [String] {
    // What is wrong with templates has been said.
    guard let graph = try? ModuleGraph(project) else { return [] }
    let findings = try graph.checkMarts(in: planner.warehouse.displayName) { () throws(Diagnostics) in
      try planner.relationNames()
    } relation: { name throws(Diagnostics) in
      try planner.relation(name)
    }
    mistakes += findings.mistakes
    return findings.unpublished
  }
}
