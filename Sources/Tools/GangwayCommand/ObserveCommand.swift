import ArgumentParser
import Gangway

struct ObserveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe", abstract: "Look at modules that hold only what is now, and log what is new, changed and gone.",
    discussion: "For modules with `history: observe`. Materializing a view over such a module looks at it too.")

  @Argument(help: "Modules; none: all that are observed.", completion: .names(of: .module))
  var modules: [String] = []

  @Option(help: ArgumentHelp("When they were as they are; default: now. Never before the last look.", valueName: "time"))
  var at: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      var observed: [ObserveReport] = []
      try workspace.observe(modules, at: at, events: session.terminal.hear) { module in
        observed.append(module)
        session.terminal.print(module.line)
        for remark in module.remarks { session.terminal.say("  \(remark)") }
      }
      if observed.isEmpty { session.terminal.print("nothing to observe: no module has `history: observe`") }
      session.terminal.document(.observe(observed))
    }
  }
}
