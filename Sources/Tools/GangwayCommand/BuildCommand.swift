import ArgumentParser
import Gangway

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Build SQL modules and marts in the warehouse, in dependency order, and what is published for them.",
    discussion:
      "A module whose SQL fails, whose grain does not hold or whose columns are not as declared leaves the old one as it was; so does a "
      + "mart of which a join would change the number of rows.")

  @Argument(
    help: "Modules, marts and outputs to build, with all that they need; none: all.", completion: .names(of: .module, .mart, .output))
  var names: [String] = []

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      var built: [BuildReport] = []
      try workspace.build(names, events: session.terminal.hear) { module in
        built.append(module)
        session.terminal.print("built \(module.module) (\(module.kind)): \(grouped(module.rows)) rows, \(seconds(module.seconds))")
        for remark in module.remarks { session.terminal.say("  \(remark)") }
      }
      if built.isEmpty { session.terminal.print("nothing to build: no module has sql, and there is no mart") }
      session.terminal.document(.build(built))
    }
  }
}
