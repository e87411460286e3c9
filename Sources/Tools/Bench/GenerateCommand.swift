import ArgumentParser
import Foundation

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Write a workload and nothing else: a SQLite warehouse and projects over it.")

  @OptionGroup var sizes: Sizes

  @Option(help: ArgumentHelp("Where workloads are kept.", valueName: "dir"))
  var data = ".bench"

  func run() throws {
    let workload = sizes.workload
    if let mistake = workload.mistake { throw ValidationError(mistake) }
    print(try workload.write(below: URL(fileURLWithPath: data)).path)
  }
}

/// How large a workload is.
struct Sizes: ParsableArguments {
  @Option(help: ArgumentHelp("Rows of the three tables together.", valueName: "n"))
  var historyRows: Int?

  @Option(help: ArgumentHelp("Rows of the spine.", valueName: "n"))
  var spineRows: Int?

  @Option(help: ArgumentHelp("Carriers; by default each has 100 rows.", valueName: "n"))
  var entities: Int?

  @Option(help: ArgumentHelp("Another number makes other rows.", valueName: "s"))
  var seed: UInt64 = 7

  var areGiven: Bool { historyRows != nil || spineRows != nil || entities != nil }

  var workload: Workload {
    let rows = historyRows ?? 1_000_000
    return .freight(historyRows: rows, spineRows: spineRows ?? max(1, rows / 5), entities: entities, seed: seed)
  }
}
