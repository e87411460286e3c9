import ArgumentParser
import Foundation

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the cases of a set, in turns with the rivals.")

  @Flag(help: "1 million history rows, DuckDB and Polars, 3 runs: a minute or two.")
  var quick = false

  @Flag(help: "100 million history rows, DuckDB only.")
  var large = false

  @OptionGroup var sizes: Sizes

  @Option(help: ArgumentHelp("Counted runs of each, after one that is not counted; default: 5, of --quick and --large 3.", valueName: "n"))
  var runs: Int?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these cases.", valueName: "case"))
  var only: [String] = []

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these rivals: duckdb, polars, pandas, feast.", valueName: "rival"))
  var against: [String] = []

  @Option(help: ArgumentHelp("The binary to measure.", valueName: "file"))
  var gangway = ".build/release/gangway"

  @Option(help: ArgumentHelp("The folder of the rivals' scripts.", valueName: "dir"))
  var rivals = "Sources/Tools/Bench/rivals"

  @Option(help: ArgumentHelp("The folder of the rivals' virtual environments.", valueName: "dir"))
  var environments = ".venv-bench"

  @Option(help: ArgumentHelp("Where workloads are kept.", valueName: "dir"))
  var data = ".bench"

  @Option(help: ArgumentHelp("Where results go; default: docs/benchmarks, of --quick and other sizes below --data.", valueName: "dir"))
  var results: String?

  func validate() throws {
    if [quick, large, sizes.areGiven].filter({ $0 }).count > 1 { throw ValidationError("--quick, --large and sizes exclude each other.") }
    if let runs, runs < 1 { throw ValidationError("--runs must be at least 1.") }
    for part in set.parts {
      if let mistake = part.workload.mistake { throw ValidationError(mistake) }
    }
    if set.only(only).parts.isEmpty {
      throw ValidationError("there are the cases \(set.parts.flatMap(\.cases).map(\.name).joined(separator: ", "))")
    }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: data)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let setting = try Setting(
      gangway: URL(fileURLWithPath: gangway), rivals: URL(fileURLWithPath: rivals), environments: URL(fileURLWithPath: environments),
      runs: runs ?? (quick || large ? 3 : 5), scratch: folder)
    let set = set.only(only).against(against)
    let load = loadAverage()
    if load > 0.5 { print("note: this machine has other work to do (load average \(threeDigits(load))); runs will vary") }
    var versions: [String] = []
    var outcomes: [CaseOutcome] = []
    for part in set.parts {
      outcomes += try run(part, setting, in: folder) { if !versions.contains($0) { versions.append($0) } }
    }
    if outcomes.contains(where: { !$0.answersAgree }) { throw RunFailure(description: "answers differ: no results are saved") }
    let machine = Machine(gangway: setting.gangway, rivals: versions, load: load, scratch: folder)
    print("", machine.lines.joined(separator: "\n"), separator: "\n")
    try save(set, outcomes, machine)
  }

  private var set: CaseSet {
    if quick { return .quick(seed: sizes.seed) }
    if large { return .large(seed: sizes.seed) }
    return sizes.areGiven ? .custom(sizes.workload) : .standard(seed: sizes.seed)
  }

  private func run(_ part: CaseSet.Part, _ setting: Setting, in folder: URL, _ heard: @escaping (String) -> Void) throws -> [CaseOutcome] {
    print("\n\(part.workload.kind): \(part.workload.title)")
    let started = ContinuousClock.now
    let own = try part.workload.write(below: folder)
    print("made in \(threeDigits((ContinuousClock.now - started) / .seconds(1))) s: \(own.path)")
    try setting.prepare(own)
    if part.cases.contains(where: \.needsStoreThatIsBehind) { try setting.prepareAppending(part.workload, own) }
    let runner = CaseRunner(setting: setting, workload: part.workload, folder: own, heard: heard)
    return try part.cases.map { benchCase in
      let outcome = try runner.run(benchCase)
      print("\n\(benchCase.name): \(benchCase.title)")
      if !outcome.results.isEmpty { print(ResultTable(outcome).text) }
      for note in outcome.notes { print("note: \(note)") }
      return outcome
    }
  }

  private func save(_ set: CaseSet, _ outcomes: [CaseOutcome], _ machine: Machine) throws {
    let isShown = !quick && !sizes.areGiven && only.isEmpty
    let folder = URL(fileURLWithPath: results ?? (isShown ? "docs/benchmarks" : "\(data)/results"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let command = (["make bench"] + [arguments].filter { !$0.isEmpty }.map { "BENCH=\"\($0)\"" }).joined(separator: " ")
    var files = [
      "\(set.name).csv": resultFile(outcomes), "\(set.name).md": resultPage(set, outcomes, machine: machine, command: command),
    ]
    for part in set.parts {
      let own = outcomes.filter { $0.workload == part.workload }
      files[chartName(set, part.workload)] = BarChart(title: "Seconds, \(part.workload.title)", own).svg
    }
    for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8) }
    print("\nsaved: \(folder.path)/\(set.name).md")
  }

  /// As given, for the page that the run writes.
  private var arguments: String { CommandLine.arguments.dropFirst().filter { $0 != "run" }.joined(separator: " ") }
}
