import ArgumentParser
import Gangway

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Write made-up raw tables into a SQLite file, to try things on.",
    discussion: """
      freight: two years of a freight company, as a loading tool would have left them: late rows, corrections, deletions, duplicates. \
      The same number and seed make the same rows anywhere. A file with tables of yours is refused.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case freight }

  @Argument(help: "What of; there is one.")
  var kind: Kind

  @Argument(help: ArgumentHelp("The SQLite file.", valueName: "warehouse"), completion: .file(extensions: ["sqlite"]))
  var path: String

  @Option(help: ArgumentHelp("How many.", valueName: "n"))
  var shipments = 50_000

  @Option(help: ArgumentHelp("Another number makes another company.", valueName: "s"))
  var seed: UInt64 = 7

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runWithoutProject {
      let report = try writeFreightSample(to: path, shipments: shipments, seed: seed, events: session.terminal.hear)
      for table in report.tables { session.terminal.print("\(table.name): \(grouped(table.rows)) rows") }
      session.terminal.say("wrote \(report.path), \(seconds(report.seconds))")
      session.terminal.document(.sample(report))
    }
  }
}
