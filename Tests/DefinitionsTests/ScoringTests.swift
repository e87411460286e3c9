import Definitions
import Diagnostics
import Testing

@Suite struct `Rows to score` {
  private func yaml(_ scoring: String, spine: String = "where: a, from: 2013-01-01, keep: id, inputs: [x], label: y, order_by: [y, id]")
    -> String
  {
    """
    training_sets:
      - name: t
        spine: {module: bookings, as_of: booked_at, \(spine)}
        features: [service]
        split: {by: route, train: 0.5, test: 0.5}
        scoring: \(scoring)
    """
  }

  private func read(_ scoring: String) throws -> TrainingSet { try #require(try Fixture(yaml(scoring)).project.trainingSet("t")) }

  @Test func `come from a module or a file, with a time and a choice of their own`() throws {
    let scoring = try #require(try read("{module: deliveries, as_of: {column: day, at: \"06:00\"}, where: open}").scoring)
    guard case .module(let name)? = scoring.origin else {
      Issue.record("no module")
      return
    }
    #expect(name.value == "deliveries" && scoring.asOf?.column.value == "day" && scoring.predicate?.value == "open")
    #expect(try read("{where: open}").scoring?.origin == nil)
    guard case .file(let path)? = try read("{file: open.csv}").scoring?.origin else {
      Issue.record("no file")
      return
    }
    #expect(path.value.hasSuffix("/features/open.csv"))
  }

  @Test(arguments: [
    ("{module: 1️⃣deliverys}", "unknown-module"),
    ("{module: deliveries, 1️⃣file: x.csv}", "conflicting-keys"),
    ("{module: deliveries, 1️⃣label: y}", "unknown-key"),
    ("{module: deliveries, as_of: {column: day, 1️⃣delay: 1h}}", "unknown-key"),
    ("{module: deliveries, as_of: {column: day, at: 1️⃣six}}", "wrong-type"),
    ("1️⃣deliveries", "wrong-type"),
  ])
  func `are told what is wrong with them`(scoring: String, rule: String) {
    #expect(mistakes(yaml(scoring)) == ["1️⃣ \(rule)"])
  }

  @Test func `have no input that is filled in later`() {
    let modules = "modules: [{name: open, relation: o, columns: [{name: x, known_time: done_at}]}]\n"
    let spine = "inputs: [1️⃣x]"
    #expect(mistakes(modules + yaml("{module: open}", spine: spine)) == ["1️⃣ input-known-later"])
    #expect(mistakes(yaml("{module: bookings}", spine: "inputs: [1️⃣arr_delay]")) == ["1️⃣ input-known-later"], "told once")
  }

  @Test func `are asked without label and split`() throws {
    let set = try read("{where: open}").forScoring(isReplaced: false, isAskedAtOnce: false)
    #expect(set.split == nil && set.spine.labels.isEmpty && set.spine.orderBy.map(\.value) == ["id"])
    #expect(set.spine.keep.map(\.value) == ["id"] && set.spine.inputs.map(\.value) == ["x"])
    #expect(set.spineColumns.map(\.value) == ["carrier_id", "id", "x"])
  }

  @Test func `are chosen by what is said of them, the spine's rows by what is said of the spine`() throws {
    func chosen(_ scoring: String, isReplaced: Bool = false, isAskedAtOnce: Bool = false) throws -> [String?] {
      let spine = try read(scoring).forScoring(isReplaced: isReplaced, isAskedAtOnce: isAskedAtOnce).spine
      return [spine.predicate?.value, spine.fromMicroseconds.map { _ in "from" }]
    }
    #expect(try chosen("{where: open}") == ["open", "from"])
    #expect(try chosen("{as_of: sent_at}") == ["a", "from"])
    #expect(try chosen("{as_of: sent_at}", isAskedAtOnce: true) == ["a", nil])
    #expect(try chosen("{module: deliveries}") == [nil, nil])
    #expect(try chosen("{module: deliveries, where: open}") == ["open", nil])
    #expect(try chosen("{module: deliveries, where: open}", isReplaced: true) == [nil, nil])
  }
}
