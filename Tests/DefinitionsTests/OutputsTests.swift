import Diagnostics
import Testing

@testable import Definitions

@Suite struct OutputsTests {
  private let shipments = "entities: [{name: shipment, key: [{name: id, type: int64}]}]\n"

  @Test func `an output is a module of its name`() throws {
    let yaml = """
      \(shipments)outputs:
        - name: eta
          entity: shipment
          model: eta_model
          predicted_at: scored_at
          columns: [{name: minutes, type: float64, min: 0, max: 9e3, not_null: true}, {name: band, type: string, accepted_values: [low, ""], max_length: 4}]
          unknown_entities: {error: 12}
          rows: {min: 5}
      feature_views: [{name: v, entity: shipment, module: eta, features: [minutes]}]
      """
    let project = try Fixture(yaml).project
    let output = try #require(project.output("eta"))
    #expect(output.key.map(\.name.value) == ["id"] && output.predictedAt?.column.value == "scored_at")
    #expect(output.columns[0].least?.value == .float64(0) && output.columns[0].greatest?.value == .float64(9_000))
    #expect(output.columns[1].acceptedValues.map(\.value) == ["low", ""] && output.columns[1].maxLength == 4)
    #expect(output.unknownEntities == UnknownEntities(warn: .rows(0), error: .rows(12)) && output.leastRows == 5)
    let module = try #require(project.module("eta"))
    #expect(module.recordID.map(\.value) == ["id"] && module.time.knownTime?.column.value == "valid_from")
  }

  @Test(arguments: [
    ("[{name: x, type: float64, min: 1️⃣low}]", "wrong-type"),
    ("[{name: x, type: string, min: 1️⃣1}]", "conflicting-keys"),
    ("[{name: x, type: int64, min: 5, max: 1️⃣4}]", "empty-range"),
    ("[{name: x, type: date, accepted_values: [2024-01-31, 1️⃣2024-02-31]}]", "wrong-type"),
    ("[{name: x, type: int64, 1️⃣max_length: 3}]", "conflicting-keys"),
    ("[{name: x, type: string, max_length: 1️⃣0}]", "wrong-type"),
    ("[{name: 1️⃣id, type: string}]", "duplicate-column"),
    ("[{name: 1️⃣Model_Version, type: string}]", "duplicate-column"),
    ("[{name: x, type: string}, {name: y, type: string, was: 1️⃣x}]", "duplicate-column"),
    ("[{name: note, type: string}, {name: 1️⃣Note, type: string}]", "duplicate-column"),
    ("[{name: note, type: string}, {name: y, type: string, was: 1️⃣NOTE}]", "duplicate-column"),
  ])
  func `a column is told what is wrong with it`(columns: String, rule: String) {
    #expect(mistakes("\(shipments)outputs: [{name: eta, entity: shipment, columns: \(columns)}]") == ["1️⃣ \(rule)"])
  }

  @Test func `the key of an output has types`() {
    let yaml = "entities: [{name: e, key: id}]\noutputs: [{name: o, entity: 1️⃣e, columns: [{name: x, type: string}]}]"
    #expect(mistakes(yaml) == ["1️⃣ untyped-key"])
  }

  @Test func `what is known when predicted says when that is`() {
    let yaml = "\(shipments)outputs: [{name: o, entity: shipment, 1️⃣known_time: predicted_at, columns: [{name: x, type: string}]}]"
    #expect(mistakes(yaml) == ["1️⃣ missing-key"])
  }

  @Test func `names of a production table are read there to here`() throws {
    let columns = "columns: [{name: minutes, type: float64}]"
    let right =
      "\(shipments)outputs: [{name: o, entity: shipment, \(columns), graduated: {relation: p, since: 2024-01-02, columns: {mins: minutes}}}]"
    let graduation = try #require(try Fixture(right).project.output("o")?.graduation)
    #expect(graduation.columns["minutes"]?.value == "mins" && graduation.since > 1_704_067_200_000_000)
    let wrong =
      "\(shipments)outputs: [{name: o, entity: shipment, \(columns), graduated: {relation: p, since: 2024-01-02, columns: {minutes: 1️⃣mins}}}]"
    #expect(mistakes(wrong) == ["1️⃣ unknown-column"])
    #expect(hints(wrong) == ["turn it round: `{mins: minutes}` reads {name there: name here}"])
  }

  @Test(arguments: ["o", "o__history", "O__all"]) func `no output graduates to what is made of it`(relation: String) {
    let columns = "columns: [{name: minutes, type: float64}], graduated: {relation: 1️⃣\(relation), since: 2024-01-02}"
    #expect(mistakes("\(shipments)outputs: [{name: o, entity: shipment, \(columns)}]") == ["1️⃣ graduated-to-itself"])
  }

  @Test func `a mart is a module, and what it joins is there`() throws {
    let modules = "modules: [{name: base, relation: base}, {name: money, relation: money}]\n"
    let joins = "join: [{module: money, columns: [{name: revenue, was: turnover}], prefix: m_}]"
    let project = try Fixture("\(shipments)\(modules)marts: [{name: mart, entity: shipment, base: base, \(joins)}]").project
    #expect(project.module("mart")?.grain.map(\.value) == ["id"] && project.module("mart")?.materialized?.value == .table)
    let join = try #require(project.mart("mart")?.composition?.joins.first)
    #expect(join.prefix == "m_" && join.columns?.first?.earlierNames.map(\.value) == ["turnover"])
    #expect(mistakes("\(shipments)\(modules)marts: [{name: mart, entity: shipment, base: 1️⃣bose}]") == ["1️⃣ unknown-module"])
    #expect(mistakes("\(shipments)\(modules)marts: [{name: 1️⃣mart, entity: shipment}]") == ["1️⃣ missing-key"])
    #expect(
      mistakes("\(shipments)\(modules)marts: [{name: mart, entity: shipment, base: base, join: [{module: money, 1️⃣as_of: at}]}]") == [
        "1️⃣ conflicting-keys"
      ])
  }

  @Test func `only what is published is joined as a view`() throws {
    let view = "feature_views: [{name: v, entity: shipment, module: base, timeless: true, features: [x]PUBLISH}]\n"
    let yaml =
      "\(shipments)modules: [{name: base, relation: base}]\n\(view)marts: [{name: m, entity: shipment, base: base, join: [{view: 1️⃣v}]}]"
    #expect(mistakes(yaml.replacing("PUBLISH", with: "")) == ["1️⃣ not-published"])
    let published = yaml.replacing("PUBLISH", with: ", publish: true").replacing("1️⃣", with: "")
    #expect(try Fixture(published).project.published.map(\.value) == ["v"])
    let clash =
      "modules: [{name: base, relation: base}]\nfeature_views: [{name: 1️⃣base, module: base, timeless: true, features: [x], publish: true}]"
    #expect(mistakes(clash) == ["1️⃣ duplicate-name"])
  }

  @Test func `a mart is put together, or written as SQL, but not both`() {
    let base = "\(shipments)modules: [{name: base, relation: base}]\n"
    #expect(mistakes("\(base)marts: [{name: mart, entity: shipment, base: base, 1️⃣sql: x.sql}]") == ["1️⃣ conflicting-keys"])
    #expect(mistakes("\(base)marts: [{name: mart, entity: shipment, base: base, join: [1️⃣{columns: [x]}]}]") == ["1️⃣ missing-key"])
    #expect(
      mistakes("\(base)marts: [{name: mart, entity: shipment, base: base, join: [{module: base, 1️⃣view: v}]}]") == ["1️⃣ conflicting-keys"])
  }
}
