import Definitions
import Diagnostics
import Testing
import Times

@Suite struct `Training sets` {
  private static let spine = "spine: {module: bookings, as_of: booked_at}"

  private func spine(_ keys: String, features: String = "service") -> String {
    "training_sets: [{name: t, spine: {module: bookings, as_of: booked_at, \(keys)}, features: [\(features)]}]"
  }

  private func set(_ features: String, _ keys: String = "boundary: closed") -> String {
    "training_sets: [{name: t, \(Self.spine), features: [\(features)], \(keys)}]"
  }

  private func read(_ yaml: String) throws -> TrainingSet { try #require(try Fixture(yaml).project.trainingSet("t")) }

  @Test func `a training set without more has the usual settings`() throws {
    let set = try read(set("service"))
    #expect(set.boundary == .closed)
    #expect(set.knowledge == .asKnown)
    #expect(set.statusColumns == false)
    #expect(set.split == nil)
    #expect(set.format.value == .zip)
    #expect(set.features.map(\.columns) == [[0, 1, 2, 3, 4]])
    #expect(set.features[0].keyColumns.map(\.value) == ["carrier_id"])
  }

  @Test func `settings are read`() throws {
    let set = try read(set("fuel", "boundary: open, knowledge: as_revised, status_columns: true, format: tar.zst"))
    #expect(set.boundary == .open)
    #expect(set.knowledge == .asRevised)
    #expect(set.statusColumns)
    #expect(set.format.value == .tarZst)
    #expect(set.features[0].keyColumns.isEmpty)
  }

  @Test func `one view may play several roles`() throws {
    let set = try read(
      spine(
        "entities: {carrier: scac, route: {dest: to}}",
        features: "service, {view: service, as: old, entities: {carrier: {carrier_id: old_scac}}}, lanes"))
    #expect(set.features.map(\.alias) == ["service", "old", "lanes"])
    #expect(set.features.map { $0.keyColumns.map(\.value) } == [["scac"], ["old_scac"], ["origin", "to"]])
    #expect(set.spine.entityKeys["route"]?.map(\.value) == ["origin", "to"])
  }

  @Test func `features are taken by full name or by stem, in the order asked for`() throws {
    #expect(try read(set("{view: service, features: [delay_max_30d, late_minutes]}")).features[0].columns == [4, 0])
    #expect(try read(set("{view: service, features: delay}")).features[0].columns == [1, 2, 3, 4])
  }

  @Test func `unknown features hint at the nearest`() {
    let yaml = set("{view: service, features: [1️⃣late_minute, 2️⃣dealy, delay_mean_7d, 3️⃣delay]}")
    #expect(mistakes(yaml) == ["1️⃣ unknown-feature", "2️⃣ unknown-feature", "3️⃣ duplicate-feature"])
    #expect(hints(yaml)[0] == "did you mean \"late_minutes\" (features/base.yml:12:9)?")
    #expect(hints(yaml)[1] == "did you mean \"delay\" (features/base.yml:13:16)?")
  }

  @Test func `two roles need two names`() {
    let yaml = set("service, 1️⃣service, {view: lanes, as: 2️⃣service}, {view: fuel, as: x}, {view: fuel, as: 3️⃣x}")
    #expect(mistakes(yaml) == (1...3).map { "\($0)\u{FE0F}\u{20E3} duplicate-alias" })
  }

  @Test func `entities of a spine and of a selection are known and have their key columns`() {
    let yaml = spine(
      "entities: {1️⃣carier: x, carrier: {2️⃣scac: carrier_id}, route: 3️⃣x}",
      features: "{view: service, entities: {4️⃣route: {origin: a, dest: b}}}, {view: lanes, entities: {5️⃣rout: {origin: a}}}")
    #expect(
      mistakes(yaml) == ["1️⃣ unknown-entity", "2️⃣ unknown-key-column", "3️⃣ wrong-type", "4️⃣ unused-entity", "5️⃣ unknown-entity"])
  }

