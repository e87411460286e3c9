import ArgumentParser
import Gangway

struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Let the predictions of these model versions be shown.",
    discussion:
      "The first is preferred; an entity that it has not scored shows the next one's. What none of them has scored keeps what it showed.")

  @Argument(help: "The output.", completion: .names(of: .output))
  var output: String

  @Argument(help: "Model versions, the preferred one first.")
  var versions: [String]

  @Option(help: ArgumentHelp("Since when it counts, a moment of the past; default: now.", valueName: "time"))
  var at: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      let change = try workspace.promote(output, versions, at: at, events: session.terminal.hear)
      session.terminal.print(
        "\(change.isNew ? "promoted" : "live already:") \(versions.joined(separator: ", ")) of \(output): \(grouped(change.shown)) shown")
      if change.live != versions {
        session.terminal.say("from \(change.atText) until the next promotion; now \(change.live.joined(separator: ", ")) is live")
      }
      session.terminal.document(.change("promote", change))
    }
  }
}
