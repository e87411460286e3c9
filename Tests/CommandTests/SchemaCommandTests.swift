import Foundation
import TestSupport
import Testing

/// What somebody else's validator says of it is checked in Tests/outside.
@Suite struct `The schema command` {
  @Test(arguments: [[], ["--settings"], ["--json"]])
  func `writes a schema whose references lead somewhere, without a project`(words: [String]) throws {
    let folder = try ScratchFolder()
    let outcome = try BuiltBinary.run(["schema"] + words, in: URL(fileURLWithPath: folder.path))
    #expect(outcome.exit == 0)
    #expect(outcome.standardError.isEmpty)
    let schema = try parsed(outcome.standardOutput)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let parts = try #require(schema["$defs"] as? [String: [String: Any]])
    let references = outcome.standardOutput.matches(of: /"\$ref": "#\/\$defs\/([a-z_]+)"/).map { String($0.1) }
    #expect(!references.isEmpty)
    #expect(Set(references) == Set(parts.keys))
    for (name, part) in parts {
      #expect(part["additionalProperties"] as? Bool == false, "\(name)")
      let properties = try #require(part["properties"] as? [String: [String: Any]])
      for (key, property) in properties { #expect((property["description"] as? String)?.isEmpty == false, "\(name) \(key)") }
      for key in part["required"] as? [String] ?? [] { #expect(properties[key] != nil, "\(name) \(key)") }
    }
  }

  @Test func `lets an element stand for its list, and a text for a mapping`() throws {
    let project = try SampleProject()
    let schema = try parsed(try BuiltBinary.run(["schema"], in: project.url).standardOutput)
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    let choices = try #require(properties["sources"]?["anyOf"] as? [[String: Any]])
    #expect(choices.count == 3)
    #expect(choices.contains { $0["$ref"] as? String == "#/$defs/source" })
    #expect(choices.contains { $0["type"] as? String == "array" })
    #expect(choices.contains { ($0["type"] as? [String])?.contains("string") == true })
  }
}

@Suite struct `Completion` {
  @Test(arguments: ["bash", "zsh", "fish"])
  func `has a script for each shell`(shell: String) throws {
    let outcome = try SampleProject().gangway("--generate-completion-script", shell)
    #expect(outcome.exit == 0)
    #expect(outcome.standardOutput.contains("lineage"))
  }

  @Test(arguments: [
    ("export", "set", "failures"), ("materialize", "views", "heat"), ("build", "names", "readings\nhot\nshifts"),
    ("observe", "modules", "readings\nhot\nshifts"),
  ])
  func `offers the names of the project`(command: String, argument: String, names: String) throws {
    let project = try SampleProject()
    let outcome = try complete(command, argument, ["gangway", command, ""], in: project.url)
    #expect(outcome.standardOutput == names + "\n")
    let elsewhere = try complete(
      command, argument, ["gangway", "-C", project.url.path, command, ""], in: project.url.deletingLastPathComponent())
    #expect(elsewhere.standardOutput == names + "\n")
  }

  @Test func `is silent where something is wrong`() throws {
    let project = try SampleProject()
    try project.write("features/workshop.yml", "nonsense: [")
    let outcome = try complete("export", "set", ["gangway", "export", ""], in: project.url)
    #expect(outcome.standardOutput.allSatisfy { $0.isNewline })
    #expect(outcome.standardError.isEmpty)
  }

  /// As the parser's scripts call it back.
  private func complete(_ command: String, _ argument: String, _ words: [String], in folder: URL) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(
      ["---completion", command, "--", "positional@0", "\(words.count - 1)", "0"] + words, in: folder,
      environment: ["SAP_SHELL": "bash", "SAP_SHELL_VERSION": "5.2"])
  }
}