  @Test func `a spine's rows come from a module or a file`() throws {
    let yaml = """
      training_sets:
        - {name: a, spine: 1️⃣{as_of: at}, features: [fuel]}
        - {name: b, spine: {module: bookings, 2️⃣file: x.csv, as_of: at}, features: [fuel]}
      """
    #expect(mistakes(yaml) == ["1️⃣ missing-key", "2️⃣ conflicting-keys"])
    try Fixture("training_sets: [{name: t, spine: {file: ../labels.csv, as_of: at}, features: [fuel]}]").withFolder { folder in
      guard case .file(let path)? = try readProject(at: folder, environment: [:]).trainingSet("t")?.spine.origin else {
        Issue.record("no file")
        return
      }
      #expect(path.value == "\(folder)/labels.csv")
    }
  }

  @Test func `as_of may have an hour, but no delay`() throws {
    let yaml = "training_sets: [{name: t, spine: {module: bookings, as_of: {column: at, at: \"06:30\"}}, features: [fuel]}]"
    #expect(try read(yaml).spine.asOf.atMicroseconds == 23_400_000_000)
    let wrong = "training_sets: [{name: t, spine: {module: bookings, as_of: {column: at, 1️⃣delay: 1h}}, features: [fuel]}]"
    #expect(mistakes(wrong) == ["1️⃣ unknown-key"])
  }

  @Test(arguments: ["24:00", "6:00", "06:60", "06:00:61", "six", "06", "06:00:00:00"])
  func `an hour is two digits and two digits`(at: String) {
    let yaml = "training_sets: [{name: t, spine: {module: bookings, as_of: {column: at, at: 1️⃣\"\(at)\"}}, features: [fuel]}]"
    #expect(mistakes(yaml) == ["1️⃣ wrong-type"])
  }

  @Test func `bounds are midnights of the project's zone, or instants`() throws {
    let set = try read(spine("from: 2013-01-01, until: 2013-07-01T00:00:00Z"))
    #expect(set.spine.fromMicroseconds == 1_357_016_400_000_000)
    #expect(set.spine.untilMicroseconds == 1_372_636_800_000_000)
  }

  @Test func `bounds are readable and in order`() {
    #expect(mistakes(spine("from: 1️⃣soon, until: 2️⃣2013-02-30")) == ["1️⃣ bad-time", "2️⃣ bad-time"])
    #expect(mistakes(spine("from: 2013-02-01, until: 1️⃣2013-02-01")) == ["1️⃣ empty-range"])
  }

  @Test func `a label takes its known time from itself, else from its module`() throws {
    let set = try read(spine("label: [{name: arr_delay}, {name: claim, known_time: {column: c, delay: 5d}}, other]"))
    #expect(set.spine.labels.map(\.column.value) == ["arr_delay", "claim", "other"])
    #expect(set.spine.labels.map { $0.knownTime?.column.value } == ["arr_at", "c", nil])
    #expect(set.spine.labels.map { $0.knownTime?.delay?.text } == ["14d", "5d", nil])
    #expect(try read(spine("label: {name: arr_delay, known_time: done}")).spine.labels[0].knownTime?.column.value == "done")
  }

  @Test func `a label is neither input nor kept nor key nor decision time`() {
    let yaml = spine("keep: [id, 1️⃣y], inputs: [2️⃣z], label: [y, z, 3️⃣carrier_id, 4️⃣booked_at]")
    #expect(mistakes(yaml) == (1...4).map { "\($0)\u{FE0F}\u{20E3} label-as-input" })
  }

  @Test func `an input that is filled in later is refused, but may be kept`() throws {
    #expect(mistakes(spine("inputs: [x, 1️⃣arr_delay]")) == ["1️⃣ input-known-later"])
    #expect(try read(spine("keep: arr_delay")).spine.keep.map(\.value) == ["arr_delay"])
  }

  @Test func `columns that come out are unique`() {
    let yaml = spine(
      "keep: [a, 1️⃣a, 2️⃣service__late_minutes, 3️⃣service__late_minutes__status], inputs: [b, 4️⃣b, 5️⃣a], label: [c, 6️⃣c]"
    ).replacing("features:", with: "status_columns: true, features:")
    #expect(mistakes(yaml) == (1...6).map { "\($0)\u{FE0F}\u{20E3} duplicate-column" })
  }

  @Test func `keys and decision time may be kept or be inputs`() throws {
    #expect(try read(spine("keep: [booked_at], inputs: [carrier_id]")).spine.inputs.count == 1)
  }
}

