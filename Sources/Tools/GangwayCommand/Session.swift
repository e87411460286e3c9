import ArgumentParser
import Foundation
import Gangway

/// One command's run: where it works, and how it speaks.
struct Session {
  let terminal: Terminal

  /// - Parameters:
  ///   - root: the options before the command's name.
  ///   - own: those after it, which win.
  init(_ root: CommonOptions, _ own: CommonOptions) throws {
    terminal = Terminal(quiet: root.quiet || own.quiet)
    // The parser hands an option to both, wherever it stands.
    if let directory = own.directory ?? root.directory {
      if !FileManager.default.changeCurrentDirectoryPath(directory) {
        terminal.complain("error: the folder \(directory) cannot be entered [no-folder]\n  hint: correct -C")
        throw ExitCode(1)
      }
    }
  }

  /// Runs a use case in the project here.
  func run(_ body: (Workspace) throws -> Void) throws {
    try runWithoutProject { try body(try Workspace(startingAt: FileManager.default.currentDirectoryPath)) }
  }

  /// Runs a use case that needs no project; its errors become lines and an exit code.
  func runWithoutProject(_ body: () throws -> Void) throws {
    do {
      try body()
      terminal.clearProgress()
    } catch let error as GangwayError {
      terminal.clearProgress()
      error.messages.forEach(terminal.complain)
      throw ExitCode(error.isBusy ? 75 : 1)
    }
  }
}
