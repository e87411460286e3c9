package import Foundation

/// The `gangway` that was built beside the tests: what a user runs.
package enum BuiltBinary {
  package struct Outcome: Sendable {
    package let exit: Int32
    package let standardOutput: String
    package let standardError: String
  }

  /// Runs one command to its end.
  ///
  /// - Parameters:
  ///   - words: behind `gangway`.
  ///   - folder: where it is started.
  package static func run(_ words: [String], in folder: URL, environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = url
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, not pipes: a pipe that nobody empties blocks its writer.
    let scratch = try ScratchFolder()
    let files = [scratch.file("out"), scratch.file("err")]
    for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return Outcome(exit: process.terminationStatus, standardOutput: texts[0], standardError: texts[1])
  }

  package static var url: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "gangway")
  }
}
