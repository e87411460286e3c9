import Foundation
import TestSupport
import Testing

@Suite struct `An exported folder` {
  let project: SampleProject

  init() throws { project = try SampleProject() }

  @discardableResult
  private func export(_ words: String...) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(["export", "failures", "--format", "folder"] + words, in: project.url)
  }

  private func names(_ path: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  @Test func `holds the members of an archive, byte for byte`() throws {
    #expect(try export("--out", "set").exit == 0)
    try project.gangway("export", "failures", "--out", "a.zip")
    let members = try readArchive(project.folder.file("a.zip"))
    #expect(try names(project.folder.file("set")) == members.map(\.name).sorted())
    for member in members { #expect(project.folder.bytes("set/\(member.name)") == member.bytes, "\(member.name)") }
    #expect(!project.files.contains("set.croissant.json"))
  }

  @Test func `has a name of its own, and a notebook beside it`() throws {
    for turn in 1...2 {
      let outcome = try export()
      #expect(outcome.exit == 0, "\(turn): \(outcome.standardError)")
      let path = outcome.standardOutput.trimmingCharacters(in: .newlines)
      #expect(path.contains(/notebooks-export\/failures\/failures-2024-05-01-[0-9a-f]{8}$/))
      #expect(
        try names(project.folder.file("notebooks-export/failures")) == [String(path.split(separator: "/").last ?? ""), "failures.ipynb"])
      #expect(project.files.filter { $0.contains("scratch-") || $0.contains(".partial") } == [])
    }
  }

  @Test func `is what the definition asks for, unless a name says otherwise`() throws {
    try project.change("features/workshop.yml", "features: [heat]\n", to: "features: [heat]\n    format: folder\n")
    #expect(try project.gangway("export", "failures", "--out", "set").exit == 0)
    #expect(project.files.contains("set/data.csv"))
    #expect(try project.gangway("export", "failures", "--out", "a.zip").exit == 0)
    #expect(project.folder.bytes("a.zip")?.prefix(2) == [0x50, 0x4B])
    #expect(try project.gangway("export", "failures", "--format", "zip", "--out", "b").exit == 0)
    #expect(project.folder.bytes("b") == project.folder.bytes("a.zip"))
  }

  @Test func `replaces an exported folder and nothing else`() throws {
    try export("--out", "set")
    try project.write("set/model.txt", "mine")
    try makeWarehouse("update raw_readings set heat = 77 where reading_id = 1", at: project.warehouse)
    #expect(try export("--fresh", "--out", "set").exit == 0)
    #expect(project.folder.bytes("set/data.csv").map { String(decoding: $0, as: UTF8.self) }?.contains("77.0") == true)
    #expect(project.folder.bytes("set/model.txt") == Array("mine".utf8), "what its reader put there stays")
    let before = project.files
    for target in ["warehouse.sqlite", "gangway.yml", "features", ".", "/"] {
      let outcome = try export("--out", target)
      #expect(outcome.exit == 1 && outcome.standardError.contains("[not-replaced]"), "\(target): \(outcome.standardError)")
    }
    #expect(try project.gangway("export", "failures", "--out", "set").standardError.contains("[not-replaced]"), "an archive no folder")
    #expect(project.files == before)
  }

  @Test func `is compared with its digests`() throws {
    try export("--out", "set")
    #expect(try project.gangway("verify", "set").exit == 0)
    try project.write("set/__pycache__/load.pyc", "a reader's")
    #expect(try project.gangway("verify", "set/").exit == 0)
    try project.change("set/data.csv", "20.5", to: "20.6")
    let changed = try project.gangway("verify", "set")
    #expect(changed.exit == 1 && changed.standardError.contains("data.csv: its bytes are not those of its digest"))
    try FileManager.default.removeItem(atPath: project.folder.file("set/data.csv"))
    #expect(try project.gangway("verify", "set").standardError.contains("data.csv: it is missing"))
    try FileManager.default.removeItem(atPath: project.folder.file("set/manifest.json"))
    #expect(try project.gangway("verify", "set").standardError.contains("manifest.json: it is missing"))
    #expect(try project.gangway("verify", "features").exit == 1)
  }

  @Test func `names the version that it holds`() throws {
    try export("--out", "set")
    #expect(try project.gangway("export", "./set", "--out", "a.zip").exit == 0)
    #expect(try csvMembers(ofArchive: project.folder.file("a.zip")) == ["data.csv": SampleProject.expected])
  }

  @Test func `has no level`() throws {
    #expect(try export("--level", "3").standardError.contains("[unknown-level]"))
    #expect(try export("--out", "a.zip").standardError.contains("[format-conflict]"))
    #expect(try project.gangway("export", "failures", "--format", "rar").standardError.contains("zip, tar.zst, tar.gz, folder"))
  }
}
