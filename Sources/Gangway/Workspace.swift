// Gangway: the library product. One use case a file: check, build, materialize, export, list, show, lineage, schema.
//
// In:  a folder that belongs to a project, names of what is wanted.
// Out: facts about what was done, events on the way, errors that say where and how to mend.
// Knows nothing of terminals: a command decides how things look.

import Definitions
import Diagnostics
import Foundation
import Planning
import SQLiteWarehouse
import Snapshots
import Warehouses

/// What of the outside world a project's work depends on: pass other values and runs repeat.
public struct Surroundings: Sendable {
  /// What `${NAME}` in gangway.yml may name.
  public var variables: [String: String]
  /// Microseconds since the Unix epoch, UTC.
  public var now: @Sendable () -> Int64
  /// Whether somebody wants the work to stop: asked many times a second.
  public var isInterrupted: @Sendable () -> Bool = { false }

  public init(variables: [String: String], now: @escaping @Sendable () -> Int64) {
    self.variables = variables
    self.now = now
  }

  /// This process's environment and the machine's clock.
  public static var real: Surroundings {
    Surroundings(variables: ProcessInfo.processInfo.environment) { Int64(Date().timeIntervalSince1970 * 1e6) }
  }
}

/// What of the machine a command may use. None of it reaches a result.
public struct Resources: Sendable {
  /// Workers at the same time.
  public var threads: Int
  /// Bytes of memory, as the system counts a process's resident set.
  public var memory: Int
  /// Of a view's rows, values that each worker looks at together, where they can be divided.
  package var valuesAtOnce = 0

  public init(threads: Int, memory: Int) {
    self.threads = max(1, threads)
    self.memory = max(64 << 20, memory)
    valuesAtOnce = min(4 << 20, max(1 << 19, memoryOfRows / 512))
  }

  /// All cores, and a quarter of the memory.
  public static var ofThisMachine: Resources {
    Resources(threads: ProcessInfo.processInfo.activeProcessorCount, memory: Int(ProcessInfo.processInfo.physicalMemory / 4))
  }

  /// Bytes for rows, beside what the program itself takes.
  var memoryOfRows: Int { max(memory / 2, memory - (40 << 20)) }

  /// How many rows of a relation a worker reads at once.
  func batchRows(columns: Int) -> Int {
    // A cell is there up to three times: as it was read, as a column's value, and parted. Some 32 bytes.
    min(1 << 16, max(1_024, memoryOfRows / 8 / (threads * 32 * max(1, columns))))
  }
}

/// Something worth saying while work goes on.
public enum Event: Sendable, Hashable {
  /// A fact for people: what an export rests on, what was not checked.
  case note(String)
  /// How far a piece of work is.
  ///
  /// - Parameters:
  ///   - total: 0: nobody knows.
  ///   - unit: what is counted, if people care.
  case progress(work: String, done: Int, total: Int, unit: String? = nil)
}

/// A project whose definitions have been read.
public struct Workspace: Sendable {
  let project: Project
  let surroundings: Surroundings
  let resources: Resources

  /// Reads the project that a folder belongs to: the nearest gangway.yml at or above it.
  ///
  /// - Parameter readsDefinitions: false: gangway.yml alone is read, for what needs the store only.
  /// - Throws: all mistakes in all definition files at once.
  public init(
    startingAt directory: String, readsDefinitions: Bool = true, surroundings: Surroundings = .real, resources: Resources = .ofThisMachine
  ) throws(GangwayError) {
    self.surroundings = surroundings
    self.resources = resources
    project = try GangwayError.catching {
      let (root, variables) = (try findProjectRoot(from: directory), surroundings.variables)
      return try readsDefinitions
        ? readProject(at: root, environment: variables) : readProjectSettings(at: root, environment: variables)
    }
  }

  /// The folder of gangway.yml.
  public var root: String { project.settings.root }

  public var projectName: String { project.settings.name.value }

  var warehousePath: String {
    switch project.settings.warehouse.value {
    case .sqlite(let path): path
    }
  }

  var warehouse: any Warehouse { SQLiteWarehouse(path: warehousePath, displayName: relative(warehousePath)) }

  var planner: Planner {
    Planner(project: project, warehouse: warehouse) { [folder = surroundings.variables["TMPDIR"] ?? "/tmp"] output in
      try output.emptyLog(in: folder)
    }
  }

  /// - Throws: that the work was interrupted, if it was.
  func checkInterruption() throws(Diagnostics) {
    if !surroundings.isInterrupted() { return }
    throw Diagnostics([
      Diagnostic(
        at: nil, "interrupted: everything is as it was before", rule: GangwayError.interruption, hint: "run the command again when you like"
      )
    ])
  }

  func store() throws(StoreError) -> SnapshotStore { try SnapshotStore(folder: project.settings.storeFolder) }

  /// A path as people of this project would write it.
  func relative(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  /// - Throws: a name that nothing has, with the nearest one that something has.
  func find<Definition>(
    _ name: String, _ kind: String, in definitions: [Definition], by nameOf: (Definition) -> String
  ) throws -> Definition {
    if let found = definitions.first(where: { nameOf($0) == name }) { return found }
    let names = definitions.map(nameOf)
    let near = nearestName(to: name, among: names)
    throw Diagnostics([
      Diagnostic(
        at: nil, "\(kind) \"\(name)\" is not defined in any file", rule: "unknown-\(kind.replacing(" ", with: "-"))",
        hint: near.map { "did you mean \"\($0)\"?" }
          ?? (names.isEmpty ? "the project defines no \(kind)" : "name one of: \(names.joined(separator: ", "))"))
    ])
  }
}
