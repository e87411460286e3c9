import ArgumentParser
import Gangway

struct RegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Check what a model predicted, and keep it: all of a batch, or none.",
    discussion: "It is shown once its version is live: --promote, or `gangway promote`.")

  @Argument(help: "The output.", completion: .names(of: .output))
  var output: String

  @Argument(
    help: ArgumentHelp("CSV files, packed or not, or archives of such; - for standard input.", valueName: "file"), completion: .file())
  var files: [String] = []

  @Option(help: ArgumentHelp("The version of the model.", valueName: "version"))
  var modelVersion: String

  @Option(help: ArgumentHelp("What the batch is called; default: after its content. One of the same name is replaced.", valueName: "name"))
  var batch: String?

  @Option(help: ArgumentHelp("Read the predictions from this table of the warehouse.", valueName: "name"))
  var table: String?

  @Option(help: ArgumentHelp("The training set of the model version: eta@3, eta@3f9a1c2e, or an archive.", valueName: "version"))
  var trainedOn: String?

  @Option(help: ArgumentHelp("The archive that was scored.", valueName: "file"), completion: .file())
  var scoredFrom: String?

  @Option(help: ArgumentHelp("A fact of the model version, as in --meta learner=xgboost; may be repeated.", valueName: "key=value"))
  var meta: [String] = []

  @Option(help: ArgumentHelp("When predictions were made that do not say so themselves; default: when they count from.", valueName: "time"))
  var predictedAt: String?

  @Option(help: ArgumentHelp("Since when they count, a moment of the past; default: now.", valueName: "time"))
  var at: String?

  @Flag(help: "Let this version be the one that is shown.")
  var promote = false

  @Option(help: ArgumentHelp("Write all that is wrong to this CSV file, not the first twenty of each kind only.", valueName: "file"))
  var errors: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func validate() throws {
    if files.isEmpty == (table == nil) { throw ValidationError("name the files of predictions, or a table with --table.") }
    if files.count > 1, files.contains("-") { throw ValidationError("standard input (-) cannot be read beside files.") }
    for text in meta where text.firstIndex(of: "=").map({ $0 == text.startIndex }) ?? true {
      throw ValidationError("--meta \(text) says no key: write --meta key=value.")
    }
  }

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      let report = try workspace.register(
        output, source, registerOptions, events: session.terminal.hear)
      session.terminal.print(line(report))
      if !report.comparison.isEmpty {
        for line in FactWords().table(report.comparison, indent: 2) { session.terminal.say(line) }
      }
      if let trainedOn = report.trainedOn, let at = trainedOn.firstIndex(of: "@") {
        session.terminal.say("trained on \(trainedOn[...at])\(trainedOn[trainedOn.index(after: at)...].prefix(8))")
      }
      if !report.live.contains(modelVersion) {
        session.terminal.say("not live yet: `gangway promote \(output) \(modelVersion)` lets it be shown")
      }
      session.terminal.document(.register(report, notes: session.terminal.notes))
    }
  }

  private var source: PredictionSource { table.map { .table($0) } ?? (files == ["-"] ? .standardInput : .files(files)) }

  private var registerOptions: RegisterOptions {
    var options = RegisterOptions(modelVersion: modelVersion)
    options.batch = batch
    options.trainedOn = trainedOn
    options.scoredFrom = scoredFrom
    for text in meta {
      guard let equals = text.firstIndex(of: "=") else { continue }
      options.meta[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    options.predictedAt = predictedAt
    options.at = at
    options.promotes = promote
    options.errors = errors
    return options
  }
}

private func line(_ report: RegisterReport) -> String {
  let what = report.isNew ? (report.replaces ? "replaced" : "registered") : "there already:"
  return "\(what) \(report.output) \(report.modelVersion), batch \(report.batch): \(grouped(report.rows)) rows, "
    + "\(grouped(report.shown)) shown, \(seconds(report.seconds))"
}
