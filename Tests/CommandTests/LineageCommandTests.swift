import Foundation
import TestSupport
import Testing

@Suite struct `The lineage command` {
  let project: SampleProject

  init() throws {
    project = try SampleProject()
    try project.change(
      "features/workshop.yml", "- {name: heat, agg", to: "- {name: warm, expr: \"heat > 20 and reading_id > 1\"}\n      - {name: heat, agg")
  }

  @Test func `goes down to the tables, with the place of each definition`() throws {
    let outcome = try project.gangway("lineage", "failures")
    #expect(outcome.standardError.isEmpty)
    #expect(
      outcome.standardOutput == """
        training set failures  features/workshop.yml:17:11
        ├── spine: module shifts  features/workshop.yml:7:12
        │   └── table raw_shifts
        └── feature view heat  features/workshop.yml:9:11
            ├── entity machine  features/workshop.yml:3:12
            └── module readings  features/workshop.yml:5:12
                └── source raw_readings  features/workshop.yml:1:11

        feature            module    columns
        heat__heat         readings  heat
        heat__warm         readings  reading_id, heat
        heat__heat_max_2h  readings  heat

        """)
  }

  @Test func `goes up to all that is made of a table`() throws {
    #expect(
      try project.gangway("lineage", "raw_readings", "--downstream").standardOutput == """
        source raw_readings  features/workshop.yml:1:11
        ├── module readings  features/workshop.yml:5:12
        │   └── feature view heat  features/workshop.yml:9:11
        │       └── training set failures  features/workshop.yml:17:11
        └── module hot  features/workshop.yml:6:12, features/hot.sql

        """)
  }

  @Test func `draws a flowchart`() throws {
    #expect(
      try project.gangway("lineage", "hot", "--format", "mermaid").standardOutput == """
        flowchart LR
          n0["module<br/>hot"]
          n1["source<br/>raw_readings"]
          n1 --> n0

        """)
  }

  @Test func `says without a warehouse that expressions hide their columns`() throws {
    try FileManager.default.removeItem(at: project.warehouse)
    let outcome = try project.gangway("lineage", "heat")
    #expect(outcome.exit == 0)
    #expect(outcome.standardOutput.contains(/warm +readings  not known/))
    #expect(outcome.standardError.contains("no warehouse at warehouse.sqlite"))
  }

  @Test func `is the same document by format and by option`() throws {
    let document = try project.gangway("lineage", "failures", "--format", "json").standardOutput
    #expect(try document == project.gangway("--json", "lineage", "failures").standardOutput)
    try expectGolden("lineage.json", document)
  }
}

@Suite struct `Names that mean harm` {
  static let names = ["a\"b", "two\nlines", "表格 🚂", "\u{202E}back", "<b>#1; %s `x`", "\u{1B}[31mred", "]\" --> n0"]

  @Test(arguments: names)
  func `break no table, tree or flowchart`(name: String) throws {
    let project = try SampleProject()
    let quoted = name.replacing("\"", with: "\"\"")
    try makeWarehouse(
      "create table \"\(quoted)\" (\"\(quoted)\" text); insert into \"\(quoted)\" values ('\(name)')", at: project.warehouse)
    let scalars = name.unicodeScalars.map { $0.value < 0x20 || "\"\\".unicodeScalars.contains($0) ? "\\x\(hex($0))" : String($0) }.joined()
    try project.write("features/odd.yml", "sources: [\"\(scalars)\"]\nmodules: [{name: odd, relation: \"\(scalars)\"}]\n")
    for words in [
      ["list", "sources"], ["show", "odd"], ["show", "odd", "--rows", "1"], ["lineage", "odd"], ["lineage", "odd", "--format", "mermaid"],
    ] {
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(outcome.exit == 0, "\(words) \(outcome.standardError)")
      let text = outcome.standardOutput + outcome.standardError
      #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E }, "\(words)")
    }
    #expect(try project.gangway("show", "odd", "--rows", "1").standardOutput.split(separator: "\n").count == 2)
    #expect(try project.gangway("lineage", "odd").standardOutput.split(separator: "\n").count == 2)
    let chart = try project.gangway("lineage", "odd", "--format", "mermaid").standardOutput
    #expect(chart.split(separator: "\n").count == 4)
    #expect(chart.contains(/\n  n1\["source<br\/>[^"<>`]+"\]\n  n1 --> n0\n$/))
    let rows = try parsed(project.gangway("show", "odd", "--rows", "1", "--json").standardOutput)
    #expect((rows["columns"] as? [String])?.first.map { Array($0.utf8) } == Array(name.utf8))
    #expect((rows["rows"] as? [[String]])?.first == [name])
  }

  private func hex(_ scalar: Unicode.Scalar) -> String {
    (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
  }
}
