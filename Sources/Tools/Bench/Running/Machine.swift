import CLibArchive
import Foundation

/// What the numbers were measured on, in words.
struct Machine {
  let lines: [String]

  /// - Parameters:
  ///   - rivals: the versions that they announced.
  ///   - load: what else was running, see ``loadAverage()``.
  init(gangway: URL, rivals: [String], load: Double, scratch: URL) {
    // A program that is missing leaves its line out.
    func said(_ words: String...) -> String? {
      let text = try? textOf(["/usr/bin/env"] + words, scratch: scratch)
      return text?.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let process = ProcessInfo.processInfo
    let memory = (Double(process.physicalMemory) / Double(1 << 30)).rounded()
    let version = said(gangway.path, "--version").map { "gangway \($0)" }
    let commit = said("git", "describe", "--always", "--dirty").map { "commit \($0)" }
    lines = [
      "\(processorName), \(process.activeProcessorCount) cores, \(Int(memory)) GiB of memory, \(process.operatingSystemVersionString)",
      [version, commit, said("swift", "--version")].compactMap { $0 }.joined(separator: ", "),
      "SQLite \(sqliteVersion), \(unsafe String(cString: archive_version_details()))",
      rivals.joined(separator: ", "), "load average at the start: \(threeDigits(load))",
    ].filter { !$0.isEmpty }
  }
}

/// How many processes were running or waiting to run in the last minute, on average: numbers of a busy machine are worth little.
func loadAverage() -> Double {
  var averages = [0.0]
  unsafe getloadavg(&averages, 1)
  return averages[0]
}

private var processorName: String {
  let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
  return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
}
