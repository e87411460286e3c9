// The command line: words in, use cases called, lines or one JSON document out.
//
// Results go to stdout, the rest to stderr. Exit 0 done, 1 refused or failed, 64 wrong usage, 75 busy, try again.

import ArgumentParser
import Foundation
import Gangway

@main
struct GangwayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gangway", abstract: "A feature store between your marts and your models.",
    discussion: "Definitions are YAML and SQL files below the folder of gangway.yml; see the README for a first project.",
    version: "0.1.0",
    subcommands: [
      InitCommand.self, CheckCommand.self, BuildCommand.self, ObserveCommand.self, MaterializeCommand.self, ExportCommand.self,
      RegisterCommand.self, PromoteCommand.self, WithdrawCommand.self, PublishCommand.self, CompareCommand.self,
      ListCommand.self, ShowCommand.self, LineageCommand.self, VerifyCommand.self, CollectCommand.self, SchemaCommand.self,
      SampleCommand.self,
    ])

  @OptionGroup var options: CommonOptions

  /// The parser's own, and a document about wrong usage for those who asked for documents.
  static func main() {
    // A reader that has gone (`| head`) must not stop work half-way.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      if exitCode(for: error) == .validationFailure, CommandLine.arguments.contains("--json") {
        let problem = Problem(message: message(for: error), rule: "wrong-usage", hint: "see `gangway help`")
        Terminal(quiet: false, json: true).document(.errors(GangwayError([problem])))
      }
      exit(withError: error)
    }
  }
}

/// What every command takes, before its name or after it.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customShort("C"), help: ArgumentHelp("Work as if started in this folder.", valueName: "dir"), completion: .directory)
  var directory: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors and results.")
  var quiet = false

  @Flag(help: "Write one JSON document to stdout instead of lines; errors too.")
  var json = false

  @Option(help: ArgumentHelp("Work on so many cores; default: all. No result depends on it.", valueName: "number"))
  var threads: Int?

  @Option(help: ArgumentHelp("Use so much memory at most (512M, 2G); default: a quarter of the machine's.", valueName: "size"))
  var memory: ByteCount?

  func validate() throws {
    if let threads, !(1...1_024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
    if let memory, memory.bytes < 64 << 20 { throw ValidationError("--memory takes 64M or more.") }
  }
}
