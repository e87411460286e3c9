import ArgumentParser
import Gangway

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check all definition files, and against the warehouse if it is there. Writes nothing.")

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      let report = try workspace.check()
      for note in report.notes { session.terminal.say("note: \(note)") }
      session.terminal.print(
        "project \(workspace.projectName) is sound: \(report.entities) entities, \(report.modules) modules, "
          + (report.marts == 0 ? "" : "\(report.marts) marts, ")
          + "\(report.featureViews) feature views with \(report.featureColumns) columns, \(report.trainingSets) training sets")
      session.terminal.document(.check(workspace.projectName, report))
    }
  }
}
