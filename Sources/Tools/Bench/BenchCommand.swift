// Bench: how fast gangway is, beside the tools that people would use instead.
//
// In:  a release binary of gangway, virtual environments with the rivals, sizes and a seed.
// Out: made-up warehouses, timed runs, a comparison of all answers cell by cell, tables and charts.
// Knows nothing of how gangway works: it starts it as a user does.

import ArgumentParser

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure gangway beside DuckDB, Polars, pandas and Feast; fail where answers differ.",
    subcommands: [RunCommand.self, GenerateCommand.self], defaultSubcommand: RunCommand.self)
}
