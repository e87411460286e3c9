import Foundation
import TestSupport
import Testing

@Suite struct `Exit codes and streams` {
  @Test func `0 when it is done`() throws {
    let project = try SampleProject()
    for words in [["check"], ["build"], ["materialize"], ["--help"], ["--version"]] {
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(outcome.exit == 0, "\(words): \(outcome.standardError)")
      #expect(!outcome.standardOutput.isEmpty)
    }
  }

  @Test(arguments: [["nosuch"], ["export"], ["check", "--nosuch"], ["export", "a", "b"]])
  func `64 for wrong usage`(words: [String]) throws {
    let project = try SampleProject()
    let outcome = try BuiltBinary.run(words, in: project.url)
    #expect(outcome.exit == 64)
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test(arguments: ["check", "build", "materialize", "export failures"])
  func `75 while somebody else holds the warehouse`(command: String) throws {
    let project = try SampleProject()
    try project.change("features/workshop.yml", "relation: raw_readings", to: "sql: hot.sql")
    try project.gangway("build")
    try holdingLock(on: project.warehouse) {
      let outcome = try BuiltBinary.run(command.split(separator: " ").map(String.init), in: project.url)
      #expect(outcome.exit == 75, "\(outcome.standardError)")
      #expect(outcome.standardError.contains("warehouse.sqlite is locked"))
    }
  }

  @Test(arguments: [["-C", "%", "check"], ["check", "-C", "%"]])
  func `a folder may be named before or after the command`(words: [String]) throws {
    let project = try SampleProject()
    let parent = project.url.deletingLastPathComponent()
    for folder in [project.url.path, project.url.lastPathComponent] {
      let outcome = try BuiltBinary.run(words.map { $0 == "%" ? folder : $0 }, in: parent)
      #expect(outcome.exit == 0, "\(outcome.standardError)")
    }
    let missing = try BuiltBinary.run(words.map { $0 == "%" ? "nosuch" : $0 }, in: parent)
    #expect(missing.exit == 1)
    #expect(missing.standardError.contains("nosuch"))
  }

  @Test func `check passes without a warehouse and writes nothing`() throws {
    let project = try SampleProject(withWarehouse: false)
    let before = project.files
    let outcome = try project.gangway("check")
    #expect(outcome.exit == 0)
    #expect(outcome.standardError.contains("no warehouse at warehouse.sqlite"))
    #expect(project.files == before)
    let refused = try project.gangway("materialize")
    #expect(refused.exit == 1)
    #expect(refused.standardError.contains("warehouse.sqlite"))
    #expect(!project.files.contains("warehouse.sqlite"), "reading makes no file")
  }

  @Test func `check tells all mistakes of columns and expressions at once`() throws {
    let project = try SampleProject()
    try project.change("features/workshop.yml", "- heat\n", to: "- het\n      - {name: x, expr: heat +}\n")
    try project.change("features/workshop.yml", "label: failed", to: "label: faild")
    let before = project.files
    let outcome = try project.gangway("check")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains(/workshop\.yml:13:9: error: .*"het"/))
    #expect(outcome.standardError.contains("did you mean \"heat\"?"))
    #expect(outcome.standardError.contains(/workshop\.yml:14:25: error: .*\[bad-expression\]/))
    #expect(outcome.standardError.contains(/workshop\.yml:18:\d+: error: .*"faild"/))
    #expect(project.files == before)
  }

  @Test func `a damaged warehouse is named`() throws {
    let project = try SampleProject(withWarehouse: false)
    try project.write("warehouse.sqlite", String(repeating: "no database ", count: 100))
    for command in ["check", "build", "materialize"] {
      let outcome = try project.gangway(command)
      #expect(outcome.exit == 1)
      #expect(outcome.standardError.contains("[warehouse-corrupt]"), "\(command): \(outcome.standardError)")
    }
  }

  @Test func `materializing the same again commits nothing`() throws {
    let project = try SampleProject()
    #expect(try !project.gangway("materialize").standardOutput.contains("unchanged"))
    let before = project.files
    #expect(try project.gangway("materialize").standardOutput.contains("unchanged"))
    #expect(project.files == before)
  }
}
