import Columns
import Definitions
import Diagnostics
import Testing
import Times

@Suite struct `Feature views` {
  /// One view of these features.
  private func view(_ features: String) -> String {
    "feature_views: [{name: v, module: deliveries, features: [\(features)]}]"
  }

  private func columns(_ features: String) throws -> [String] {
    try Fixture(view(features)).project.featureView("v")?.columns.map(\.name) ?? []
  }

  @Test func `a view's time settings replace its module's one by one`() throws {
    let project = try Fixture(
      """
      modules: [{name: m, relation: r, event_time: a, known_time: b, delay: 1h, period: day}]
      feature_views:
        - {name: plain, module: m, features: x}
        - {name: own, module: m, event_time: {column: c, unit: s}, delay: 2h, features: x}
      """
    ).project
    let (plain, own) = (try #require(project.featureView("plain")), try #require(project.featureView("own")))
    #expect(plain.time.eventTime?.column.value == "a")
    #expect(own.time.eventTime?.column.value == "c")
    #expect(own.time.eventTime?.unit == .s)
    #expect(own.time.knownTime?.column.value == "b")
    #expect([plain, own].map { $0.time.delay?.value.text } == ["1h", "2h"])
    #expect(own.time.period?.value == .day)
  }

  @Test func `the key is the entity's, but for what the module calls differently`() throws {
    let project = try Fixture(
      """
      feature_views:
        - {name: a, entity: route, key: {dest: to}, module: deliveries, features: x}
        - {name: b, entity: route, module: deliveries, features: x}
        - {name: c, module: deliveries, features: x}
      """
    ).project
    #expect(project.featureView("a")?.keyColumns.map(\.value) == ["origin", "to"])
    #expect(project.featureView("b")?.keyColumns.map(\.value) == ["origin", "dest"])
    #expect(project.featureView("c")?.keyColumns.isEmpty == true)
  }

  @Test func `a key column that the entity lacks is refused`() {
    let yaml = """
      feature_views:
        - {name: a, entity: route, key: {1️⃣dets: to}, module: deliveries, features: x}
        - {name: b, entity: carrier, key: {2️⃣scac: carrier_id}, module: deliveries, features: x}
        - {name: c, 3️⃣key: {x: y}, module: deliveries, features: x}
      """
    #expect(mistakes(yaml) == ["1️⃣ unknown-key-column", "2️⃣ unknown-key-column", "3️⃣ key-without-entity"])
    #expect(hints(yaml)[0] == "did you mean \"dest\"?")
    #expect(hints(yaml)[1] == "turn it round: `{carrier_id: scac}` reads {name there: name here}")
  }

  @Test func `a view needs an event time or must be timeless`() throws {
    let yaml = "feature_views: [{name: 1️⃣v, module: bookings, features: x}]"
    #expect(mistakes(yaml) == ["1️⃣ missing-event-time"])
    let diagnostic = try #require(Fixture(removeMarkers(yaml).text).diagnostics.first)
    #expect(diagnostic.message.contains("event_time"))
    #expect(diagnostic.hint?.contains("`timeless: true`") == true)
    #expect(
      try Fixture("feature_views: [{name: v, module: bookings, timeless: true, features: x}]").project.featureView("v")?.timeless == true)
  }

  @Test func `a broken event time is not missing`() {
    #expect(mistakes("feature_views: [{name: v, module: bookings, event_time: {column: at, unit: 1️⃣x}, features: y}]") == ["1️⃣ wrong-type"])
  }

  @Test func `a timeless view has no times`() {
    let yaml = """
      feature_views:
        - {name: a, module: bookings, timeless: true, 1️⃣event_time: at, ttl: 1d, features: x}
        - {name: b, module: bookings, timeless: true, 2️⃣ttl: 1d, features: x}
        - {name: c, module: bookings, timeless: true, features: [{name: 3️⃣n, aggregate: count, windows: 7d}]}
      """
    #expect(mistakes(yaml) == ["1️⃣ timeless-conflict", "2️⃣ timeless-conflict", "3️⃣ timeless-conflict"])
  }

  @Test(arguments: ["0", "0s", "0d"])
  func `a ttl of zero is refused at its value`(ttl: String) {
    #expect(mistakes("feature_views: [{name: v, module: deliveries, ttl: 1️⃣\(ttl), features: x}]") == ["1️⃣ ttl-zero"])
  }

