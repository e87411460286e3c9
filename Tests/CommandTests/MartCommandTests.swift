import Foundation
import TestSupport
import Testing

/// The workshop with a mart of its shifts: who works, and how hot the machine was known to be when the shift began.
private func workshop(_ mart: String = board) throws -> SampleProject {
  let project = try SampleProject()
  try project.change("features/workshop.yml", "- name: heat\n", to: "- name: heat\n    publish: true\n")
  try project.write("features/marts.yml", mart)
  try makeWarehouse(
    """
    create table raw_people (shift integer, name text, Shift_Notes text);
    insert into raw_people values (1, 'Ann', 'calm'), (3, 'Cy', null), (null, 'nobody', null);
    """, at: project.warehouse)
  return project
}

private let board = """
  entities: [{name: shift, key: [{name: shift_id, type: int64}], module: shift_board}]
  modules:
    - {name: people, relation: raw_people}
    - {name: hot_shifts, sql: hot_shifts.sql, grain: shift_id}
  marts:
    - name: shift_board
      entity: shift
      description: What is known of a shift.
      base: shifts
      columns: [shift_id, {name: machine, was: device, description: Where.}, begins]
      join:
        - {module: people, key: {shift: shift_id}, columns: [name], prefix: person_}
        - {view: heat, as_of: begins}
    - {name: warm_board, entity: shift, base: shift_board, join: [{module: hot_shifts}], materialized: view}

  """

private let hotShifts = "select shift_id, heat > 25 as was_hot from {{ ref('shift_board') }}"

@Suite struct `Marts at the command line` {
  let project: SampleProject

  init() throws {
    project = try workshop()
    try project.write("features/hot_shifts.sql", hotShifts)
  }

