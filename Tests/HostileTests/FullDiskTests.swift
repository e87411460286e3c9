import Foundation
import TestSupport
import Testing

/// A file system of some kilobytes, in a folder of its own, as long as the value lives.
private final class SmallDisk {
  let folder: ScratchFolder

  /// - Returns: nil where nothing may be mounted.
  init?(kilobytes: Int) {
    guard geteuid() == 0, let folder = try? ScratchFolder() else { return nil }
    self.folder = folder
    guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path) else { return nil }
  }

  deinit { _ = Self.run("umount", "-l", folder.path) }

  private static func run(_ words: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  static let isPossible = SmallDisk(kilobytes: 64) != nil
}

@Suite struct `A full disk` {
  private func isRefusal(_ outcome: BuiltBinary.Outcome, _ rules: String...) -> Bool {
    outcome.exit == 1 && outcome.standardOutput.isEmpty && rules.contains { outcome.standardError.contains("[\($0)]") }
  }

  @Test(.enabled(if: SmallDisk.isPossible))
  func `under the store is said, and leaves no archive`() throws {
    let disk = try #require(SmallDisk(kilobytes: 256))
    let project = try SampleProject.withManyReadings(20_000)
    try project.change("gangway.yml", "project: workshop", to: "project: workshop\nstore: \(disk.folder.path)/store")
    #expect(try project.gangway("build").exit == 0)
    for words in [["export", "failures"], ["export", "failures", "--out", "x.zip"], ["materialize"]] {
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(isRefusal(outcome, "disk-full", "store-unavailable"), "\(words): \(outcome.exit) \(outcome.standardError)")
    }
    #expect(project.files.filter { $0.contains(".zip") } == [])
    let left = FileManager.default.enumerator(atPath: disk.folder.path)?.compactMap { $0 as? String } ?? []
    #expect(left.filter { $0.hasSuffix(".new") || $0.contains("scratch-") } == [])
  }

  @Test(.enabled(if: SmallDisk.isPossible), arguments: ["exports", "--out", "folder"])
  func `under the archives is said, and leaves none`(way: String) throws {
    let disk = try #require(SmallDisk(kilobytes: 16))
    let project = try SampleProject.withManyReadings()
    try project.change("gangway.yml", "project: workshop", to: "project: workshop\nexports: \(disk.folder.path)")
    #expect(try project.gangway("build").exit == 0)
    let words = way == "exports" ? [] : way == "folder" ? ["--format", "folder"] : ["--out", disk.folder.file("x.zip")]
    let outcome = try BuiltBinary.run(["export", "failures"] + words, in: project.url)
    #expect(isRefusal(outcome, "disk-full"), "\(outcome.exit) \(outcome.standardError)")
    let left = FileManager.default.enumerator(atPath: disk.folder.path)?.compactMap { $0 as? String } ?? []
    #expect(left.filter { $0 != "failures" } == [])
    // With room elsewhere it goes on.
    #expect(try project.gangway("export", "failures", "--out", "x.zip").exit == 0)
  }
}

@Suite(.enabled(if: geteuid() != 0)) struct `A folder that may not be written` {
  private func refuse(_ folder: URL, while body: () throws -> Void) throws {
    let path = folder.path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
    try body()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
  }

  @Test(arguments: [".gangway", "notebooks-export"])
  func `is said, and gets no archive`(name: String) throws {
    let project = try SampleProject()
    try refuse(project.url.appending(path: name)) {
      let outcome = try project.gangway("export", "failures")
      #expect(outcome.exit == 1 && outcome.standardOutput.isEmpty)
      #expect(outcome.standardError.contains("error: "))
    }
    #expect(project.files.filter { $0.contains(".zip") } == [])
  }
}
