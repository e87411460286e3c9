import Definitions
import Diagnostics
import Testing
import Times
import Warehouses

@testable import Modelling

/// A mart of shipments with every kind of join.
private func mart(_ joins: [MartJoin], columns: [String]? = nil, materialized: Module.Materialization = .table) -> ProjectSketch {
  ProjectSketch(
    modules: [ModuleSketch("stg", relation: "stg_t"), ModuleSketch("money", "select 1"), ModuleSketch("carriers", relation: "carriers")],
    marts: [MartSketch(name: "mart", base: "stg", columns: columns, joins: joins, materialized: materialized)], outputs: ["eta"],
    views: ["service"])
}

private let columns = [
  "stg_t": ["id int64", "scac", "at string", "seconds int64", "odd"], "money": ["id int64", "revenue", "margin"],
  "carriers": ["scac", "name", "ODD"], "eta": ["id int64", "minutes", "predicted_at", "valid_from", "model_version", "batch"],
  "eta__history": ["id int64", "minutes", "valid_from", "valid_to", "valid_from_us int64", "valid_to_us int64", "batch"],
  "service": ["scac", "score", "valid_from"],
  "service__history": ["scac", "score", "valid_from", "valid_to", "valid_from_us int64", "valid_to_us int64"],
]

private func failures(_ sketch: ProjectSketch, in warehouse: FakeWarehouse) throws -> [String] {
  let plan = try BuildPlan(for: sketch.project, building: ["mart"], zone: utc())
  do throws(BuildFailure) {
    try plan.run(in: warehouse, at: 0, now: { .zero }, report: { _ in })
    return []
  } catch { return error.diagnostics.filter { $0.rule != "not-built" }.map { "\($0.location?.line ?? 0) \($0.rule)" } }
}

@Suite struct `Marts put together` {
  private func composition(_ joins: [MartJoin], columns wanted: [String]? = nil) throws -> RelationComposition {
    let warehouse = FakeWarehouse(columns: columns)
    #expect(try failures(mart(joins, columns: wanted), in: warehouse) == [])
    guard let build = warehouse.builds.last, case .composition(let composition) = build.content else { throw Missing() }
    #expect(build.grain == ["id"] && build.kind == .table && build.indexesGrain)
    return composition
  }

  private struct Missing: Error {}

  private func names(_ columns: [RelationComposition.Column]) -> [String] { columns.map { "\($0.source)→\($0.name)" } }

  @Test func `without a list have all columns but joined keys`() throws {
    let found = try composition([MartSketch.join(MartJoin.Source.module, "money", line: 92)])
    #expect(found.base == "stg_t" && names(found.columns) == ["id→id", "scac→scac", "at→at", "seconds→seconds", "odd→odd"])
    #expect(found.joins[0].relation == "money" && found.joins[0].key == [.init(there: "id", here: "id")])
    #expect(names(found.joins[0].columns) == ["revenue→revenue", "margin→margin"])
  }

  @Test func `have what is listed, under prefixes and earlier names too`() throws {
    let found = try composition(
      [
        MartSketch.join(MartJoin.Source.module, "money", line: 92, columns: ["revenue=turnover=sales"], prefix: "m_"),
        MartSketch.join(MartJoin.Source.module, "carriers", line: 93, key: ["scac": "scac"], columns: ["name"]),
      ], columns: ["id"])
    #expect(names(found.columns) == ["id→id"])
    #expect(names(found.joins[0].columns) == ["revenue→m_revenue", "revenue→m_turnover", "revenue→m_sales"])
    #expect(found.joins[1].key == [.init(there: "scac", here: "scac")] && names(found.joins[1].columns) == ["name→name"])
  }

