import ArgumentParser
import Gangway

struct MaterializeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "materialize", abstract: "Read feature views from the warehouse into immutable snapshots.")

  @Argument(help: "Feature views; none: all.", completion: .names(of: .featureView))
  var views: [String] = []

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runInterruptibly { workspace in
      var made: [MaterializeReport] = []
      try workspace.materialize(views, events: session.terminal.hear) { view in
        made.append(view)
        let state = view.isNew ? "" : ", unchanged"
        session.terminal.print(
          "materialized \(view.view): \(grouped(view.rows)) rows, snapshot \(view.digest.prefix(8))\(state), \(seconds(view.seconds))")
        for remark in view.remarks { session.terminal.say("  \(remark)") }
      }
      session.terminal.document(.materialize(made))
    }
  }
}
