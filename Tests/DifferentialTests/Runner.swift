import Foundation
import Gangway
import TestSupport

/// What the differential tests need of Gangway: make the warehouse of a written project, export its training set `set`.
protocol ProjectRunner: Sendable {
  /// - Parameters:
  ///   - folder: holds gangway.yml and features/; the warehouse is to be made in it, as `warehouse.sqlite`.
  ///   - warehouseSQL: statements that make it.
  ///   - exportArguments: what follows `export set`, such as `--known-by 2024-01-02T00:00:00Z`.
  /// - Returns: the text of every CSV member of the archive, by name.
  func run(folder: URL, warehouseSQL: String, exportArguments: [String]) throws -> [String: String]
}

let projectRunner: (any ProjectRunner)? = LibraryRunner()

/// The library in this process: ten thousand worlds take minutes, not hours.
private struct LibraryRunner: ProjectRunner {
  func run(folder: URL, warehouseSQL: String, exportArguments: [String]) throws -> [String: String] {
    try makeWarehouse(warehouseSQL, at: folder.appending(path: "warehouse.sqlite"))
    // In every other world each row is looked at alone, where that can be.
    var resources = Resources.ofThisMachine
    if warehouseSQL.utf8.count % 2 == 1 { resources.valuesAtOnce = 1 }
    let workspace = try Workspace(startingAt: folder.path, resources: resources)
    var options = ExportOptions(format: "zip", out: folder.appending(path: "out.zip").path)
    for (flag, value) in zip(exportArguments, exportArguments.dropFirst()) {
      if flag == "--known-by" { options.knownBy = value }
      if flag == "--spine" { options.spine = folder.appending(path: value).path }
    }
    return try csvMembers(ofArchive: try workspace.export("set", options).path)
  }
}