  @Test func `leave out what says since when an output or a view is shown, unless it is listed`() throws {
    let found = try composition([
      MartSketch.join(MartJoin.Source.output, "eta", line: 92),
      MartSketch.join(MartJoin.Source.output, "eta", line: 93, columns: ["minutes", "batch"], prefix: "then_", asOf: "at"),
      MartSketch.join(MartJoin.Source.view, "service", line: 94),
      MartSketch.join(MartJoin.Source.view, "service", line: 95, prefix: "then_", asOf: "at"),
    ])
    #expect(found.joins.map(\.relation) == ["eta", "eta__history", "service", "service__history"])
    #expect(
      found.joins.map { names($0.columns) } == [
        ["minutes→minutes"], ["minutes→then_minutes", "batch→then_batch"], ["score→score"], ["score→then_score"],
      ])
    #expect(found.joins.map { $0.key.map(\.here) } == [["id"], ["id"], ["scac"], ["scac"]])
    #expect(found.joins.map { $0.moment?.column } == [nil, "at", nil, "at"])
    #expect(found.joins[1].moment?.reader.role == .decision)
  }

  @Test(arguments: [
    ([MartSketch.join(MartJoin.Source.module, "money", line: 92, columns: ["revenu"])], ["92 missing-column"]),
    ([MartSketch.join(MartJoin.Source.module, "money", line: 92, key: ["id": "idd"])], ["92 missing-column"]),
    ([MartSketch.join(MartJoin.Source.module, "money", line: 92, key: ["revenue": "scac"])], ["92 duplicate-column"]),
    ([MartSketch.join(MartJoin.Source.output, "eta", line: 92, asOf: "when")], ["92 missing-column"]),
    ([MartSketch.join(MartJoin.Source.output, "eta", line: 92, asOf: "seconds")], ["92 time-needs-unit"]),
    // Case does not make two names of one.
    ([MartSketch.join(MartJoin.Source.module, "carriers", line: 92, key: ["scac": "scac"])], ["92 duplicate-column"]),
    (
      [MartSketch.join(MartJoin.Source.output, "eta", line: 92), MartSketch.join(MartJoin.Source.output, "eta", line: 93, asOf: "at")],
      ["93 duplicate-column"]
    ),
  ])
  func `are refused at the place where they do not fit what is there`(joins: [MartJoin], want: [String]) throws {
    #expect(try failures(mart(joins), in: FakeWarehouse(columns: columns)) == want)
  }

  @Test func `are refused where keys have different types`() throws {
    var columns = columns
    columns["money"] = ["id string", "revenue"]
    let found = try failures(mart([MartSketch.join(MartJoin.Source.module, "money", line: 92)]), in: FakeWarehouse(columns: columns))
    #expect(found == ["92 key-type"])
  }

  @Test func `are no views over times that only we can read`() throws {
    let sketch = mart([MartSketch.join(MartJoin.Source.output, "eta", line: 92, asOf: "at")], materialized: .view)
    #expect(try failures(sketch, in: FakeWarehouse(columns: columns)) == ["92 inexact-view"])
  }

  @Test func `wait for what is to be published`() throws {
    var columns = columns
    columns["eta__history"] = nil
    let sketch = mart([MartSketch.join(MartJoin.Source.output, "eta", line: 92, asOf: "at")])
    let plan = try BuildPlan(for: sketch.project, building: ["mart"], zone: utc())
    let error = #expect(throws: BuildFailure.self) {
      try plan.run(in: FakeWarehouse(columns: columns), at: 0, now: { .zero }, report: { _ in })
    }
    #expect(
      error?.diagnostics.map(\.description) == [
        """
        features/p.yml:92:5: error: mart "mart" reads relation "eta__history" of output "eta", which the warehouse w.sqlite does not have [missing-relation]
          hint: run `gangway publish eta` first: it has not been published
        """
      ])
  }

  @Test(arguments: [
    (
      WarehouseError.duplicateJoinKey(DuplicateGrain(relation: "eta", grain: ["id"], keyCount: 2, examples: []), join: 1, atOneTime: false),
      93
    ),
    (.duplicateGrain(DuplicateGrain(relation: "stg_t", grain: ["id"], keyCount: 2, examples: [])), 90),
    (
      .data([
        DataProblem(
          kind: .time(.unreadable), relation: "stg_t", column: "at", output: 0, row: 1, rowIsRowID: true, key: [], value: "soon", more: 0)
      ]), 94
    ),
  ])
  func `point at the base or the join that the warehouse refuses`(error: WarehouseError, line: Int) throws {
    let sketch = mart([
      MartSketch.join(MartJoin.Source.module, "money", line: 92), MartSketch.join(MartJoin.Source.output, "eta", line: 93),
      MartSketch.join(MartJoin.Source.output, "eta", line: 94, prefix: "then_", asOf: "at"),
    ])
    let found = try failures(sketch, in: FakeWarehouse(columns: columns, failures: ["mart": error]))
    #expect(found.first?.hasPrefix("\(line) ") == true, "\(found)")
  }
}

@Suite struct `Marts in the graph` {
  @Test func `come after their base and what they join`() throws {
    let sketch = ProjectSketch(
      modules: [ModuleSketch("late", "select * from {{ ref('first') }}"), ModuleSketch("stg", "select 1")],
      marts: [
        MartSketch(name: "second", base: "first", joins: [MartSketch.join(MartJoin.Source.module, "late", line: 92)]),
        MartSketch(name: "first", base: "stg"),
      ])
    #expect(try BuildPlan(for: sketch.project, building: ["second"], zone: utc()).steps.map(\.name) == ["stg", "first", "late", "second"])
  }

  @Test func `cannot go in circles`() {
    let sketch = ProjectSketch(
      modules: [ModuleSketch("stg", "select * from {{ ref('first') }}")], marts: [MartSketch(name: "first", base: "stg")])
    #expect(checkTemplates(sketch.project).map(\.rule) == ["module-cycle"])
    let own = ProjectSketch(marts: [MartSketch(name: "first", base: "first")])
    #expect(checkTemplates(own.project).map(\.rule) == ["self-reference"])
  }

  @Test func `keep the key of their entity, and join outputs on theirs`() {
    let leavesOut = mart([], columns: ["scac"])
    #expect(checkTemplates(leavesOut.project).map(\.rule) == ["missing-key-column"])
    let turned = mart([MartSketch.join(MartJoin.Source.output, "eta", line: 92, key: ["shipment": "id"])])
    #expect(checkTemplates(turned.project).map(\.hint) == ["turn it round: `{id: shipment}` reads {name there: name here}"])
  }

  @Test(arguments: ["eta", "eta__history", "eta__all", "service", "service__history"])
  func `stand beside what is published, which SQL may name`(relation: String) throws {
    let sketch = ProjectSketch(modules: [ModuleSketch("m", "select * from {{ ref('\(relation)') }}")], outputs: ["eta"], views: ["service"])
    let module = try #require(try ModuleGraph(sketch.project).modules.first)
    #expect(module.outside.map(\.relation) == [relation])
    #expect(module.outside.map(\.kind) == [relation.hasPrefix("eta") ? .output : .view])
  }

  @Test func `a name near that of something published is hinted at`() {
    let sketch = ProjectSketch(modules: [ModuleSketch("m", "select * from {{ ref('eta_history') }}")], outputs: ["eta"])
    #expect(checkTemplates(sketch.project).map(\.hint) == ["did you mean \"eta__history\" (features/p.yml:6:5)?"])
  }
}