@Suite struct `Splits` {
  private func split(_ keys: String) -> String {
    "training_sets: [{name: t, spine: {module: bookings, as_of: at, entities: {carrier: scac}}, features: [fuel], split: {\(keys)}}]"
  }

  private func read(_ keys: String) throws -> Split {
    try #require(try Fixture(split(keys)).project.trainingSet("t")?.split)
  }

  @Test func `by dates`() throws {
    guard case .byDate(let validation, let test) = try read("by: time, validation: 2013-10-01, test: 2013-11-15T05:00:00Z").kind else {
      Issue.record("not by date")
      return
    }
    #expect(validation?.text == "2013-10-01")
    #expect(validation?.microseconds == 1_380_600_000_000_000)
    #expect(test?.microseconds == 1_384_491_600_000_000)
  }

  @Test func `by durations back from the newest decision time`() throws {
    let split = try read("by: time, test: 28d, embargo: 7d")
    guard case .bySpan(let validation, let test) = split.kind else {
      Issue.record("not by span")
      return
    }
    #expect(validation == nil)
    #expect(test?.text == "28d")
    #expect(split.embargo?.text == "7d")
  }

  @Test func `by an entity`() throws {
    guard
      case .byEntity(let name, let keys, let train, let validation, let test, let seed) =
        try read("by: carrier, train: 0.8, validation: 0.1, test: 0.1, seed: 7").kind
    else {
      Issue.record("not by entity")
      return
    }
    #expect(name.value == "carrier")
    #expect(keys.map(\.value) == ["scac"])
    #expect([train, validation, test] == [0.8, 0.1, 0.1])
    #expect(seed == 7)
  }

  @Test func `a part may be left out and the seed is 0`() throws {
    guard case .byEntity(_, _, let train, let validation, let test, let seed) = try read("by: route, train: 0.7, test: 0.3").kind else {
      Issue.record("not by entity")
      return
    }
    #expect([train, validation, test] == [0.7, 0, 0.3])
    #expect(seed == 0)
  }

  @Test func `a split by time needs parts`() {
    let yaml = split("by: time").replacing("split: ", with: "split: 1️⃣")
    #expect(mistakes(yaml) == ["1️⃣ missing-key"])
  }

  @Test func `test begins after validation`() {
    #expect(mistakes(split("by: time, validation: 2013-10-01, test: 1️⃣2013-10-01")) == ["1️⃣ split-order"])
  }

  @Test func `dates and durations do not mix`() {
    #expect(mistakes(split("by: time, validation: 2013-10-01, test: 1️⃣28d")) == ["1️⃣ mixed-split"])
  }

  @Test func `parts of a split by time are dates or durations above zero`() {
    #expect(mistakes(split("by: time, validation: 1️⃣0.1, test: 2️⃣later")) == ["1️⃣ bad-time", "2️⃣ bad-time"])
    #expect(mistakes(split("by: time, validation: 28d, test: 1️⃣0d")) == ["1️⃣ bad-duration"])
  }

  @Test func `each kind has its keys`() {
    #expect(mistakes(split("by: time, test: 28d, 1️⃣train: 0.8, 2️⃣seed: 1")) == ["1️⃣ conflicting-keys", "2️⃣ conflicting-keys"])
    #expect(mistakes(split("by: carrier, train: 0.8, test: 0.2, 1️⃣embargo: 7d")) == ["1️⃣ conflicting-keys"])
  }

  @Test func `fractions lie between 0 and 1 and sum to 1`() {
    #expect(mistakes(split("by: carrier, train: 0.9, test: 1️⃣0")) == ["1️⃣ bad-fraction"])
    #expect(
      mistakes(split("by: carrier, train: 1️⃣most, validation: 2️⃣28d, test: 3️⃣-0.1")) == (1...3).map { "\($0)\u{FE0F}\u{20E3} bad-fraction" })
    #expect(mistakes(split("by: carrier, 1️⃣train: 0.8, test: 0.1")) == ["1️⃣ bad-fraction"])
  }

  @Test func `an entity to split by is known`() {
    #expect(mistakes(split("by: 1️⃣carier, train: 0.8, test: 0.2")) == ["1️⃣ unknown-entity"])
  }

  @Test func `a seed is an integer`() {
    #expect(mistakes(split("by: carrier, train: 0.8, test: 0.2, seed: 1️⃣x")) == ["1️⃣ wrong-type"])
  }
}
