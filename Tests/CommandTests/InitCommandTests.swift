import Foundation
import TestSupport
import Testing

/// What `gangway init` writes, and what it does not touch.
@Suite struct `Init command` {
  private let folder: ScratchFolder
  private var url: URL { URL(fileURLWithPath: folder.path) }

  init() throws { folder = try ScratchFolder() }

  @Test func `writes a project that passes check at once`() throws {
    let made = try run("init", "my-shop")
    #expect(made.exit == 0)
    #expect(
      made.standardOutput == """
        my-shop/features/shop.yml
        my-shop/features/sql/orders.sql
        my-shop/.gitignore
        my-shop/gangway.yml

        """)
    #expect(made.standardError.contains("gangway export buyers"))
    let checked = try run("-C", "my-shop", "check")
    #expect(checked.exit == 0, "\(checked.standardError)")
    #expect(
      checked.standardOutput
        == "project my_shop is sound: 1 entities, 2 modules, 1 feature views with 9 columns, 1 training sets\n")
  }

  @Test func `works here when no folder is named`() throws {
    #expect(try run("init").exit == 0)
    #expect(Set(folder.names) == [".gitignore", "features", "gangway.yml"])
  }

  @Test(arguments: ["Über-Shop 2", "2024", "日本"])
  func `names the project by its folder, as far as a name may`(name: String) throws {
    #expect(try run("init", name).exit == 0)
    let checked = try run("-C", name, "check")
    #expect(checked.exit == 0, "\(checked.standardError)")
  }

  @Test func `says at each place what to change`() throws {
    try run("init")
    let texts = try ["gangway.yml", "features/shop.yml", "features/sql/orders.sql"].map {
      try String(contentsOf: url.appending(path: $0), encoding: .utf8)
    }
    #expect(texts.map { $0.split(separator: "CHANGE:").count - 1 } == [2, 5, 1])
  }

  /// The page that a newcomer follows and the project that they follow it with must not part ways.
  @Test func `leads from the tables in the README to the archive in the README`() throws {
    let readme = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../README.md"), encoding: .utf8)
    try run("init")
    let tables = try #require(readme.split(separator: "executescript(\"\"\"\n").last?.split(separator: "\"\"\")").first)
    try makeWarehouse(String(tables), at: url.appending(path: "warehouse.sqlite"))
    for words in [["check"], ["build"], ["check"], ["export", "buyers", "--out", "buyers.zip"]] {
      let outcome = try BuiltBinary.run(words, in: url)
      #expect(outcome.exit == 0, "\(outcome.standardError)")
    }
    let members = try csvMembers(ofArchive: folder.file("buyers.zip"))
    let train = try #require(members["train.csv"])
    #expect(readme.contains("```\n\(train)```"))
    #expect(members["validation.csv"]?.split(separator: "\n").count == 2)
    #expect(members["test.csv"]?.split(separator: "\n").count == 2)
  }

  @Test func `leads on to a prediction in a mart`() throws {
    let readme = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../README.md"), encoding: .utf8)
    try run("init")
    let tables = try #require(readme.split(separator: "executescript(\"\"\"\n").last?.split(separator: "\"\"\")").first)
    try makeWarehouse(String(tables), at: url.appending(path: "warehouse.sqlite"))
    for file in ["features/loop.yml", "model.py"] {
      let text = try #require(readme.split(separator: "cat > \(file) <<'END'\n").last?.split(separator: "END\n").first)
      try String(text).write(to: url.appending(path: file), atomically: true, encoding: .utf8)
    }
    func gangway(_ words: [String]) throws {
      let outcome = try BuiltBinary.run(words, in: url)
      #expect(outcome.exit == 0, "\(words): \(outcome.standardError)")
    }
    try gangway(["build"])
    try gangway(["export", "buyers"])
    try gangway(["export", "buyers", "--for", "scoring", "--out", "scoring.zip"])
    let model = Process()
    model.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    model.arguments = ["python3", "model.py"]
    model.currentDirectoryURL = url
    try model.run()
    model.waitUntilExit()
    #expect(model.terminationStatus == 0)
    try gangway([
      "register", "purchase", "scores.csv", "--model-version", "v1", "--trained-on", "buyers@1", "--scored-from", "scoring.zip",
      "--promote",
    ])
    try gangway(["build", "mart_visit"])
    let shown = try run("show", "mart_visit", "--rows", "5")
    #expect(readme.contains("```\n\(shown.standardOutput)```"), "\(shown.standardOutput)")
  }

  @Test func `refuses a folder that is a project already`() throws {
    try run("init", "shop")
    let again = try run("init", "shop")
    #expect(again.exit == 1)
    #expect(again.standardError.contains("[project-exists]"))
  }

  @Test func `refuses to overwrite, lists the files, and writes none`() throws {
    try FileManager.default.createDirectory(at: url.appending(path: "features"), withIntermediateDirectories: true)
    for name in ["features/shop.yml", ".gitignore"] { try Data("mine".utf8).write(to: url.appending(path: name)) }
    let outcome = try run("init")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("would be overwritten: features/shop.yml, .gitignore"))
    #expect(Set(folder.names) == [".gitignore", "features"])
    #expect(folder.bytes(".gitignore") == Array("mine".utf8))
  }

  @Test func `finishes what a run that was killed had begun`() throws {
    try run("init")
    try FileManager.default.removeItem(at: url.appending(path: "gangway.yml"))
    #expect(try run("init").exit == 0)
    #expect(folder.names.contains("gangway.yml"))
  }

  @Test func `leaves nothing behind where it cannot write`() throws {
    try Data("a file".utf8).write(to: url.appending(path: "features"))
    let outcome = try run("init")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[project-not-written]"))
    #expect(folder.names == ["features"])
  }

  @discardableResult
  private func run(_ words: String...) throws -> BuiltBinary.Outcome { try BuiltBinary.run(words, in: url) }
}
