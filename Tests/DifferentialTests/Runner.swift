import Foundation

/// What the differential tests need of Gangway: make the warehouse of a written project, export its training set `set`.
protocol ProjectRunner: Sendable {
  /// - Parameters:
  ///   - folder: holds gangway.yml and features/; the warehouse is to be made in it, as `warehouse.sqlite`.
  ///   - warehouseSQL: statements that make it.
  ///   - exportArguments: what follows `export set`, such as `--known-by 2024-01-02T00:00:00Z`.
  /// - Returns: the text of every CSV member of the archive, by name.
  func run(folder: URL, warehouseSQL: String, exportArguments: [String]) throws -> [String: String]
}

/// STUB: to be replaced by one that calls the library. While it is nil, only the model is tested.
let projectRunner: (any ProjectRunner)? = nil
