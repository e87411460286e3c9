import Foundation

/// A contender at work on a workload.
struct ContenderRun {
  let contender: Contender
  let job: String
  /// The workload's.
  let folder: URL
  let setting: Setting
  /// What it is to write.
  let answer: URL

  /// A copy of the store without the newest rows, from which each run of `.behind` begins.
  static let storeThatIsBehind = "store-that-is-behind"

  /// - Returns: what it took, and the version that a rival announces.
  func once() throws -> (CountedRun, version: String?) {
    try prepare()
    let (output, errors) = (folder.appending(path: "output.txt"), folder.appending(path: "errors.txt"))
    let run = try runChild(words, output: output, errors: errors)
    if run.exit != 0 {
      let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      throw RunFailure(description: "\(words.joined(separator: " "))\nended with \(run.exit):\n\(said.suffix(4_000))")
    }
    let report = contender.isOurs ? nil : try JSONDecoder().decode(RivalReport.self, from: Data(contentsOf: output))
    let written = sizeOfFiles(at: contender.answer == .stored && contender.isOurs ? store : answer)
    let measurement = CountedRun(
      wholeSeconds: run.wallSeconds, ownSeconds: report?.seconds, cpuSeconds: run.cpuSeconds, peakBytes: run.peakBytes, bytes: written,
      materialized: try materialized(output))
    return (measurement, report?.version)
  }

  private func prepare() throws {
    try? FileManager.default.removeItem(at: answer)
    guard case .gangway(_, let held) = contender.runner, held != .materialized else { return }
    try? FileManager.default.removeItem(at: store)
    if held.isBehind { try FileManager.default.copyItem(at: project.appending(path: Self.storeThatIsBehind), to: store) }
  }

  /// What ours says if it was asked for a document.
  private func materialized(_ output: URL) throws -> MaterializedView? {
    guard case .gangway(let words, _) = contender.runner, words.contains("--json") else { return nil }
    return try JSONDecoder().decode(MaterializedViews.self, from: Data(contentsOf: output)).views.first
  }

  private var words: [String] {
    switch contender.runner {
    case .gangway(let words, _):
      [setting.gangway.path, "-C", project.path, "--quiet"] + words.map { $0 == "{out}" ? answer.path : $0 }
    case .rival(let rival, let words):
      [setting.python(rival.environment).path, setting.rivals.appending(path: rival.script).path, job, folder.path, answer.path] + words
    }
  }

  private var project: URL {
    if case .gangway(_, let held) = contender.runner { folder.appending(path: held.project) } else { folder }
  }

  private var store: URL { project.appending(path: ".gangway") }
}

/// The document that ours writes.
private struct MaterializedViews: Decodable {
  let views: [MaterializedView]
}

/// The line that a rival's script writes.
private struct RivalReport: Decodable {
  let seconds: Double
  let version: String
}

/// Of a file, or of all files below a folder.
private func sizeOfFiles(at url: URL) -> Int {
  let keys: [URLResourceKey] = [.fileSizeKey, .isRegularFileKey]
  let below = FileManager.default.enumerator(at: url, includingPropertiesForKeys: keys)?.compactMap { $0 as? URL } ?? []
  return (below + [url]).reduce(0) { sum, file in
    let values = try? file.resourceValues(forKeys: Set(keys))
    return sum + (values?.isRegularFile == true ? values?.fileSize ?? 0 : 0)
  }
}
