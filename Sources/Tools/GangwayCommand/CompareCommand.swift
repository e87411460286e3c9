import ArgumentParser
import Gangway

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Set two versions of a model beside each other, or a model and production.",
    discussion: "Of each entity the newest prediction counts. A stability index from 0.2 on means that values are spread otherwise.")

  @Argument(help: "The output.", completion: .names(of: .output))
  var output: String

  @Argument(help: "Two model versions; one: with the newest other; none: the two that were registered last.")
  var versions: [String] = []

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func validate() throws {
    if versions.count > 2 { throw ValidationError("two versions can be compared, not \(versions.count).") }
  }

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      let found = try workspace.compare(output, versions)
      session.terminal.print("\(output): \(found.first) (first) beside \(found.second) (second)")
      session.terminal.print(
        "entities: \(grouped(found.both)) of both, \(grouped(found.onlyFirst)) of \(found.first) only, \(grouped(found.onlySecond)) of \(found.second) only"
      )
      for line in FactWords().table(found.columns) { session.terminal.print(line) }
      session.terminal.document(.compare(found))
    }
  }
}
