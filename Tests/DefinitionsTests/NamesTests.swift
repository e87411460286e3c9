import Definitions
import Diagnostics
import Testing

@Suite struct `Names` {
  @Test(arguments: ["Upper", "1st", "a__b", "with space", "é", "_x", "a-b", "\"\""])
  func `a name that is not ours is refused wherever we name`(name: String) {
    let yaml = """
      entities:
        - {name: 1️⃣\(name), key: anything goes}
      modules:
        - {name: 2️⃣\(name), relation: Any Thing}
      feature_views:
        - {name: 3️⃣\(name), module: deliveries, features: [x]}
        - {name: v, module: deliveries, features: [4️⃣\(name), {name: 5️⃣\(name), aggregate: sum, windows: 7d}]}
      training_sets:
        - {name: 6️⃣\(name), spine: {module: bookings, as_of: at}, features: [{view: service, as: 7️⃣\(name)}]}
      """
    #expect(mistakes(yaml) == (1...7).map { "\($0)\u{FE0F}\u{20E3} bad-name" })
  }

  @Test func `a bad name comes with a good one`() {
    #expect(hints("modules: [{name: Late Minutes, relation: r}]") == ["write \"late_minutes\""])
  }

  @Test func `a name used twice names both places`() throws {
    let yaml = """
      sources: [raw, 1️⃣raw]
      entities:
        - {name: 2️⃣carrier, key: x}
      modules:
        - {name: 3️⃣raw, relation: r}
        - {name: 4️⃣deliveries, relation: r}
      feature_views:
        - {name: 5️⃣service, module: deliveries, features: [x]}
      training_sets:
        - {name: t, spine: {module: bookings, as_of: at}, features: [service]}
        - {name: 6️⃣t, spine: {module: bookings, as_of: at}, features: [service]}
      """
    #expect(mistakes(yaml) == (1...6).map { "\($0)\u{FE0F}\u{20E3} duplicate-name" })
    let messages = Fixture(removeMarkers(yaml).text).diagnostics.map(\.message)
    #expect(messages[1].contains("first at features/base.yml:2:12"))
    #expect(messages[2].contains("first for a source at features/test.yml:1:11"))
  }

