import Foundation

/// What the case files need of Gangway. The project is in the folder; the warehouse is to be made there, as `warehouse.sqlite`.
protocol CaseRunner: Sendable {
  /// `check`, `materialize`, then `export set` with more arguments: the text of every CSV member of the archive, by name.
  func export(folder: URL, warehouseSQL: String, arguments: [String]) throws -> [String: String]

  /// One command, as typed behind `gangway -C folder`.
  func command(folder: URL, warehouseSQL: String, arguments: [String]) throws -> (exit: Int32, standardError: String)
}

/// STUB: to be replaced by one that calls the library. While it is nil, the cases are only parsed.
let caseRunner: (any CaseRunner)? = nil