  @Test func `a ttl must be a duration`() {
    #expect(mistakes("feature_views: [{name: v, module: deliveries, ttl: 1️⃣forever, features: x}]") == ["1️⃣ bad-duration"])
  }

  @Test func `look-ups read a column, another column, or an expression`() throws {
    let features = "x, {name: built, column: Year Built, type: int64}, {name: late, expr: \"x > 15\", type: boolean, description: Late.}"
    let view = try #require(try Fixture(view(features)).project.featureView("v"))
    let sources = view.features.map { feature -> ValueSource? in
      if case .lookup(let source) = feature.kind { source.value } else { nil }
    }
    #expect(sources == [.column("x"), .column("Year Built"), .expression("x > 15")])
    #expect(view.features.map(\.type) == [nil, .int64, .boolean])
    #expect(view.features[2].description == "Late.")
  }

  @Test func `aggregates are called after stem, function and window`() throws {
    #expect(
      try columns("{name: x, aggregate: [mean, max], windows: [7d, lifetime]}, {name: n, aggregate: count, windows: 24h}")
        == ["x_mean_7d", "x_mean_lifetime", "x_max_7d", "x_max_lifetime", "n_count_24h"])
  }

  @Test(arguments: [
    ("0.9", "p90"), ("0.999", "p99_9"), ("0.05", "p5"), ("0.5", "p50"), (".25", "p25"), ("0.950", "p95"), ("0.005", "p0_5"),
  ])
  func `a percentile is called after its percentage`(p: String, label: String) throws {
    #expect(try columns("{name: x, aggregate: percentile, p: \(p), windows: 7d}") == ["x_\(label)_7d"])
  }

  @Test func `as names the columns`() throws {
    #expect(try columns("{name: late, aggregate: mean, of: x, windows: 7d, as: \"late_rate_{window}\"}") == ["late_rate_7d"])
    #expect(
      try columns("{name: x, aggregate: [min, max], windows: [1d, 2d], as: \"{function}_{name}_{window}\"}")
        == ["min_x_1d", "min_x_2d", "max_x_1d", "max_x_2d"])
    #expect(try columns("{name: x, aggregate: sum, windows: 7d, as: total}") == ["total"])
  }

  @Test func `the stem is aggregated where of is left out, but count counts rows`() throws {
    let features =
      "{name: x, aggregate: [mean, count, max], windows: 7d}, {name: x, aggregate: count, of: \"y > 1\", windows: 7d, where: z}"
    let view = try #require(try Fixture(view(features.replacing("7d, where", with: "8d, where"))).project.featureView("v"))
    let operands = view.features.map { feature -> [ValueSource] in
      if case .aggregates(let aggregates) = feature.kind { aggregates.operands.map(\.value) } else { [] }
    }
    #expect(operands == [[.column("x")], [], [.column("x")], [.columnOrExpression("y > 1")]])
    #expect(view.columns.map(\.name) == ["x_mean_7d", "x_count_7d", "x_max_7d", "x_count_8d"])
  }

  @Test func `keys of aggregates need an aggregate`() {
    #expect(mistakes(view("{name: x, 1️⃣windows: 7d, of: y}, {name: z, 2️⃣p: 0.5}")) == ["1️⃣ needs-aggregate", "2️⃣ needs-aggregate"])
  }

  @Test func `keys that exclude each other are refused`() {
    let features = """
      {name: a, column: x, 1️⃣expr: y}, {name: b, aggregate: sum, windows: 7d, 2️⃣column: x},
      {name: c, aggregate: sum, windows: 7d, 3️⃣expr: x, type: int64}, {name: d, aggregate: sum, windows: 7d, 4️⃣type: int64}
      """
    #expect(mistakes(view(features)) == (1...4).map { "\($0)\u{FE0F}\u{20E3} conflicting-keys" })
  }

  @Test func `an unknown function hints at the nearest`() {
    let features = "{name: x, aggregate: [1️⃣avrage, 2️⃣men], windows: 7d}"
    #expect(mistakes(view(features)) == ["1️⃣ unknown-aggregate", "2️⃣ unknown-aggregate"])
    #expect(hints(view(features))[1] == "did you mean \"mean\"?")
  }

  @Test func `functions and windows stand once`() {
    let features = "{name: x, aggregate: [sum, 1️⃣sum], windows: [7d, 2️⃣7d]}"
    #expect(mistakes(view(features)) == ["1️⃣ repeated-function", "2️⃣ repeated-window"])
  }

  @Test func `aggregates need windows above zero`() {
    let features = "{name: 1️⃣x, aggregate: sum}, {name: y, aggregate: sum, windows: [2️⃣0d]}, {name: z, aggregate: sum, windows: 3️⃣ever}"
    #expect(mistakes(view(features)) == ["1️⃣ missing-key", "2️⃣ bad-duration", "3️⃣ bad-duration"])
  }

  @Test(arguments: ["0", "1", "1.0", "0.0", "90", "-0.5", "9e-1"])
  func `p lies between 0 and 1`(p: String) {
    #expect(mistakes(view("{name: x, aggregate: percentile, p: 1️⃣\(p), windows: 7d}")) == ["1️⃣ bad-percentile"])
  }

  @Test func `p is needed for percentile and refused otherwise`() {
    let features = "{name: x, aggregate: [mean, 1️⃣percentile], windows: 7d}, {name: y, aggregate: mean, 2️⃣p: 0.5, windows: 7d}"
    #expect(mistakes(view(features)) == ["1️⃣ bad-percentile", "2️⃣ bad-percentile"])
    #expect(mistakes(view("{name: x, aggregate: percentile, p: 1️⃣high, windows: 7d}")) == ["1️⃣ wrong-type"])
  }

  @Test func `a ratio takes two operands, all others one`() {
    let features = """
      {name: a, aggregate: ratio, 1️⃣of: x, windows: 7d}, {name: b, 2️⃣aggregate: ratio, windows: 7d},
      {name: c, aggregate: ratio, 3️⃣of: [x, y, z], windows: 7d}, {name: d, aggregate: sum, 4️⃣of: [x, y], windows: 7d},
      {name: e, 5️⃣aggregate: [ratio, sum], of: [x, y], windows: 7d}
      """
    #expect(mistakes(view(features)) == (1...5).map { "\($0)\u{FE0F}\u{20E3} bad-operands" })
  }

  @Test func `each mistake of an entry is found in one run`() {
    let features = "{name: x, 1️⃣aggregate: [ratio, sum], windows: 2️⃣7x, as: 3️⃣\"{wndow}\", where: 4️⃣[a, b]}"
    #expect(mistakes(view(features)) == ["1️⃣ bad-operands", "2️⃣ bad-duration", "3️⃣ bad-template", "4️⃣ wrong-type"])
  }

  @Test func `a template must tell columns apart and use placeholders that there are`() {
    let features = """
      {name: a, aggregate: [sum, mean], windows: 7d, as: 1️⃣"a_{window}"}, {name: b, aggregate: sum, windows: [7d, 8d], as: 2️⃣total},
      {name: c, aggregate: sum, windows: 7d, as: 3️⃣"c_{windw}"}, {name: d, aggregate: sum, windows: 7d, as: 4️⃣"D {window}"}
      """
    #expect(mistakes(view(features)) == ["1️⃣ bad-template", "2️⃣ bad-template", "3️⃣ bad-template", "4️⃣ bad-name"])
    #expect(hints(view(features))[2] == "did you mean \"{window}\"?")
  }

  @Test func `a column's name is unique in its view`() {
    let features = """
      x, {name: y, column: z}, 1️⃣x, {name: x, aggregate: sum, windows: 7d}, {name: 2️⃣x_sum_7d, column: q},
      {name: 3️⃣x, aggregate: sum, of: other, windows: 7d}
      """
    #expect(mistakes(view(features)) == ["1️⃣ duplicate-feature", "2️⃣ duplicate-feature", "3️⃣ duplicate-feature"])
  }

  @Test func `stems may repeat as long as columns do not`() throws {
    #expect(
      try columns("x, {name: x, aggregate: sum, windows: 7d}, {name: x, aggregate: sum, windows: 8d}") == ["x", "x_sum_7d", "x_sum_8d"])
  }
}
