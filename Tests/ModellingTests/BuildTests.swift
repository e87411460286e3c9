import Columns
import Definitions
import Diagnostics
import Testing
import Warehouses

@testable import Modelling

@Suite struct `Build plans` {
  private let project = ProjectSketch(
    sources: ["raw"],
    modules: [
      ModuleSketch("mart", "select * from {{ ref('stg') }}, {{ ref('other') }}"), ModuleSketch("lone", "select 1"),
      ModuleSketch("stg", "select * from {{ source('raw') }}"), ModuleSketch("other", "select 1"),
      ModuleSketch("given", relation: "elsewhere"),
    ]
  ).project

  @Test func `without names all modules are built, upstream first, else as defined`() throws {
    #expect(try BuildPlan(for: project, zone: utc()).steps.map(\.name) == ["lone", "stg", "other", "mart"])
  }

  @Test(arguments: [
    (["mart"], ["stg", "other", "mart"]), (["lone"], ["lone"]), (["other", "stg", "other"], ["stg", "other"]),
  ])
  func `a name brings what it needs, and nothing else`(names: [String], want: [String]) throws {
    #expect(try BuildPlan(for: project, building: names, zone: utc()).steps.map(\.name) == want)
  }

  @Test(arguments: [
    ("stgg", #"error: module "stgg" is not defined in any file [unknown-module]"# + "\n  hint: did you mean \"stg\"?"),
    (
      "zebra",
      #"error: module "zebra" is not defined in any file [unknown-module]"# + "\n  hint: name one of: mart, lone, stg, other"
    ),
    (
      "raw",
      #"error: source "raw" cannot be built: it is a raw table that something else loads [unknown-module]"#
        + "\n  hint: name the modules to build, or none to build them all"
    ),
    (
      "given",
      #"features/p.yml:50:5: error: module "given" cannot be built here: its relation "elsewhere" is built elsewhere [built-elsewhere]"#
        + "\n  hint: leave it out, or give it `sql:` instead of `relation:`"
    ),
  ])
  func `a name that cannot be built is refused`(name: String, want: String) throws {
    let error = #expect(throws: Diagnostics.self) { try BuildPlan(for: project, building: ["lone", name], zone: utc()) }
    #expect(error?.diagnostics.map(\.description) == [want])
  }

  @Test func `the definition's columns, grain and times must be there, and types must fit`() throws {
    let sketch = ModuleSketch(
      "m", "select 1", materialized: .table, grain: ["id"], eventTime: "at", columns: [("x", .float64), ("id", nil), ("at", nil)])
    let step = try #require(try BuildPlan(for: ProjectSketch(modules: [sketch]).project, zone: utc()).steps.first)
    let build = step.build(.select("select 1"), RelationAbout())
    #expect(build.name == "m")
    #expect(build.kind == .table)
    #expect(build.grain == ["id"])
    #expect(build.requiredColumns == ["x", "id", "at"])
    #expect(build.typedColumns == [Field("x", .float64)])
  }
}

@Suite struct `Building modules` {
  private func run(
    _ sketch: ProjectSketch, in warehouse: FakeWarehouse, names: [String] = []
  ) throws -> (built: [BuiltModule], failure: BuildFailure?) {
    var built: [BuiltModule] = []
    var now = Duration.zero
    func tick() -> Duration {
      now += .seconds(2)
      return now
    }
    let plan = try BuildPlan(for: sketch.project, building: names, zone: utc())
    do throws(BuildFailure) {
      try plan.run(in: warehouse, at: 0, now: tick, report: { built.append($0) })
      return (built, nil)
    } catch {
      return (built, error)
    }
  }

  @Test func `each module is reported when it is built, with rows and time`() throws {
    let warehouse = FakeWarehouse(relations: ["raw"])
    let sketch = ProjectSketch(
      sources: ["raw"],
      modules: [
        ModuleSketch("b", "select * from {{ ref('a') }}"), ModuleSketch("a", "select * from {{ source('raw') }}", materialized: .table),
      ])
    let (built, failure) = try run(sketch, in: warehouse)
    #expect(failure == nil)
    #expect(
      built == [
        BuiltModule(name: "a", kind: .table, rowCount: 7, time: .seconds(2)),
        BuiltModule(name: "b", kind: .view, rowCount: 7, time: .seconds(2)),
      ])
    #expect(warehouse.builds.map(\.content) == [.select(#"select * from "raw""#), .select(#"select * from "a""#)])
  }

