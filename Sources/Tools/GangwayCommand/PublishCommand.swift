import ArgumentParser
import Gangway

struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Put outputs and published feature views into the warehouse.",
    discussion: "Commands that change them do so by themselves. This is for a warehouse that was made anew.")

  @Argument(help: "Outputs and feature views; none: all.", completion: .names(of: .output, .featureView))
  var names: [String] = []

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      var published: [PublishReport] = []
      try workspace.publish(names, events: session.terminal.hear) { report in
        published.append(report)
        session.terminal.print(
          "\(report.isNew ? "published" : "up to date:") \(report.name): \(grouped(report.shown)) shown, \(seconds(report.seconds))")
      }
      if published.isEmpty { session.terminal.print("nothing to publish: all is there as it is in the store") }
      session.terminal.document(.publish(published))
    }
  }
}
