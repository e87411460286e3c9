import ArgumentParser
import Gangway

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is known of a definition, or some of its rows.",
    discussion: "Definitions come from the files, columns from the warehouse too, snapshots and builds from the store: each if it is there."
  )

  @Argument(help: "A source, entity, module, mart, feature view, training set, output, or a version of one: eta@3.", completion: .names())
  var name: String

  @Option(
    help: ArgumentHelp("Which kind is meant, where several have the name.", valueName: "kind"),
    completion: .list(Kind.definitions.map(\.rawValue)))
  var kind: String?

  @Option(help: ArgumentHelp("Show so many rows of a source, module, mart, output or view's newest snapshot instead.", valueName: "n"))
  var rows: Int?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows must be 1 or more.") }
  }

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      if let rows { try showRows(workspace, rows, session.terminal) } else { try showFacts(workspace, session.terminal) }
    }
  }

  private func showFacts(_ workspace: Workspace, _ terminal: Terminal) throws {
    let showings = try workspace.show(name, kind: kind, events: terminal.hear)
    let words = FactWords()
    for (number, showing) in showings.enumerated() {
      if number > 0 { terminal.print("") }
      let place = showing.place.map { "  \(printable($0.text))" } ?? ""
      terminal.print("\(showing.kind.title) \(printable(showing.name))\(place)")
      for line in words.lines(showing.facts, indent: 2) { terminal.print(line) }
    }
    terminal.document(.show(showings, notes: terminal.notes))
  }

  private func showRows(_ workspace: Workspace, _ limit: Int, _ terminal: Terminal) throws {
    let sample = try workspace.showRows(name, kind: kind, limit: limit)
    let of = sample.total.map { " of \(grouped($0))" } ?? ""
    terminal.say("\(grouped(sample.rows.count))\(of) rows, \(printable(sample.origin))")
    for line in sample.table.lines(width: outputWidth()) { terminal.print(line) }
    terminal.document(.rows(sample))
  }
}
