import Foundation
import TestSupport
import Testing

@Suite struct `Rows to score that do not fit` {
  private func told(_ scoring: String, _ sql: String = "", _ words: String...) throws -> String {
    let project = try ScoringProject(scoring: "scoring: \(scoring)").project
    if !sql.isEmpty { try makeWarehouse(sql, at: project.warehouse) }
    let outcome = try BuiltBinary.run(words.isEmpty ? ["check"] : words, in: project.url)
    #expect(outcome.exit == 1)
    return outcome.standardError
  }

  @Test func `are found by check, as a spine's are`() throws {
    let missing = try told("{module: plans}", "alter table raw_plans drop column load")
    #expect(missing.contains(/workshop\.yml:\d+:\d+: error: .*module "plans".*"load".*\[missing-column\]/))
    #expect(try told("{module: plans, as_of: planed_for}").contains("did you mean \"planned_for\"?"))
    #expect(try told("{module: plans, as_of: planned_for, where: stat = 1}").contains("stat"))
    #expect(try told("{file: open.csv}").contains("scoring file \"features/open.csv\""))
  }

  @Test func `are of the training set's types where types are declared`() throws {
    let integers = "alter table raw_plans drop column load; alter table raw_plans add column load integer"
    for words in [["check"], ["export", "failures", "--for", "scoring"]] {
      let project = try ScoringProject(scoring: "scoring: {module: plans, as_of: planned_for}").project
      try makeWarehouse(integers, at: project.warehouse)
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(outcome.exit == 1)
      #expect(
        outcome.standardError.contains("column \"load\" of module \"plans\" is int64, and training set \"failures\" has it as float64"))
    }
  }

  @Test func `are read as what the training set has`() throws {
    let scoring = try ScoringProject()
    try scoring.project.write("ask.csv", "machine,shift_id,load\nm1,7,4\n")
    let found = try scoring.rows("--for", "scoring", "--spine", "ask.csv", "--as-of", "2024-05-03")
    #expect(found.last?.prefix(4) == ["m1", "2024-05-03T00:00:00Z", "7", "4.0"])
    try scoring.project.write("ask.csv", "machine,shift_id,load\nm1,7,much\n")
    let refused = #expect(throws: ScoringProject.Refused.self) {
      try scoring.rows("--for", "scoring", "--spine", "ask.csv", "--as-of", "2024-05-03")
    }
    #expect(refused?.words.contains("\"much\"") == true)
  }

  @Test func `are read as the newest version was where nothing is declared`() throws {
    let scoring = try ScoringProject(scoring: "scoring: {module: plans, as_of: planned_for}")
    try makeWarehouse(
      """
      create view untyped as select shift_id, machine, crew, begins, failed, load + 0 as load from raw_shifts;
      create table raw_new (shift_id integer, machine text, planned_for text, load);
      insert into raw_new values (7, 'm1', '2024-05-03 00:00:00', 4);
      """, at: scoring.project.warehouse)
    try scoring.project.change("features/workshop.yml", "relation: raw_shifts", to: "relation: untyped")
    try scoring.project.change("features/workshop.yml", "relation: raw_plans", to: "relation: raw_new")
    #expect(try scoring.rows("--for", "scoring").last?[3] == "4", "nothing tells")
    #expect(try scoring.rows().count > 50)
    #expect(try scoring.rows("--for", "scoring").last?[3] == "4.0", "as it was exported")
  }

  @Test func `are not asked what is yet to come, nor at a time that nobody said is for scoring`() throws {
    let project = try ScoringProject().project
    let ahead = try project.gangway("export", "failures", "--for", "scoring", "--as-of", "2999-01-01")
    #expect(ahead.exit == 1 && ahead.standardError.contains("as of 2999-01-01T00:00:00Z: that is yet to come"))
    for words in [["--as-of", "2024-05-01"], ["--for", "training", "--as-of", "2024-05-01"], ["--for", "guessing"]] {
      #expect(try BuiltBinary.run(["export", "failures"] + words, in: project.url).exit == 64)
    }
    #expect(!project.files.contains("notebooks-export"))
  }
}