  @Test func `are built after what they read, and have the base's rows`() throws {
    try project.gangway("publish", "heat")
    let outcome = try project.gangway("build", "warm_board")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    let lines = outcome.standardOutput.split(separator: "\n").map { $0.replacing(/, [0-9.]+ s$/, with: "") }
    #expect(
      lines == ["built shift_board (table): 3 rows", "built hot_shifts (view): 3 rows", "built warm_board (view): 3 rows"])
    #expect(
      try project.gangway("show", "warm_board", "--rows", "9", environment: ["COLUMNS": "120"]).standardOutput == """
        shift_id  machine  device  begins               person_name   heat  heat_max_2h  was_hot
               1  lathe    lathe   2024-05-01 08:00:00  Ann           20.5                     0
               2  lathe    lathe   2024-05-01 08:05:00                31.0         31.0        1
               3  press    press   2024-05-01 16:00:00  Cy           40.25                     1

        """)
  }

  @Test func `bring what they join up to date`() throws {
    let check = try project.gangway("check")
    #expect(check.exit == 0)
    #expect(check.standardOutput.contains("2 marts"))
    #expect(check.standardError.contains("not published yet, so marts that join them were not checked: heat"))
    #expect(try project.gangway("build").exit == 0)
    #expect(try project.gangway("show", "shift_board", "--rows", "1").standardOutput.contains("20.5"))
  }

  @Test(arguments: [
    ("columns: [name]", "columns: [nam]", "features/marts.yml:12:60", "missing-column"),
    ("{shift: shift_id}", "{shft: shift_id}", "features/marts.yml:12:32", "missing-column"),
    (", columns: [name], prefix: person_", ", columns: [{name: name, was: Begins}]", "features/marts.yml:12:78", "duplicate-column"),
    ("[shift_id, {name: machine", "[{name: machine", "features/marts.yml:10:22", "missing-key-column"),
    ("as_of: begins}", "as_of: begin}", "features/marts.yml:13:29", "missing-column"),
  ])
  func `are checked against the warehouse, each mistake at its place`(old: String, new: String, place: String, rule: String) throws {
    try project.gangway("publish", "heat")
    try project.change("features/marts.yml", old, to: new)
    for command in ["check", "build"] {
      let outcome = try project.gangway(command)
      #expect(outcome.exit == 1)
      #expect(outcome.standardError.contains("\(place): error: "), "\(outcome.standardError)")
      #expect(outcome.standardError.contains("[\(rule)]"), "\(outcome.standardError)")
    }
  }

  @Test func `leave the old one as it was when a join would multiply rows`() throws {
    try project.gangway("publish", "heat")
    try project.gangway("build", "shift_board")
    let before = try project.gangway("show", "shift_board", "--rows", "9").standardOutput
    try makeWarehouse("insert into raw_people values (1, 'Bob', null)", at: project.warehouse)
    let outcome = try project.gangway("build")
    #expect(outcome.exit == 1)
    #expect(
      outcome.standardError.contains(
        """
        features/marts.yml:12:32: error: mart "shift_board" joins "raw_people" on (shift), of which 1 key is there more than once, e.g. shift=1 (2 rows) [join-multiplies]
        """), "\(outcome.standardError)")
    #expect(try project.gangway("show", "shift_board", "--rows", "9").standardOutput == before)
  }

  @Test func `say which join found nothing`() throws {
    try project.gangway("publish", "heat")
    #expect(try !project.gangway("build", "shift_board").standardError.contains("finds anything"))
    try makeWarehouse("update raw_people set shift = shift + 1000", at: project.warehouse)
    let outcome = try project.gangway("build", "shift_board")
    #expect(outcome.exit == 0)
    #expect(
      outcome.standardError.contains(
        "  mart \"shift_board\": no row of shifts finds anything in module \"people\", joined on shift_id = shift: do these mean the same?\n"
      ),
      "\(outcome.standardError)")
    #expect(!outcome.standardError.contains("feature view"))
    try makeWarehouse("delete from raw_people", at: project.warehouse)
    #expect(try !project.gangway("build", "shift_board").standardError.contains("finds anything"))
  }

  @Test func `and modules whose SQL has changed are read as they were built, and said`() throws {
    let note = "hot_shifts: its SQL has changed since the last build, which is what is read; see `gangway build`"
    try project.gangway("build")
    #expect(try !project.gangway("check").standardError.contains("has changed"))
    try project.write("features/hot_shifts.sql", hotShifts + " where heat > 30")
    let check = try project.gangway("check")
    #expect(check.exit == 0 && check.standardError.contains(note), "\(check.standardError)")
    // Nothing else reads it.
    #expect(try !project.gangway("materialize").standardError.contains("has changed"))
    try project.gangway("build")
    #expect(try !project.gangway("check").standardError.contains("has changed"))
  }

  @Test func `are a kind of their own`() throws {
    try project.gangway("publish", "heat")
    try project.gangway("build", "shift_board")
    #expect(try project.gangway("list", "marts").standardOutput.contains(/shift_board +shift +shifts +people, heat +3 +just now/))
    #expect(try !project.gangway("list", "modules").standardOutput.contains("shift_board"))
    let text = try project.gangway("show", "shift_board").standardOutput
    #expect(text.hasPrefix("mart shift_board  features/marts.yml:6:11\n"))
    #expect(text.contains(/base +shifts\n/))
    #expect(text.contains(/people +module +shift = shift_id +person_\n +heat +feature view +begins +machine\n/))
    #expect(text.contains(/device +string +TEXT +shifts.machine +Where\.\n/))
    #expect(text.contains(/person_name +string +TEXT +people.name\n/))
    #expect(try project.gangway("show", "heat").standardOutput.contains(/marts +shift_board\n/))
  }

  @Test func `show before they are built what they would have`() throws {
    try project.gangway("publish", "heat")
    #expect(try project.gangway("show", "shift_board").standardOutput.contains(/device +string +shifts.machine +Where\.\n/))
  }

  @Test func `are the same document every time`() throws {
    try project.gangway("publish", "heat")
    try expectGolden("show_shift_board.json", project.gangway("show", "shift_board", "--json").standardOutput)
    try expectGolden("list_marts.json", project.gangway("list", "marts", "--json").standardOutput)
  }

  @Test func `are traced to their base and what they join`() throws {
    #expect(
      try project.gangway("lineage", "warm_board").standardOutput == """
        mart warm_board  features/marts.yml:14:12
        ├── mart shift_board  features/marts.yml:6:11
        │   ├── module shifts  features/workshop.yml:7:12
        │   │   └── table raw_shifts
        │   ├── module people  features/marts.yml:3:12
        │   │   └── table raw_people
        │   └── feature view heat  features/workshop.yml:9:11
        │       ├── entity machine  features/workshop.yml:3:12
        │       └── module readings  features/workshop.yml:5:12
        │           └── source raw_readings  features/workshop.yml:1:11
        └── module hot_shifts  features/marts.yml:4:12, features/hot_shifts.sql
            └── mart shift_board  features/marts.yml:6:11 (see above)

        """)
    let document = try parsed(project.gangway("lineage", "heat", "--downstream", "--json").standardOutput)
    let edges = try #require(document["edges"] as? [[String: Any]])
    #expect(
      edges.contains {
        $0["from"] as? String == "feature-view:heat" && $0["to"] as? String == "mart:shift_board" && $0["role"] as? String == "joins"
      })
  }

  @Test func `are features and spines like any module`() throws {
    try project.write(
      "features/more.yml",
      """
      feature_views:
        - {name: board, entity: shift, module: shift_board, event_time: begins, features: [person_name]}
      training_sets:
        - {name: people_at_work, spine: {module: warm_board, as_of: begins, entities: {shift: shift_id}, keep: machine}, features: [board]}
      """)
    try project.gangway("publish", "heat")
    try project.gangway("build")
    let outcome = try project.gangway("export", "people_at_work", "--out", "x.zip")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    #expect(try csvMembers(ofArchive: project.folder.file("x.zip"))["data.csv"]?.contains("1,2024-05-01T08:00:00Z,lathe,Ann") == true)
  }
}

@Suite struct `Marts written as SQL` {
  @Test func `are tables unless they say otherwise`() throws {
    let yaml = """
      entities: [{name: shift, key: shift_id}]
      marts: [{name: board, entity: shift, sql: board.sql}]

      """
    let project = try workshop(yaml)
    try project.write("features/board.sql", "select shift_id, machine from {{ ref('shifts') }}")
    #expect(try project.gangway("build", "board").standardOutput.hasPrefix("built board (table): 3 rows"))
    #expect(try project.gangway("show", "board").standardOutput.contains(/sql +features\/board.sql/))
    try project.write("features/board.sql", "{{ config(materialized='view') }} select shift_id, machine from {{ ref('shifts') }}")
    #expect(try project.gangway("build", "board").standardOutput.hasPrefix("built board (view): 3 rows"))
    try project.write("features/board.sql", "select machine as shift_id from {{ ref('shifts') }}")
    #expect(try project.gangway("build", "board").standardError.contains("[duplicate-grain]"))
  }
}
