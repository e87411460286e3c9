import ArgumentParser
import Gangway

struct WithdrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take back predictions that were wrong.",
    discussion: "They are shown no longer, and what they took the place of is shown again. That they were there is not forgotten.")

  @Argument(help: "The output.", completion: .names(of: .output))
  var output: String

  @Option(help: ArgumentHelp("The batch.", valueName: "name"))
  var batch: String?

  @Option(help: ArgumentHelp("All batches of a model version, or the version that the batch is of.", valueName: "version"))
  var modelVersion: String?

  @Option(help: ArgumentHelp("Since when it counts, a moment of the past; default: now.", valueName: "time"))
  var at: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func validate() throws {
    if batch == nil, modelVersion == nil { throw ValidationError("say what to withdraw: --batch NAME, or --model-version VERSION.") }
  }

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      let change = try workspace.withdraw(output, batch: batch, version: modelVersion, at: at, events: session.terminal.hear)
      session.terminal.print(
        change.isNew
          ? "withdrew \(change.withdrawn.joined(separator: ", ")) of \(output): \(grouped(change.shown)) shown"
          : "nothing to withdraw: it was withdrawn or replaced already")
      session.terminal.document(.change("withdraw", change))
    }
  }
}
