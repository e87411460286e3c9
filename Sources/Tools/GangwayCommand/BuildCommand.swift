import ArgumentParser
import Gangway

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Build SQL modules in the warehouse, in dependency order.",
    discussion: "A module whose SQL fails, whose grain does not hold or whose columns are not as declared leaves the old one as it was.")

  @Argument(help: "Modules to build, with all that they need; none: all.")
  var names: [String] = []

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      var count = 0
      try workspace.build(names) { module in
        count += 1
        session.terminal.print("built \(module.module) (\(module.kind)): \(grouped(module.rows)) rows, \(seconds(module.seconds))")
      }
      if count == 0 { session.terminal.print("nothing to build: no module has sql") }
    }
  }
}
