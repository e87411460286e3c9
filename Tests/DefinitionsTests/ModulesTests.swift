import Columns
import Definitions
import Diagnostics
import Testing
import Times

@Suite struct `Modules and entities` {
  @Test func `a module says what its rows mean in time`() throws {
    let module = try #require(
      try Fixture(
        """
        modules:
          - name: m
            relation: Some Table
            layer: staging
            grain: [a, b]
            event_time: {column: at, unit: ms, timezone: UTC, ambiguous: latest}
            known_time: loaded_at
            delay: 6h
            record_id: id
            deleted: gone
            period: week
            on_null_time: skip
            columns:
              - {name: Is Late, type: boolean, description: Late., known_time: {column: done_at, unit: s, delay: 14d}}
        """
      ).project.module("m"))
    #expect(module.relation == "Some Table")
    #expect(module.layer == "staging")
    #expect(module.materialized == nil)
    #expect(module.grain.map(\.value) == ["a", "b"])
    #expect(module.time.eventTime?.column.value == "at")
    #expect(module.time.eventTime?.unit == .ms)
    #expect(module.time.eventTime?.timezone == "UTC")
    #expect(module.time.eventTime?.ambiguous == .latest)
    #expect(module.time.knownTime?.column.value == "loaded_at")
    #expect(module.time.delay?.value.text == "6h")
    #expect(module.time.period?.value == .week)
    #expect(module.recordID.map(\.value) == ["id"])
    #expect(module.deleted?.value == "gone")
    #expect(module.onNullTime == .skip)
    #expect(module.column("Is Late")?.type == .boolean)
    #expect(module.column("Is Late")?.knownTime?.unit == .s)
    #expect(module.column("Is Late")?.knownTime?.delay?.text == "14d")
  }

  @Test func `a delay inside known_time is the one beside it`() throws {
    let module = try Fixture("modules: [{name: m, relation: r, known_time: {column: k, delay: 2h}}]").project.module("m")
    #expect(module?.time.delay?.value.text == "2h")
    #expect(module?.time.knownTime?.delay == nil)
    let both = "modules: [{name: m, relation: r, delay: 1h, known_time: {column: k, delay: 1️⃣2h}}]"
    #expect(mistakes(both) == ["1️⃣ conflicting-keys"])
  }

  @Test func `an event time has no delay and no hour`() {
    let yaml = "modules: [{name: m, relation: r, event_time: {column: at, 1️⃣delay: 1h, 2️⃣at: \"06:00\"}}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-key", "2️⃣ unknown-key"])
  }

  @Test func `SQL is read from beside the file that names it`() throws {
    var fixture = Fixture("")
    fixture.files["features/team/m.yml"] = Array("modules: [{name: m, sql: sql/m.sql, materialized: view}]".utf8)
    fixture.files["features/team/sql/m.sql"] = Array("select 1 as é".utf8)
    try fixture.withFolder { folder in
      let module = try #require(try readProject(at: folder, environment: [:]).module("m"))
      guard case .sql(let file, let text) = module.origin else {
        Issue.record("no SQL")
        return
      }
      #expect(file.value == "\(folder)/features/team/sql/m.sql")
      #expect(text == "select 1 as é")
      #expect(module.relation == "m")
      #expect(module.materialized?.value == .view)
    }
  }

  @Test func `a SQL file that is not there is said, with the nearest that is`() {
    let marked = "modules: [{name: m, sql: 1️⃣sql/delivery.sql}, {name: n, sql: 2️⃣.}]"
    let beside = ["features/base.yml": Fixture.base, "features/sql/deliveri.sql": "select 1"]
    #expect(mistakes(marked, beside: beside) == ["1️⃣ missing-file", "2️⃣ missing-file"])
    var fixture = Fixture(removeMarkers(marked).text)
    fixture.files["features/sql/deliveri.sql"] = []
    #expect(fixture.diagnostics.first?.hint == "did you mean \"sql/deliveri.sql\"?")
  }

  @Test func `SQL that is not UTF-8 is refused`() {
    var fixture = Fixture("modules: [{name: m, sql: m.sql}]")
    fixture.files["features/m.sql"] = [0xFF, 0xFE]
    #expect(fixture.diagnostics.map(\.rule) == ["unreadable-file"])
  }

  @Test func `a module is built by our SQL or elsewhere, not both and not neither`() {
    let yaml = """
      modules:
        - {name: 1️⃣m}
        - {name: n, sql: x.sql, 2️⃣relation: r}
        - {name: o, relation: r, 3️⃣materialized: table}
        - {name: p, relation: r, 4️⃣deleted: gone}
      """
    #expect(mistakes(yaml) == ["1️⃣ missing-key", "2️⃣ conflicting-keys", "3️⃣ conflicting-keys", "4️⃣ missing-key"])
  }

  @Test func `choices are what they are`() {
    let yaml = """
      modules:
        - {name: m, relation: r, on_null_time: 1️⃣ignore, period: 2️⃣dya}
        - {name: n, relation: r, event_time: {column: at, unit: 3️⃣sec, ambiguous: 4️⃣first}, columns: [{name: x, type: 5️⃣int}]}
      """
    #expect(mistakes(yaml) == (1...5).map { "\($0)\u{FE0F}\u{20E3} wrong-type" })
    #expect(hints(yaml)[1] == "did you mean \"day\"?")
  }

  @Test func `a column listed twice is a mistake`() {
    let yaml = """
      entities: [{name: e, key: [a, b, 1️⃣a]}]
      modules: [{name: m, relation: r, grain: [a, 2️⃣a], record_id: [b, 3️⃣b], columns: [x, 4️⃣x]}]
      """
    #expect(mistakes(yaml) == (1...4).map { "\($0)\u{FE0F}\u{20E3} duplicate-column" })
  }

  @Test func `an entity has a key of typed columns and may name the module that lists all`() throws {
    let yaml = "entities: [{name: shipment, key: [{name: id, type: int64, description: Its number.}, leg], module: deliveries, owner: ops}]"
    let entity = try #require(try Fixture(yaml).project.entity("shipment"))
    #expect(entity.key.map(\.name.value) == ["id", "leg"])
    #expect(entity.key.map(\.type) == [.int64, nil])
    #expect(entity.key[0].description == "Its number.")
    #expect(entity.module?.value == "deliveries")
    #expect(entity.about.owner == "ops")
  }
}

@Suite struct `Appended modules` {
  @Test func `say how late their rows may come`() throws {
    let module = try Fixture(
      "modules: [{name: m, relation: r, event_time: e, known_time: k, history: append, lookback: 2d}]"
    ).project.module("m")
    #expect(try #require(module?.lookback).microseconds == 172_800_000_000)
  }

  @Test func `need a known time and a lookback`() {
    #expect(
      mistakes("modules: [{name: m, relation: r, event_time: e, 1️⃣history: append, lookback: 2d}]") == ["1️⃣ missing-key"])
    #expect(mistakes("modules: [{name: m, relation: r, known_time: k, 1️⃣history: append}]") == ["1️⃣ missing-key"])
    #expect(
      mistakes("modules: [{name: m, relation: r, known_time: k, 1️⃣lookback: 2d}]") == ["1️⃣ conflicting-keys"])
  }
}
