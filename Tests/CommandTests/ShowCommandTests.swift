import Foundation
import TestSupport
import Testing

@Suite struct `The show command` {
  let project: SampleProject

  init() throws {
    project = try SampleProject()
    try project.change(
      "features/workshop.yml", "- name: heat\n",
      to: "- name: heat\n    description: How hot it is.\n    owner: ann\n    tags: [hot, new]\n    meta: {ticket: OPS-1}\n")
  }

  @Test func `tells what the files say of a view, and the warehouse's types`() throws {
    let outcome = try project.gangway("show", "heat")
    #expect(outcome.standardError.isEmpty)
    #expect(
      outcome.standardOutput == """
        feature view heat  features/workshop.yml:9:11
          description    How hot it is.
          owner          ann
          tags           hot, new
          entity         machine
          key            machine
          module         readings
          times          true at "at"
                         known 10m after it is true
          training sets  failures

          meta
            ticket  OPS-1

          columns
            name         what                    type
            heat         "heat"                  float64
            heat_max_2h  max of "heat", last 2h  float64

        """)
  }

  @Test func `tells of the newest snapshot, and whether the definition still reads the same`() throws {
    try makeWarehouse(
      "insert into raw_readings values (4, null, '2024-05-01 06:00:00', 1.0), (5, 'saw', '2024-05-01 06:00:00', null)",
      at: project.warehouse)
    try project.gangway("materialize")
    let fresh = try project.gangway("show", "heat").standardOutput
    #expect(fresh.contains(/up to date +yes/))
    #expect(fresh.contains(/rows +4\n/))
    #expect(fresh.contains(/null keys +1/))
    #expect(fresh.contains(/heat +float64 +25\.0 %/))
    try project.change("features/workshop.yml", "delay: 10m", to: "delay: 11m")
    #expect(try project.gangway("show", "heat").standardOutput.contains(/up to date +no/))
  }

  @Test func `tells what a module is made of and when it was built`() throws {
    try project.gangway("build")
    let text = try project.gangway("show", "hot").standardOutput
    #expect(text.contains(/sql +features\/hot\.sql/))
    #expect(text.contains(/in warehouse +view/))
    #expect(text.contains(/heat +float64 +REAL/))
    #expect(text.contains(/last build\n +kind +view\n +rows +3\n/))
  }

  @Test func `tells the resulting columns of a training set`() throws {
    let text = try project.gangway("show", "failures").standardOutput
    #expect(text.contains(/heat__heat_max_2h +heat +heat_max_2h +machine +machine/))
    #expect(text.contains(/labels\n +name +known at\n +failed +once its row is there/))
  }

  @Test func `tells what a version pins, by number and by digest`() throws {
    let exported = try parsed(project.gangway("export", "failures", "--json").standardOutput)
    let digest = try #require(exported["digest"] as? String)
    for name in ["failures@1", "failures@\(digest.prefix(8))"] {
      let outcome = try project.gangway("show", name)
      #expect(outcome.standardOutput.hasPrefix("version failures@1\n"))
      #expect(outcome.standardOutput.contains(digest))
      #expect(outcome.standardOutput.contains(/snapshots\n.*\n +heat +[0-9a-f]{8} +3\b/))
    }
    let missing = try project.gangway("show", "failures@2")
    #expect(missing.exit == 1)
    #expect(missing.standardError.contains("[unknown-version]"))
  }

  @Test func `works without a warehouse and makes none`() throws {
    let project = try SampleProject(withWarehouse: false)
    for name in ["heat", "readings", "raw_readings", "machine", "failures"] {
      let outcome = try project.gangway("show", name)
      #expect(outcome.exit == 0, "\(outcome.standardError)")
      #expect(outcome.standardError.contains("no warehouse at warehouse.sqlite"))
    }
    #expect(!project.files.contains { $0.contains("sqlite") })
  }

  @Test func `shows all that bear a name, or the kind that is asked for`() throws {
    try project.change("features/workshop.yml", "name: machine, key", to: "name: heat, key")
    try project.change("features/workshop.yml", "entity: machine", to: "entity: heat")
    let both = try project.gangway("show", "heat").standardOutput
    #expect(both.contains("entity heat  "))
    #expect(both.contains("feature view heat  "))
    #expect(try !project.gangway("show", "heat", "--kind", "entity").standardOutput.contains("feature view heat  "))
    let lineage = try project.gangway("lineage", "heat")
    #expect(lineage.exit == 1)
    #expect(lineage.standardError.contains("--kind"))
  }

  @Test func `names what was probably meant`() throws {
    let outcome = try project.gangway("show", "failure")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("did you mean \"failures\"?"))
  }
}

