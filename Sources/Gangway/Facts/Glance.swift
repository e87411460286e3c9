import Diagnostics
import Foundation
import Planning
import Warehouses

/// A look at the warehouse, if it is there: what cannot be read becomes a note, not an error.
struct Glance {
  /// nil without a warehouse, or once it could not be read.
  private(set) var planner: Planner?
  private(set) var notes: [String] = []

  /// - Parameter consequence: what not having a warehouse means, as it stands after a colon.
  init(_ workspace: Workspace, without consequence: String) {
    if FileManager.default.fileExists(atPath: workspace.warehousePath) {
      planner = workspace.planner
    } else {
      notes.append("no warehouse at \(workspace.relative(workspace.warehousePath)): \(consequence)")
    }
  }

  /// - Throws: only what may pass, a lock.
  mutating func relation(_ name: String) throws(Diagnostics) -> Relation? {
    do throws(Diagnostics) { return try planner?.relation(name) } catch {
      if error.isBusy { throw error }
      notes += error.diagnostics.map { "the warehouse was not read: \($0.message)" }
      planner = nil
      return nil
    }
  }
}
