import ArgumentParser
import Gangway

struct LineageCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case tree, mermaid, json }

  static let configuration = CommandConfiguration(
    commandName: "lineage", abstract: "Follow a definition to the tables that it rests on, or to what rests on it.",
    discussion: "With a warehouse at hand it also says which module columns each feature rests on.")

  @Argument(help: "A source, entity, module, mart, feature view, training set or output.", completion: .names())
  var name: String

  @Option(
    help: ArgumentHelp("Which kind is meant, where several have the name.", valueName: "kind"),
    completion: .list(Kind.definitions.map(\.rawValue)))
  var kind: String?

  @Flag(help: "What is made of it, instead of what it is made of.")
  var downstream = false

  @Option(help: "tree, mermaid (a flowchart for Markdown) or json.")
  var format = Format.tree

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    var own = options
    own.json = own.json || format == .json
    let session = try Session(parent.options, own)
    try session.run { workspace in
      let lineage = try workspace.lineage(name, kind: kind, downstream ? .downstream : .upstream, events: session.terminal.hear)
      var lines = format == .mermaid ? lineage.mermaid : lineage.tree
      if format == .tree, !lineage.features.isEmpty { lines += [""] + lineage.featureTable.lines(width: outputWidth()) }
      for line in lines { session.terminal.print(line) }
      session.terminal.document(.lineage(lineage, notes: session.terminal.notes))
    }
  }
}
