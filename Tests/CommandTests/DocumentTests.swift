import Foundation
import TestSupport
import Testing

@Suite struct `Documents for programs` {
  @Test(arguments: [
    "check", "build", "observe", "materialize", "export failures", "list", "show heat", "show readings --rows 1", "lineage heat", "verify",
    "gc --dry-run", "init new", "sample freight new.sqlite --shipments 20",
  ])
  func `stand alone on stdout and name their form`(command: String) throws {
    let project = try SampleProject()
    let words = command.split(separator: " ").map(String.init)
    let outcome = try BuiltBinary.run(["--json"] + words, in: project.url)
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    let name = words.contains("--rows") ? "rows" : words[0]
    #expect(try parsed(outcome.standardOutput)["schema"] as? String == "gangway.\(name)/1")
  }

  @Test func `have sorted keys in snake case`() throws {
    let project = try SampleProject()
    for words in [["check"], ["list"], ["show", "heat"], ["lineage", "failures"], ["materialize"], ["export", "failures"]] {
      let text = try BuiltBinary.run(words + ["--json"], in: project.url).standardOutput
      try expectSorted(text, "\(words)")
    }
  }

  private func expectSorted(_ text: String, _ comment: Comment) throws {
    // Two spaces a level: a key less than its neighbour before, within one object, is out of order.
    var last: [Int: String] = [:]
    for line in text.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count
      for deeper in last.keys where deeper > depth { last[deeper] = nil }
      guard let match = line.firstMatch(of: /^ *"([^"]*)":/) else { continue }
      let key = String(match.1)
      #expect(key.allSatisfy { $0 == "_" || $0.isLowercase || $0.isNumber }, comment)
      #expect(last[depth] ?? "" < key, comment)
      last[depth] = key
    }
  }

  @Test func `tell what was exported`() throws {
    let project = try SampleProject()
    let document = try parsed(project.gangway("export", "failures", "--json").standardOutput)
    let path = try #require(document["path"] as? String)
    #expect(FileManager.default.fileExists(atPath: path))
    #expect((document["notes"] as? [String])?.contains("data known up to 2024-05-01T16:00:00Z") == true)
    #expect(document["columns"] as? Int == 6)
  }

  @Test(arguments: ["list", "show heat", "show readings", "show failures", "check"])
  func `are always the same`(command: String) throws {
    let words = command.split(separator: " ").map(String.init) + ["--json"]
    let project = try SampleProject()
    let text = try BuiltBinary.run(words, in: project.url, environment: ["TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8"]).standardOutput
    try expectGolden(command.replacing(" ", with: "_") + ".json", text)
  }

  @Test func `hold every mistake with its place, while people read lines`() throws {
    let project = try SampleProject()
    try project.change("features/workshop.yml", "entity: machine", to: "entity: machin")
    try project.change("features/workshop.yml", "windows: 2h", to: "windows: 2 hours")
    let outcome = try project.gangway("check", "--json")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("features/workshop.yml:10:13: error: "))
    try expectGolden("errors.json", outcome.standardOutput)
  }

  @Test func `say that somebody else is busy`() throws {
    let project = try SampleProject()
    try holdingLock(on: project.warehouse) {
      let outcome = try project.gangway("materialize", "--json")
      #expect(outcome.exit == 75)
      #expect(try parsed(outcome.standardOutput)["busy"] as? Bool == true)
    }
  }

  @Test(arguments: [["nosuch", "--json"], ["--json", "show"], ["show", "heat", "--rows", "0", "--json"]])
  func `say that the usage is wrong`(words: [String]) throws {
    let project = try SampleProject()
    let outcome = try BuiltBinary.run(words, in: project.url)
    #expect(outcome.exit == 64)
    let document = try parsed(outcome.standardOutput)
    #expect(((document["errors"] as? [[String: Any]])?.first?["rule"] as? String) == "wrong-usage")
  }
}
