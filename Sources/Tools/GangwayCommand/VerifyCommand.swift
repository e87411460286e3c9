import ArgumentParser
import Gangway

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the store, or an archive or exported folder, with its digests. Changes nothing.")

  @Argument(help: "An archive or an exported folder; none: the project's store.", completion: .file())
  var archive: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    if let archive {
      try session.runWithoutProject { try tell(try verifyArchive(archive), of: archive, session.terminal) }
    } else {
      try session.run(readsDefinitions: false) {
        try tell(try $0.verifyStore(events: session.terminal.hear), of: "the store", session.terminal)
      }
    }
  }

  private func tell(_ report: VerifyReport, of thing: String, _ terminal: Terminal) throws {
    terminal.document(.verify(archive, report))
    if report.damages.isEmpty {
      terminal.print("\(thing) is whole: \(report.looked)")
      return
    }
    for damage in report.damages { terminal.complain("error: \(damage) [damaged]") }
    throw ExitCode(1)
  }
}
