import ArgumentParser
import Gangway

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what the project defines and what its store holds.",
    discussion: "Needs neither a warehouse nor a store.")

  @Argument(
    help: ArgumentHelp("One of: \(Kind.allCases.map(\.plural).joined(separator: ", ")); none: all.", valueName: "kind"),
    completion: .list(Kind.allCases.map(\.plural)))
  var kind: String?

  @ParentCommand var parent: GangwayCommand
  @OptionGroup var options: CommonOptions

  func run() throws {
    let session = try Session(parent.options, options)
    try session.run { workspace in
      let listings = try workspace.list(kind, events: session.terminal.hear)
      let words = FactWords()
      for (number, listing) in listings.filter({ kind != nil || !$0.items.isEmpty }).enumerated() {
        if kind == nil { session.terminal.print("\(number == 0 ? "" : "\n")\(listing.kind.plural.replacing("-", with: " "))") }
        if listing.items.isEmpty { session.terminal.say("no \(listing.kind.plural.replacing("-", with: " "))") }
        for line in words.table(listing.items, indent: kind == nil ? 2 : 0) { session.terminal.print(line) }
      }
      session.terminal.document(.list(workspace.projectName, listings, notes: session.terminal.notes))
    }
  }
}
