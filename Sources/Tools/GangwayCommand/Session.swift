import ArgumentParser
import Foundation
import Gangway

/// One command's run: where it works, and how it speaks.
struct Session {
  let terminal: Terminal
  private let resources: Resources

  /// - Parameters:
  ///   - root: the options before the command's name.
  ///   - own: those after it, which win.
  init(_ root: CommonOptions, _ own: CommonOptions) throws {
    terminal = Terminal(quiet: root.quiet || own.quiet, json: root.json || own.json)
    var resources = Resources.ofThisMachine
    if let threads = own.threads ?? root.threads { resources.threads = threads }
    if let memory = own.memory ?? root.memory { resources.memory = memory.bytes }
    self.resources = resources
    // The parser hands an option to both, wherever it stands.
    if let directory = own.directory ?? root.directory {
      if !FileManager.default.changeCurrentDirectoryPath(directory) {
        let problem = Problem(message: "the folder \(directory) cannot be entered", rule: "no-folder", hint: "correct -C")
        throw fail(GangwayError([problem]))
      }
    }
  }

  /// Runs a use case in the project here; its errors become lines, a document if one is wanted, and an exit code.
  ///
  /// - Parameter readsDefinitions: false: of the project only gangway.yml is read.
  func run(readsDefinitions: Bool = true, _ body: (Workspace) throws -> Void) throws {
    try runWithoutProject {
      var surroundings = Surroundings.real
      surroundings.isInterrupted = { Interruption.isAsked }
      try body(
        try Workspace(
          startingAt: FileManager.default.currentDirectoryPath, readsDefinitions: readsDefinitions, surroundings: surroundings,
          resources: resources))
    }
  }

  /// The same, of a use case that leaves everything as it was when it is interrupted.
  func runInterruptibly(readsDefinitions: Bool = true, _ body: (Workspace) throws -> Void) throws {
    Interruption.watch()
    try run(readsDefinitions: readsDefinitions, body)
  }

  /// Runs a use case that needs no project; its errors become lines and an exit code.
  func runWithoutProject(_ body: () throws -> Void) throws {
    do {
      try body()
      terminal.clearProgress()
    } catch let error as GangwayError {
      throw fail(error)
    }
  }

  private func fail(_ error: GangwayError) -> ExitCode {
    terminal.clearProgress()
    error.messages.forEach(terminal.complain)
    terminal.document(.errors(error))
    return ExitCode(error.isInterrupted ? 130 : error.isBusy ? 75 : 1)
  }
}
