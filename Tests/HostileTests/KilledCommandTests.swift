import Foundation
import TestSupport
import Testing

@Suite struct `Killed commands` {
  private static let commands = [
    ["export", "failures", "--out", "x.zip"], ["materialize"], ["build"], ["export", "failures", "--fresh", "--out", "x.zip"],
  ]

  /// Starts a command and ends it, wherever it is by then.
  private func kill(_ words: [String], in project: SampleProject, afterMilliseconds delay: UInt32) throws {
    let process = Process()
    process.executableURL = BuiltBinary.url
    process.arguments = words
    process.currentDirectoryURL = project.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(delay * 1_000)
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// A scratch folder that nobody has locked yet may be somebody's who is just beginning: it is left alone for a while.
  private func isLeftover(_ name: String, in files: [String]) -> Bool {
    let last = name.split(separator: "/").last ?? ""
    return last.hasSuffix(".partial") || last.hasSuffix(".new") || (last.hasPrefix("scratch-") && files.contains("\(name)/owner.lock"))
  }

  @Test func `leave nothing that the next one stumbles over`() throws {
    let project = try SampleProject.withManyReadings()
    let start = ContinuousClock.now
    for words in [["build"], ["export", "failures", "--out", "whole.zip"]] {
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(outcome.exit == 0, "\(outcome.standardError)")
    }
    // So that kills fall on all of a command's work, on machines of any speed.
    let length = max(80, UInt32((ContinuousClock.now - start) / .milliseconds(1)))
    let whole = try csvMembers(ofArchive: project.folder.file("whole.zip"))
    #expect((whole["data.csv"]?.count ?? 0) > 100_000)
    var random = SplitMix(state: 1)
    for turn in 0..<20 * fuzzFactor {
      let words = Self.commands[turn % Self.commands.count]
      // Every other time into a store that is being made.
      if (turn / Self.commands.count).isMultiple(of: 2) {
        try FileManager.default.removeItem(at: project.url.appending(path: ".gangway"))
      }
      let delay = UInt32.random(in: 0...(turn.isMultiple(of: 3) ? 80 : length), using: &random)
      try kill(words, in: project, afterMilliseconds: delay)
      let context = "turn \(turn): \(words.joined(separator: " ")), killed after \(delay) ms"
      let next = try project.gangway("export", "failures", "--out", "x.zip")
      #expect(next.exit == 0, "\(context): \(next.standardError)")
      let verified = try project.gangway("verify")
      #expect(verified.exit == 0, "\(context): \(verified.standardError)")
      let files = project.files
      #expect(files.filter { isLeftover($0, in: files) } == [], "\(context)")
      #expect(try csvMembers(ofArchive: project.folder.file("x.zip")) == whole, "\(context)")
    }
  }
}