  @Test func `an unknown entity points at its use and hints at the nearest name with its place`() {
    let yaml = "feature_views: [{name: v, entity: 1️⃣carier, module: deliveries, features: [x]}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-entity"])
    #expect(hints(yaml) == ["did you mean \"carrier\" (features/base.yml:2:12)?"])
    #expect(
      Fixture(removeMarkers(yaml).text).diagnostics.first?.message == "feature view \"v\" uses entity \"carier\", which no file defines")
  }

  @Test func `an unknown name that is near to none lists the few there are`() {
    #expect(hints("feature_views: [{name: v, entity: zzzzzzzz, module: deliveries, features: [x]}]") == ["use \"carrier\" or \"route\""])
  }

  @Test func `unknown modules are found wherever one is named`() {
    let yaml = """
      entities: [{name: e, key: k, module: 1️⃣delivery}]
      feature_views: [{name: v, module: 2️⃣nothing, features: [x]}]
      training_sets: [{name: t, spine: {module: 3️⃣booking, as_of: at}, features: [service]}]
      """
    #expect(mistakes(yaml) == ["1️⃣ unknown-module", "2️⃣ unknown-module", "3️⃣ unknown-module"])
  }

  @Test func `a source is no module, and the hint says what to do`() {
    let yaml = "sources: [raw]\nfeature_views: [{name: v, module: 1️⃣raw, features: [x]}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-module"])
    #expect(hints(yaml) == ["define a module over it, as in `modules: [{name: stg_x, relation: raw}]`"])
  }

  @Test func `unknown views are found in training sets`() {
    let yaml = "training_sets: [{name: t, spine: {module: bookings, as_of: at}, features: [1️⃣servis, {view: 2️⃣zzzzzz}]}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-view", "2️⃣ unknown-view"])
    #expect(hints(yaml) == ["did you mean \"service\" (features/base.yml:8:11)?", "use \"service\", \"lanes\" or \"fuel\""])
  }

  @Test func `all mistakes come in one run, in file order`() {
    let yaml = """
      training_sets:
        - {name: t, spine: {module: bookings, as_of: at, from: 1️⃣soon}, features: [2️⃣servis]}
      feature_views:
        - name: v
          entity: 3️⃣carier
          module: deliveries
          ttl: 4️⃣0
          features: [{name: x, 5️⃣ype: int64}]
      """
    #expect(mistakes(yaml) == ["1️⃣ bad-time", "2️⃣ unknown-view", "3️⃣ unknown-entity", "4️⃣ ttl-zero", "5️⃣ unknown-key"])
  }

  @Test func `what depends on something broken stays silent`() {
    let yaml = """
      modules:
        - {name: broken, relation: r, 1️⃣evnt_time: at}
      entities:
        - {name: Bad, key: id, 2️⃣kez: x}
      feature_views:
        - {name: a, module: broken, features: [x]}
        - {name: b, entity: Bad, key: {nothing: x}, module: deliveries, features: [x]}
      training_sets:
        - {name: t, spine: {module: broken, as_of: at, entities: {Bad: y}}, features: [{view: a, features: nothing}, b]}
      """
    #expect(mistakes(yaml).filter { !$0.hasSuffix("bad-name") } == ["1️⃣ unknown-key", "2️⃣ unknown-key"])
  }

  @Test func `a misspelt list is one mistake, not one for each use of its names`() {
    let yaml = """
      1️⃣modulse: [{name: m, relation: r, event_time: at}]
      feature_views: [{name: v, module: m, features: [x]}]
      """
    #expect(mistakes(yaml) == ["1️⃣ unknown-key"])
  }

  @Test func `a broken mart is one mistake, not one for each use of its name`() {
    #expect(mistakes("marts: [{name: 1️⃣m}]\nfeature_views: [{name: v, module: m, timeless: true, features: [x]}]") == ["1️⃣ missing-key"])
  }

  @Test func `a definition lacks what it must have`() {
    let yaml = """
      entities:
        - 1️⃣{key: id}
        - {name: 2️⃣e}
      modules:
        - {name: 3️⃣m}
      feature_views:
        - {name: 4️⃣v}
      training_sets:
        - {name: 5️⃣t}
        - {name: u, spine: 6️⃣{as_of: at}, features: [service]}
        - {name: w, spine: 7️⃣{module: bookings}, features: [8️⃣{as: x}]}
      """
    #expect(mistakes(yaml) == (1...8).map { "\($0)\u{FE0F}\u{20E3} missing-key" })
  }

  @Test func `a mistake that an alias repeats is one mistake`() {
    let yaml = """
      training_sets:
        - {name: a, spine: &s {module: 1️⃣booking, as_of: at, 2️⃣ordr_by: x}, features: [service]}
        - {name: b, spine: *s, features: [service]}
      """
    #expect(mistakes(yaml) == ["1️⃣ unknown-module", "2️⃣ unknown-key"])
  }
}

@Suite struct `One mistake, one error` {
  @Test func `a misspelt key is not missed as well`() {
    let yaml = """
      modules:
        - {name: m, 1️⃣reltion: r}
        - {name: n, 2️⃣relation:r}
      feature_views:
        - {name: v, module: bookings, 3️⃣evnt_time: at, features: [x]}
        - {name: w, 4️⃣entty: route, key: {origin: a}, module: deliveries, 5️⃣feature: [x]}
        - {name: u, module: deliveries, features: [{name: x, aggregate: sum, 6️⃣window: 7d}, {name: y, 7️⃣agregate: sum, windows: 7d}]}
      """
    #expect(mistakes(yaml) == (1...7).map { "\($0)\u{FE0F}\u{20E3} unknown-key" })
    #expect(hints(yaml)[1] == "put a space after the colon of \"relation\"")
  }

  @Test func `a list said twice hides names, which are not missed elsewhere`() {
    let yaml = """
      modules: [{name: m, relation: r, event_time: at}]
      1️⃣modules: [{name: n, relation: r, event_time: at}]
      feature_views: [{name: v, module: n, features: [x]}]
      """
    #expect(mistakes(yaml) == ["1️⃣ duplicate-key"])
  }

  @Test func `a misspelt name key is not missed, and its name is not missed elsewhere`() {
    let yaml = "modules: [{1️⃣nam: m, relation: r}]\nfeature_views: [{name: v, module: m, features: [x]}]"
    #expect(mistakes(yaml) == ["1️⃣ unknown-key"])
  }
}
