import Foundation
import Testing

/// One text file: its reason, then sections, each headed `--- name`.
///
/// `warehouse.sql` makes the warehouse. `expected.csv` is the exported data.csv, `expected/train.csv` and so on are the members of
/// a split, compared as text. `expected_error.json` holds `exit` and `match`, regular expressions for standard error. `command` is
/// what is typed: with expected members more arguments of `export set`, with an error the whole command. Every other section is a file.
struct Case: CustomTestStringConvertible, Sendable {
  var name: String
  var reason: String
  var sections: [String: String]

  var testDescription: String { "\(name): \(reason)" }

  static let all: [Case] = {
    let files = Bundle.module.urls(forResourcesWithExtension: "case", subdirectory: "Cases") ?? []
    return files.map { $0 as URL }.sorted { $0.lastPathComponent < $1.lastPathComponent }.map { file in
      // One that cannot be read has no reason, and fails.
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      return Case(name: file.deletingPathExtension().lastPathComponent, text: text)
    }
  }()

  init(name: String, text: String) {
    self.name = name
    let parts = ("\n" + text).components(separatedBy: "\n--- ")
    reason = parts[0].trimmingCharacters(in: .whitespacesAndNewlines)
    sections = Dictionary(
      uniqueKeysWithValues: parts.dropFirst().map { part in
        let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let text = lines.count == 2 ? String(lines[1]) : ""
        return (String(lines[0]), text.hasSuffix("\n") ? text : text + "\n")
      })
  }

  var warehouse: String { sections["warehouse.sql"]! }

  var arguments: [String] {
    (sections["command"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// By member name; empty for a case of an error.
  var expectedMembers: [String: String] {
    var members: [String: String] = [:]
    for (name, text) in sections {
      if name == "expected.csv" { members["data.csv"] = text }
      if name.hasPrefix("expected/") { members[String(name.dropFirst("expected/".count))] = text }
    }
    return members
  }

  var expectedError: ExpectedError? {
    get throws {
      try sections["expected_error.json"].map { try JSONDecoder().decode(ExpectedError.self, from: Data($0.utf8)) }
    }
  }

  struct ExpectedError: Decodable {
    var exit: Int32
    var match: [String]
  }

  /// Writes the project; the warehouse is the runner's.
  func write(to folder: URL) throws {
    for (name, text) in sections where !name.hasPrefix("expected") && name != "command" {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }
}
