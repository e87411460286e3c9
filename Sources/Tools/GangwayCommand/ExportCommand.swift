import ArgumentParser
import Gangway

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a training set, or rows to score, as one archive, or folder, of CSV files.",
    discussion: """
      Feature views that have no snapshot yet, or whose definition has changed, are materialized first. Rows to score have the training \
      set's columns, but no label and no split.
      """)

  @Argument(
    help: "The training set; with @3 or @3f9a1c2e behind it that version is made again, without warehouse and definitions.",
    completion: .names(of: .trainingSet))
  var set: String

  @Option(help: "zip, tar.zst, tar.gz, or folder for plain files; default: as the training set says.")
  var format: String?

  @Option(help: ArgumentHelp("How hard to compress: 1 to 9, of a tar.zst to 19; default: 1, the fastest.", valueName: "number"))
  var level: Int?

  @Option(
    help: ArgumentHelp("Write the archive here, and beside it its croissant.json; or the folder.", valueName: "file"), completion: .file())
  var out: String?

  @Option(help: ArgumentHelp("Ask for the rows of this CSV file instead of the spine's own.", valueName: "file"), completion: .file())
  var spine: String?

  @Option(name: .customLong("for"), help: "What for: training, or scoring.")
  var purpose = Purpose.training

  @Option(
    help: ArgumentHelp(
      "With --for scoring: let every row ask at this time, which its column of decision times need not say.", valueName: "time"))
  var asOf: String?

  @Option(help: ArgumentHelp("Use nothing that became known later than this.", valueName: "time"))
  var knownBy: String?

  @Flag(help: "Read all its feature views anew.")
  var fresh = false

  @Flag(help: "Read no feature view: a missing snapshot is an error.")
  var frozen = false

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  enum Purpose: String, ExpressibleByArgument, CaseIterable { case training, scoring }

  func validate() throws {
    if asOf != nil, purpose != .scoring { throw ValidationError("--as-of says when rows to score ask: add --for scoring.") }
    if fresh, frozen { throw ValidationError("--fresh and --frozen contradict each other.") }
  }

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly(readsDefinitions: !Workspace.namesVersion(set)) { workspace in
      let report = try workspace.export(
        set,
        ExportOptions(
          format: format, level: level, out: out, spine: spine, knownBy: knownBy,
          reading: fresh ? .everything : frozen ? .nothing : .whatIsMissing,
          purpose: purpose == .scoring ? .scoring(asOf: asOf) : .training), events: session.terminal.hear)
      let parts = report.parts.map { "\($0.name) \(grouped($0.rows))" }.joined(separator: ", ")
      let what = report.number.map { "\(report.trainingSet)@\($0)" } ?? "rows of \(report.trainingSet) for scoring"
      session.terminal.say(
        "exported \(what): \(parts) rows, \(report.columns) columns, \(grouped(report.bytes)) bytes, \(seconds(report.seconds))"
      )
      session.terminal.print(report.path)
      session.terminal.document(.export(report, notes: session.terminal.notes))
    }
  }
}
