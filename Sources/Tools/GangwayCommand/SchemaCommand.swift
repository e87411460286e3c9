import ArgumentParser
import Gangway

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schema of the definition files, for editors.",
    discussion: """
      Needs no project. Save it, and name it in a definition file's first line:
        # yaml-language-server: $schema=../gangway.schema.json
      """)

  @Flag(help: "The schema of gangway.yml instead.")
  var settings = false

  @OptionGroup var options: CommonOptions

  func run() throws {
    // A schema is JSON as it is, asked for or not.
    Terminal(quiet: true).print(definitionSchema(of: settings ? .settings : .definitions).text)
  }
}
