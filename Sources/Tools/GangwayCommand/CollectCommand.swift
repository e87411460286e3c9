import ArgumentParser
import Gangway

struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove snapshots that nothing needs.",
    discussion: "Each view's newest snapshot stays, and all that a version of a training set pins.")

  @Flag(help: "Only say what would be removed.")
  var dryRun = false

  @Option(help: ArgumentHelp("Keep what is younger than this.", valueName: "duration"))
  var keep = "30d"

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      let report = try workspace.collect(keep: keep, isDry: dryRun)
      for thing in report.things { session.terminal.say("  \(thing.name): \(grouped(thing.bytes)) bytes") }
      let verb = dryRun ? "would remove" : "removed"
      session.terminal.print("\(verb) \(grouped(report.things.count)) files, \(grouped(report.bytes)) bytes")
      session.terminal.document(.collect(report, isDry: dryRun))
    }
  }
}
