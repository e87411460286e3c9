import Foundation

/// Where everything is that a run needs.
struct Setting {
  let gangway: URL
  /// The folder of the rivals' scripts.
  let rivals: URL
  /// The folder of the virtual environments.
  let environments: URL
  /// Counted runs of each contender.
  let runs: Int
  /// What `gangway help` and `gangway help export` say, by which we know what it can do.
  let help: String

  init(gangway: URL, rivals: URL, environments: URL, runs: Int, scratch: URL) throws {
    (self.gangway, self.rivals, self.environments, self.runs) = (gangway, rivals, environments, runs)
    help = try ["help", "export"].reduce("") { help, command in
      try help + textOf([gangway.path, "help"] + (command == "help" ? [] : [command]), scratch: scratch)
    }
  }

  func python(_ environment: String) -> URL { environments.appending(path: environment).appending(path: "bin/python") }

  /// Why a contender cannot run here; nil: it can.
  func lacks(_ contender: Contender) -> String? {
    switch contender.runner {
    case .gangway: contender.needs.first { !$0.isNamed(in: help) }.map { "this gangway has no \($0.rawValue)" }
    case .rival(let rival, _):
      FileManager.default.isExecutableFile(atPath: python(rival.environment).path)
        ? nil : "there is no environment \(environments.lastPathComponent)/\(rival.environment)"
    }
  }

  /// What nobody is timed for: Parquet for the rivals, a store with all views for ours.
  func prepare(_ folder: URL) throws {
    let warm = folder.appending(path: "warm")
    // Of an earlier gangway, perhaps.
    try? FileManager.default.removeItem(at: warm.appending(path: ".gangway"))
    _ = try textOf([gangway.path, "-C", warm.path, "materialize"], scratch: folder)
    _ = try textOf([python("main").path, rivals.appending(path: "to_parquet.py").path, folder.path], scratch: folder)
  }

  /// A store that has all rows but the newest of a module that is only ever appended to, and then the newest in the warehouse.
  func prepareAppending(_ workload: Workload, _ folder: URL) throws {
    let project = folder.appending(path: Contender.Store.behind.project)
    let store = project.appending(path: ".gangway")
    let kept = project.appending(path: ContenderRun.storeThatIsBehind)
    for old in [store, kept] { try? FileManager.default.removeItem(at: old) }
    try workload.writeAppended(below: folder, newest: false)
    _ = try textOf([gangway.path, "-C", project.path, "materialize", "accounting_log"], scratch: folder)
    try FileManager.default.moveItem(at: store, to: kept)
    try workload.writeAppended(below: folder, newest: true)
    let indexed = folder.appending(path: Contender.Store.behindIndexed.project)
    try? FileManager.default.removeItem(at: indexed)
    try FileManager.default.copyItem(at: project, to: indexed)
    try workload.indexAppended(in: indexed)
  }

  /// - Parameter answers: ours first.
  /// - Returns: of each of the others "same", or how it differs; nothing if nothing is to be compared.
  func compare(_ answers: [URL], _ comparison: BenchCase.Comparison, scratch: URL) throws -> [String] {
    let options: [String]
    switch comparison {
    case .cells: options = []
    case .cellsOfRowsThatAreThere: options = ["--rows-may-lack"]
    case .snapshots, .elsewhere: return []
    }
    let words = [python("main").path, rivals.appending(path: "compare.py").path] + options + answers.map(\.path)
    // It exits with 1 where answers differ, and its lines say how; with another code, or fewer lines, it failed itself.
    let lines = try textOf(words, allowing: [0, 1], scratch: scratch).split(separator: "\n").map(String.init)
    if lines.count != answers.count - 1 { throw RunFailure(description: "the comparison failed: \(words.joined(separator: " "))") }
    return lines
  }
}

/// What a program writes to standard output.
func textOf(_ words: [String], allowing codes: Set<Int32> = [0], scratch: URL) throws -> String {
  let (output, errors) = (scratch.appending(path: "output.txt"), scratch.appending(path: "errors.txt"))
  let exit = try runChild(words, output: output, errors: errors).exit
  if !codes.contains(exit) {
    let said = try String(contentsOf: errors, encoding: .utf8)
    throw RunFailure(description: "\(words.joined(separator: " "))\nended with \(exit):\n\(said.suffix(4_000))")
  }
  return try String(contentsOf: output, encoding: .utf8)
}