@Suite struct `Rows that are shown` {
  let project: SampleProject

  init() throws { project = try SampleProject() }

  @Test func `come from the warehouse for a module, numbers to the right`() throws {
    let outcome = try project.gangway("show", "readings", "--rows", "2")
    #expect(
      outcome.standardOutput == """
        reading_id  machine  at                   heat
                 1  lathe    2024-05-01 06:00:00  20.5
                 2  lathe    2024-05-01 07:55:00  31.0

        """)
    #expect(outcome.standardError == "2 rows, relation \"raw_readings\" of warehouse.sqlite\n")
  }

  @Test func `come from the newest snapshot for a view`() throws {
    let missing = try project.gangway("show", "heat", "--rows", "2")
    #expect(missing.exit == 1)
    #expect(missing.standardError.contains("gangway materialize heat"))
    try project.gangway("materialize")
    let outcome = try project.gangway("show", "heat", "--rows", "10")
    #expect(outcome.standardError.contains(/3 of 3 rows, snapshot [0-9a-f]{8}/))
    #expect(outcome.standardOutput.contains("machine  event_time            known_time             heat"))
    #expect(outcome.standardOutput.contains("lathe    2024-05-01T06:00:00Z  2024-05-01T06:10:00Z   20.5"))
  }

  @Test(arguments: ["machine", "failures"])
  func `are refused where there are none`(name: String) throws {
    let outcome = try project.gangway("show", name, "--rows", "2")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[no-rows]"))
  }

  @Test func `count wide characters and marks as a terminal does`() throws {
    try makeWarehouse(
      """
      drop table raw_shifts;
      create table raw_shifts (name text, n integer);
      insert into raw_shifts values ('日本語', 7), ('abc', 1234), ('e\u{301}', -1), ('👩\u{200D}👩\u{200D}👧', null), ('☀\u{FE0F}', 0.5);
      """, at: project.warehouse)
    let expected = """
      name       n
      日本語     7
      abc     1234
      e\u{301}         -1
      👩\u{200D}👩\u{200D}👧
      ☀\u{FE0F}       0.5

      """
    #expect(try project.gangway("show", "shifts", "--rows", "9").standardOutput == expected)
  }

  @Test(arguments: [1, 12, 24, 40, 57, 80, 200])
  func `fit the width`(width: Int) throws {
    let columns = (1...20).map { "column_\($0)" }
    let texts = (1...20).map { $0.isMultiple(of: 3) ? "\($0 * 1_000)" : "'\(String(repeating: "word ", count: $0))'" }
    try makeWarehouse(
      "drop table raw_shifts; create table raw_shifts (\(columns.joined(separator: ","))); "
        + "insert into raw_shifts values (\(texts.joined(separator: ",")))",
      at: project.warehouse)
    let outcome = try project.gangway("show", "shifts", "--rows", "1", environment: ["COLUMNS": "\(width)"])
    let lines = outcome.standardOutput.split(separator: "\n")
    #expect(lines.count >= 2)
    #expect(lines.allSatisfy { $0.count <= max(width, 12) }, "\(outcome.standardOutput)")
    if width < 200 { #expect(lines.last?.hasPrefix("…") == true) }
  }

  @Test(arguments: ["0", "-1", "many"])
  func `have to be some`(count: String) throws {
    #expect(try project.gangway("show", "readings", "--rows=\(count)").exit == 64)
  }
}
