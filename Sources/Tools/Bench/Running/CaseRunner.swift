import Foundation

/// What a case came to.
struct CaseOutcome: Sendable {
  let workload: Workload
  let benchCase: BenchCase
  /// In the case's order; ours first, if there is one that can run.
  let results: [ContenderResult]
  /// What the comparison said of each result but the first, "same" before all else if it is; empty where none was made.
  let verdicts: [String]
  /// What was left out, and why.
  let notes: [String]

  var answersAgree: Bool { verdicts.allSatisfy { $0.hasPrefix("same") } }
}

struct RunFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs one case on one workload: contenders in turns, so that a slow minute of the machine hits all of them.
struct CaseRunner {
  let setting: Setting
  let workload: Workload
  let folder: URL
  /// Told of the versions that rivals announce.
  let heard: (String) -> Void

  func run(_ benchCase: BenchCase) throws -> CaseOutcome {
    var notes: [String] = []
    let contenders = benchCase.contenders.filter { contender in
      guard let reason = setting.lacks(contender) else { return true }
      notes.append("\(contender.name) (\(contender.detail)) left out: \(reason)")
      return false
    }
    guard contenders.contains(where: \.isOurs) else {
      return CaseOutcome(workload: workload, benchCase: benchCase, results: [], verdicts: [], notes: notes)
    }
    let answers = folder.appending(path: "answers")
    try? FileManager.default.removeItem(at: answers)
    try FileManager.default.createDirectory(at: answers, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: answers) }
    let runs = contenders.enumerated().map { index, contender in
      ContenderRun(
        contender: contender, job: benchCase.job, folder: folder, setting: setting,
        answer: answers.appending(path: "\(index).\(contender.answer.rawValue)"))
    }
    let results = try measure(runs)
    for result in results {
      if let view = result.materialized { notes.append("\(result.contender.detail): \(grouped(view.rowsRead)) rows read") }
    }
    let verdicts = try verdicts(benchCase, results, runs.map(\.answer))
    return CaseOutcome(workload: workload, benchCase: benchCase, results: results, verdicts: verdicts, notes: notes)
  }

  /// What the comparison says of each result but the first.
  private func verdicts(_ benchCase: BenchCase, _ results: [ContenderResult], _ answers: [URL]) throws -> [String] {
    guard benchCase.comparison == .snapshots else { return try setting.compare(answers, benchCase.comparison, scratch: folder) }
    guard let ours = results[0].materialized?.digest else { throw RunFailure(description: "\(benchCase.name): no snapshot was named") }
    return results.dropFirst().map { $0.materialized?.digest == ours ? "same" : "another snapshot" }
  }

  /// A round that is not counted, which fills the system's page cache for all, then the counted ones.
  private func measure(_ runs: [ContenderRun]) throws -> [ContenderResult] {
    var measurements = Array(repeating: [CountedRun](), count: runs.count)
    for round in 0...setting.runs {
      for (index, run) in runs.enumerated() {
        let (measurement, version) = try run.once()
        if let version { heard(version) }
        if round > 0 { measurements[index].append(measurement) }
      }
    }
    return zip(runs, measurements).map { ContenderResult($0.contender, $1) }
  }
}
