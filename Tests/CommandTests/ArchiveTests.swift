import Foundation
import TestSupport
import Testing

@Suite struct `An exported archive` {
  let project: SampleProject

  init() throws { project = try SampleProject() }

  private let names = ["data.csv", "datapackage.json", "croissant.json", "manifest.json", "README.md", "load.py", "SHA256SUMS"]

  @discardableResult
  private func export(_ words: String..., environment: [String: String] = [:]) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(["export", "failures"] + words, in: project.url, environment: environment)
  }

  @Test func `has the same members in every format, at any level, in any zone`() throws {
    let zones = ["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"]
    let files = [("a.zip", "zip", "1"), ("b.zip", "zip", "9"), ("c.tar.gz", "tar.gz", "6"), ("d.tar.zst", "tar.zst", "19")]
    for ((file, format, level), zone) in zip(files, zones) {
      let outcome = try export("--format", format, "--level", level, "--out", file, environment: ["TZ": zone])
      #expect(outcome.exit == 0, "\(outcome.standardError)")
    }
    let archives = try files.map { try readArchive(project.folder.file($0.0)) }
    #expect(archives[0].map(\.name) == names)
    for archive in archives.dropFirst() {
      #expect(archive.map(\.name) == archives[0].map(\.name))
      #expect(archive.map(\.bytes) == archives[0].map(\.bytes))
    }
  }

  @Test func `says in its card what the export says, but no ages`() throws {
    try project.change("features/workshop.yml", ", delay: 10m", to: "")
    let outcome = try export("--out", "a.zip")
    let card = try member("README.md", of: "a.zip")
    let said = outcome.standardError.split(separator: "\n").filter {
      !$0.hasPrefix("snapshots: ") && !$0.hasPrefix("exported ") && !$0.hasPrefix("materialized ")
    }
    #expect(said.count >= 2)
    for line in said { #expect(card.contains("\n- \(line)\n")) }
    #expect(!card.contains("snapshots:") && !card.contains("just read"))
  }

  @Test func `is described by its own hash beside it, with a notebook that stays its reader's`() throws {
    try export()
    let folder = project.url.appending(path: "notebooks-export/failures")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count == 3 && files[1] == files[0] + ".croissant.json" && files[2] == "failures.ipynb", "\(files)")
    try project.write("notebooks-export/failures/failures.ipynb", "mine")
    try export()
    #expect(try String(contentsOf: folder.appending(path: "failures.ipynb"), encoding: .utf8) == "mine")
  }

  @Test func `stands alone with its description where --out says`() throws {
    try project.gangway("materialize")
    let before = Set(project.files)
    try export("--out", "a.zip")
    let added = Set(project.files).subtracting(before).filter { !$0.hasPrefix(".gangway") }
    #expect(added == ["a.zip", "a.zip.croissant.json"])
  }

  @Test func `keeps its digest when only words change`() throws {
    try export("--out", "a.zip")
    try project.change("features/workshop.yml", "- name: failures", to: "- name: failures\n    description: Other words.")
    try export("--out", "b.zip")
    let manifests = try ["a.zip", "b.zip"].map { try manifest($0) }
    #expect(manifests[0]["digest"] as? String == manifests[1]["digest"] as? String)
    #expect(manifests[1]["description"] as? String == "Other words.")
    #expect(try member("README.md", of: "a.zip") != member("README.md", of: "b.zip"))
  }

  @Test func `hashes every member`() throws {
    try export("--out", "a.zip")
    let listed = try #require(try manifest("a.zip")["members"] as? [[String: Any]])
    #expect(Set(listed.compactMap { $0["name"] as? String }) == Set(names).subtracting(["manifest.json", "SHA256SUMS"]))
    let sums = try member("SHA256SUMS", of: "a.zip").split(separator: "\n").map { $0.suffix($0.count - 66) }
    #expect(sums.map { String($0) } == Array(names.dropLast()))
  }

  @Test(arguments: [("zip", "0"), ("zip", "10"), ("tar.gz", "-1"), ("tar.zst", "20")])
  func `has no level that its format lacks`(format: String, level: String) throws {
    let outcome = try export("--format", format, "--level=\(level)", "--out", "a")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[unknown-level]"))
    #expect(!project.files.contains("a"))
  }

  @Test func `describes its columns in the definitions' words`() throws {
    try project.change("features/workshop.yml", "{name: machine, key: machine}", to: "{name: machine, key: machine, description: A tool.}")
    try project.change(
      "features/workshop.yml", "relation: raw_shifts}",
      to: "relation: raw_shifts, columns: [{name: failed, description: Broke.}, {name: begins, description: First minute.}]}")
    try project.change(
      "features/workshop.yml", "event_time: at, delay: 10m}",
      to: "event_time: at, delay: 10m, columns: [{name: heat, description: In degrees.}]}")
    try export("--out", "a.zip")
    let package = try JSONSerialization.jsonObject(with: Data(member("datapackage.json", of: "a.zip").utf8)) as? [String: Any]
    let resource = (package?["resources"] as? [[String: Any]])?.first?["schema"] as? [String: Any]
    let fields = try #require(resource?["fields"] as? [[String: Any]])
    let texts = ["A tool.", "First minute.", nil, "In degrees.", "In degrees. (max of heat over 2h)", "Broke."]
    #expect(fields.map { $0["description"] as? String } == texts)
  }

  private func member(_ name: String, of archive: String) throws -> String {
    let found = try readArchive(project.folder.file(archive)).first { $0.name == name }
    return String(decoding: try #require(found).bytes, as: UTF8.self)
  }

  private func manifest(_ archive: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(member("manifest.json", of: archive).utf8)) as? [String: Any])
  }
}
