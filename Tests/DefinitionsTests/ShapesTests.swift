import Definitions
import Diagnostics
import Testing

@Suite struct `Shapes of values` {
  @Test func `a scalar is read as its place wants it`() throws {
    let yaml = """
      sources:
        - {name: no, description: 012, owner: 1e3, tags: [yes, ~x, 2013-01-01], meta: {a: null, b: [1, {c: "d"}]}}
      modules:
        - {name: y, relation: 010}
      """
    let project = try Fixture(yaml).project
    let source = try #require(project.sources.first)
    #expect(source.name.value == "no")
    #expect(source.about.description == "012")
    #expect(source.about.owner == "1e3")
    #expect(source.about.tags == ["yes", "~x", "2013-01-01"])
    #expect(source.about.meta == ["a": "null", "b": "[1, {c: \"d\"}]"])
    #expect(project.module("y")?.relation == "010")
  }

  @Test func `an element may stand for its list and a text for its mapping`() throws {
    let project = try Fixture(
      """
      sources: raw
      entities: {name: plane, key: tail, tags: fleet}
      modules: {name: m, relation: r, event_time: at, grain: id, columns: x}
      feature_views: {name: v, module: m, features: x}
      training_sets: {name: t, spine: {module: m, as_of: at, keep: id, inputs: x, label: y, order_by: id}, features: v}
      """
    ).project
    #expect(project.sources.map(\.name.value) == ["raw"])
    #expect(project.entity("plane")?.key.map(\.name.value) == ["tail"])
    #expect(project.module("m")?.columns.map(\.name.value) == ["x"])
    #expect(project.featureView("v")?.columns.map(\.name) == ["x"])
    #expect(project.trainingSet("t")?.spine.labels.map(\.column.value) == ["y"])
  }

  @Test func `a key without a value is a mistake at the key`() {
    let found = mistakes(
      """
      sources:
        - {name: a, 1️⃣owner: ~, tags: [x, 2️⃣null]}
        - 3️⃣~
      4️⃣modules:
      """)
    #expect(found == ["1️⃣ no-value", "2️⃣ no-value", "3️⃣ no-value", "4️⃣ no-value"])
  }

  @Test func `an empty list where one is needed is a mistake`() {
    let found = mistakes("feature_views: [{name: v, module: deliveries, features: 1️⃣[]}]\nsources: []\n")
    #expect(found == ["1️⃣ no-value"])
  }

  @Test func `a wrong shape says what is wanted, with an example`() {
    let yaml = """
      modules:
        - {name: m, relation: 1️⃣[a, b], columns: [2️⃣[x]], delay: 3️⃣{a: b}}
      feature_views:
        - {name: v, module: m, timeless: 4️⃣yes, features: [x], meta: 5️⃣text}
      training_sets:
        - {name: t, spine: 6️⃣m, features: [v]}
        - 7️⃣t2
      """
    #expect(mistakes(yaml) == (1...7).map { "\($0)\u{FE0F}\u{20E3} wrong-type" })
    #expect(hints(yaml).compactMap(\.self).filter { $0.contains("`timeless: true`") }.count == 1)
    #expect(hints(yaml).contains("write it as in `spine: {module: booked_shipments, as_of: booked_at}`"))
  }

  @Test func `an unknown key points at itself and hints at the nearest`() {
    let yaml = "feature_views: [{name: v, module: deliveries, 1️⃣ttll: 2d, features: [{name: x, 2️⃣colum: y}]}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-key", "2️⃣ unknown-key"])
    #expect(hints(yaml) == ["did you mean \"ttl\"?", "did you mean \"column\"?"])
  }

  @Test func `an unknown key that is near to none lists what there is`() {
    #expect(hints("sources: [{name: a, zzzzzz: b}]") == ["remove it; a source has the keys name, description, owner, tags and meta"])
  }

  @Test func `full history is what there is if nothing is said`() throws {
    #expect(try #require(try Fixture("modules: [{name: m, relation: r, history: full}]").project.module("m")).observation == nil)
    #expect(mistakes("modules: [{name: m, relation: r, history: 1️⃣ful}]") == ["1️⃣ wrong-type"])
  }

  @Test(arguments: ["1", "7", "1y", "-1d", "1.5h", "d", "7 d", "9999999999999w"])
  func `a text that is no duration is refused`(text: String) {
    let yaml = "modules: [{name: m, relation: r, delay: 1️⃣\"\(text)\"}]"
    #expect(mistakes(yaml) == ["1️⃣ bad-duration"])
  }

  @Test(arguments: ["EST5", "America/New_york", "GMT+5", "here"])
  func `a zone that IANA lacks is refused`(zone: String) {
    let yaml = "modules: [{name: m, relation: r, event_time: {column: at, timezone: 1️⃣\(zone)}}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-timezone"])
  }

  @Test func `a zone's misspelling is recognized`() {
    let yaml = "modules: [{name: m, relation: r, event_time: {column: at, timezone: America/New_york}}]"
    #expect(hints(yaml) == ["did you mean \"America/New_York\"?"])
  }

  @Test func `the table of keys is whole`() {
    for kind in DefinitionKeys.all {
      #expect(Set(kind.keys.map(\.name)).count == kind.keys.count)
      for key in kind.keys {
        #expect(!key.doc.isEmpty && key.doc.hasSuffix("."))
        #expect(key.example.hasPrefix("\(key.name): "))
      }
      if let shorthand = kind.shorthand { #expect(kind.key(shorthand)?.isRequired == true) }
    }
  }
}
