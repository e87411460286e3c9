import Definitions
import Diagnostics
import Testing
import Times

@Suite struct `Observed modules` {
  @Test func `have their grain as record id`() throws {
    let module = try #require(
      try Fixture(
        """
        modules:
          - name: m
            relation: r
            grain: [a, b]
            history: observe
            first_seen: now
            delay: 1h
            columns: [{name: tier, was: level}, {name: c, was: [b2, b1]}, d]
        """
      ).project.module("m"))
    #expect(module.recordID.map(\.value) == ["a", "b"])
    #expect(module.observation?.firstSeen == .now)
    #expect(module.observation?.earlierNames == ["tier": ["level"], "c": ["b2", "b1"]])
    #expect(module.time.delay?.value.text == "1h")
  }

  @Test func `take the rows of the first look as known from their event time`() throws {
    let module = try Fixture("modules: [{name: m, relation: r, grain: a, history: observe}]").project.module("m")
    #expect(module?.observation?.firstSeen == .eventTime)
  }

  @Test func `need a grain`() {
    let yaml = "modules: [{name: m, relation: r, history: 1️⃣observe}]"
    #expect(mistakes(yaml) == ["1️⃣ missing-key"])
    #expect(hints(yaml) == ["add the columns of which it has one row each, as in `grain: customer_id`"])
  }

  @Test func `leave it to the looks what is known, new and gone`() {
    let yaml = """
      modules:
        - {name: m, relation: r, history: observe, grain: a, 1️⃣record_id: a, deleted: gone}
        - {name: n, relation: r, history: observe, grain: a, 2️⃣known_time: at}
        - {name: o, relation: r, history: observe, grain: a, 3️⃣deleted: gone}
      """
    #expect(mistakes(yaml) == ["1️⃣ conflicting-keys", "2️⃣ conflicting-keys", "3️⃣ conflicting-keys"])
    #expect(hints(yaml)[0] == "remove them, or the module's `history: observe` if its rows tell their past themselves")
  }

  @Test func `give their views an event time, and no view a known time of its own`() throws {
    let module = "modules: [{name: m, relation: r, grain: a, history: observe}]\n"
    let project = try Fixture(module + "feature_views: [{name: v, module: m, features: x}]").project
    #expect(project.featureView("v")?.time.eventTime == nil)
    let views = "feature_views: [{name: v, module: m, event_time: at, 1️⃣known_time: at, features: x}]"
    #expect(mistakes(module + views) == ["1️⃣ conflicting-keys"])
  }

  @Test func `are the only ones with first_seen and was`() {
    let yaml = """
      modules:
        - {name: m, relation: r, 1️⃣first_seen: now}
        - {name: n, relation: r, history: full, columns: [{name: x, 2️⃣was: y}]}
        - {name: o, relation: r, grain: a, history: observe, first_seen: 3️⃣later}
        - {name: p, relation: r, grain: a, history: observe, columns: [{name: x, was: 4️⃣[]}]}
      """
    #expect(mistakes(yaml) == ["1️⃣ missing-key", "2️⃣ missing-key", "3️⃣ wrong-type", "4️⃣ no-value"])
    #expect(hints(yaml)[0] == "remove it, or add `history: observe` to the module")
    #expect(mistakes("modules: [{name: m, relation: r, history: 1️⃣obsreve, first_seen: now}]") == ["1️⃣ wrong-type"])
  }

  @Test func `hand a column's past to one column, and not to itself`() {
    let yaml = """
      modules:
        - name: m
          relation: r
          grain: a
          history: observe
          columns: [{name: x, was: 1️⃣x}, {name: y, was: old}, {name: z, was: [2️⃣old, older]}]
      """
    #expect(mistakes(yaml) == ["1️⃣ duplicate-column", "2️⃣ duplicate-column"])
  }
}
