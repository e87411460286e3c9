import ArgumentParser
import Foundation
import Gangway

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Start a project: a small one that passes check, with comments that tell what to change.",
    discussion: "Refuses a folder that is a project already, or whose files it would overwrite.")

  @Argument(help: ArgumentHelp("The project's folder, made if it is not there; none: this one.", valueName: "dir"), completion: .directory)
  var folder: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.runWithoutProject {
      let place = folder ?? FileManager.default.currentDirectoryPath
      let files = try startProject(in: place).map { file in folder.map { "\($0)/\(file)" } ?? file }
      for file in files { session.terminal.print(file) }
      session.terminal.document(Document("init", ["files": JSONValue(files)]))
      let into = folder.map { "  cd \($0)\n" } ?? ""
      session.terminal.say(
        """

        Next:
        \(into)  gangway check            # it is sound as it is
          edit gangway.yml         # where your tables are
          edit features/shop.yml   # what their rows mean, and what you want of them; look for CHANGE
          gangway check            # now also against your tables
          gangway build            # the SQL modules
          gangway export buyers    # a training set, in notebooks-export/
        """)
    }
  }
}