  @Test func `what is missing from the warehouse is said before anything is built`() throws {
    let warehouse = FakeWarehouse(relations: ["raw_shipments"])
    let sketch = ProjectSketch(
      sources: ["raw_shipment"],
      modules: [
        ModuleSketch("a", "select 1"), ModuleSketch("b", "select * from {{ source('raw_shipment') }}, {{ ref('c') }}"),
        ModuleSketch("c", relation: "zebra"),
      ])
    let (built, failure) = try run(sketch, in: warehouse)
    #expect(built.isEmpty && warehouse.builds.isEmpty)
    #expect(failure?.notBuilt == ["a", "b"])
    #expect(
      failure?.diagnostics.map(\.description) == [
        """
        features/b.sql:1:25: error: module "b" reads source "raw_shipment", which the warehouse w.sqlite does not have [missing-relation]
          hint: did you mean "raw_shipments"?
        """,
        """
        features/b.sql:1:52: error: module "b" reads relation "zebra" of module "c", which the warehouse w.sqlite does not have [missing-relation]
          hint: load it first, then build again
        """,
      ])
  }

  @Test func `the first failure ends the run and names what was left`() throws {
    let warehouse = FakeWarehouse(failures: ["b": .sql(relation: "b", reason: "near \"form\": syntax error")])
    let sketch = ProjectSketch(modules: ["a", "b", "c", "d"].map { ModuleSketch($0, "select 1") })
    let (built, failure) = try run(sketch, in: warehouse)
    #expect(built.map(\.name) == ["a"])
    #expect(failure?.module == "b")
    #expect(failure?.notBuilt == ["c", "d"])
    #expect(failure?.isBusy == false)
    #expect(
      failure?.diagnostics.map(\.description) == [
        """
        features/b.sql:1:1: error: module "b" could not be built: near "form": syntax error [sql-failed]
          hint: mend its SQL; the relation in the warehouse is as it was before
        """, "warning: not built, because module \"b\" failed: c, d [not-built]",
      ])
  }

  @Test(arguments: [
    (
      WarehouseError.duplicateGrain(
        DuplicateGrain(
          relation: "m", grain: ["a", "b"], keyCount: 3, examples: [DuplicateGrain.Example(key: ["1", "2"], rows: 4)])),
      11, #"module "m": 3 keys of its grain (a, b) are there more than once, e.g. a=1, b=2 (4 rows)"#
    ),
    (
      .missingBuiltColumn("revenue", relation: "m", has: ["revenu", "id"]), 13,
      #"module "m" has no column "revenue" when it is built"#
    ),
    (.missingBuiltColumn("at", relation: "m", has: ["id"]), 12, #"module "m" has no column "at" when it is built"#),
    (
      .data([
        DataProblem(
          kind: .misfit(found: "text", wanted: .float64), relation: "m", column: "revenue", output: 0, row: 17, rowIsRowID: true,
          key: ["1", "x"], value: "abc", more: 2)
      ]), 13, #"module "m", rowid 17, key (1, x), column "revenue": the text value "abc" is no float64; 2 more values do not fit"#
    ),
  ])
  func `a broken declaration points at the declaration`(error: WarehouseError, line: Int, message: String) throws {
    let sketch = ModuleSketch("m", "select 1", grain: ["a", "b"], eventTime: "at", columns: [("revenue", .float64)])
    let (_, failure) = try run(ProjectSketch(modules: [sketch]), in: FakeWarehouse(failures: ["m": error]))
    let found = try #require(failure?.diagnostics.first)
    #expect(found.location == SourceLocation(path: "features/p.yml", line: line, column: 5))
    #expect(found.message == message)
  }

  @Test func `a lock is worth another try`() throws {
    let sketch = ProjectSketch(sources: ["raw"], modules: [ModuleSketch("m", "select * from {{ source('raw') }}")])
    let building = try run(sketch, in: FakeWarehouse(relations: ["raw"], failures: ["m": .busy(warehouse: "w.sqlite")]))
    #expect(building.failure?.isBusy == true)
    let looking = try run(sketch, in: FakeWarehouse(failures: ["raw": .busy(warehouse: "w.sqlite")]))
    #expect(looking.failure?.isBusy == true)
    #expect(looking.failure?.module == nil)
  }
}
