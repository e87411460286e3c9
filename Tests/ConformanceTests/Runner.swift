import Foundation
import TestSupport

/// What the case files need of Gangway. The project is in the folder; the warehouse is to be made there, as `warehouse.sqlite`.
protocol CaseRunner: Sendable {
  /// `check`, `materialize`, then `export set` with more arguments: the text of every CSV member of the archive, by name.
  func export(folder: URL, warehouseSQL: String, arguments: [String]) throws -> [String: String]

  /// One command, as typed behind `gangway -C folder`.
  func command(folder: URL, warehouseSQL: String, arguments: [String]) throws -> (exit: Int32, standardError: String)
}

let caseRunner: (any CaseRunner)? = BinaryRunner()

/// The built binary, as a user runs it.
private struct BinaryRunner: CaseRunner {
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  func export(folder: URL, warehouseSQL: String, arguments: [String]) throws -> [String: String] {
    try makeWarehouse(warehouseSQL, at: folder.appending(path: "warehouse.sqlite"))
    for words in [["check"], ["materialize"], ["export", "set", "--format", "zip", "--out", "out.zip"] + arguments] {
      let outcome = try gangway(words, folder)
      if outcome.exit != 0 { throw Refused(description: "\(words[0]): exit \(outcome.exit): \(outcome.standardError)") }
    }
    return try csvMembers(ofArchive: folder.appending(path: "out.zip").path)
  }

  func command(folder: URL, warehouseSQL: String, arguments: [String]) throws -> (exit: Int32, standardError: String) {
    try makeWarehouse(warehouseSQL, at: folder.appending(path: "warehouse.sqlite"))
    let outcome = try gangway(arguments, folder)
    return (outcome.exit, outcome.standardError)
  }

  private func gangway(_ words: [String], _ folder: URL) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(["-C", folder.path] + words, in: folder)
  }
}
