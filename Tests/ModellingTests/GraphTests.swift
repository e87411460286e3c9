import Definitions
import Diagnostics
import Modelling
import Testing
import Warehouses

@Suite struct `References between modules` {
  @Test func `refs and sources become quoted relations`() throws {
    let project = ProjectSketch(
      sources: ["raw"],
      modules: [
        ModuleSketch("a", "select * from {{ source('raw') }} join {{ ref('b') }} join {{ ref('c') }}"), ModuleSketch("b", "select 1"),
        ModuleSketch("c", relation: "odd \"name\""),
      ]
    ).project
    let graph = try ModuleGraph(project)
    #expect(graph.modules.map(\.name) == ["a", "b"])
    guard case .sql(let sql, path: "features/a.sql") = graph.modules[0].content else {
      Issue.record("\(graph.modules[0].content)")
      return
    }
    #expect(sql == #"select * from "raw" join "b" join "odd ""name""""#)
    #expect(graph.modules[0].upstream.map(\.value) == ["b"])
    #expect(graph.modules[0].outside.map(\.relation) == ["raw", "odd \"name\""])
  }

  @Test(arguments: [
    ("select * from {{ ref(1️⃣'shipmnets') }}", "unknown-module", "did you mean \"shipments\" (features/p.yml:20:5)?"),
    ("select * from {{ ref(1️⃣'raw') }}", "unknown-module", "it is a source: write {{ source('raw') }}"),
    ("select * from {{ ref(1️⃣'zebra') }}", "unknown-module", "declare it under `modules:`"),
    ("select * from {{ source(1️⃣'rwa') }}", "unknown-source", "did you mean \"raw\" (features/p.yml:4:5)?"),
    ("select * from {{ source('s', 1️⃣'shipments') }}", "unknown-source", "it is a module: write {{ ref('shipments') }}"),
    ("select * from {{ ref(1️⃣'m') }}", "self-reference", "give the earlier state another name, or read what it is made from"),
  ])
  func `a name that leads nowhere is a mistake with a way out`(marked: String, rule: String, hint: String) {
    let marked = Marked(marked)
    let modules = [ModuleSketch("m", marked.text), ModuleSketch("shipments", "select 1")]
    let project = ProjectSketch(sources: ["raw"], modules: modules).project
    let mistakes = checkTemplates(project)
    #expect(mistakes.map(\.rule) == [rule])
    #expect(mistakes.map(\.hint) == [hint])
    #expect(mistakes.compactMap(\.place) == marked.places)
    #expect(mistakes.first?.location?.path == "features/m.sql")
  }

  @Test func `a circle is one mistake, shown with its path and places`() throws {
    let project = ProjectSketch(modules: [
      ModuleSketch("above", "select * from {{ ref('b') }}"), ModuleSketch("b", "select *\nfrom {{ ref('c') }}"),
      ModuleSketch("c", "select * from {{ ref('b') }}"), ModuleSketch("d", "select * from {{ ref('above') }}"),
    ]).project
    let mistakes = checkTemplates(project)
    #expect(mistakes.count == 1)
    #expect(
      mistakes.first?.description == """
        features/b.sql:2:13: error: module "b" needs itself: b → c → b [module-cycle]
          hint: break the circle in one of these places: b reads c at features/b.sql:2:13; c reads b at features/c.sql:1:22
        """)
  }

  @Test func `two circles are two mistakes`() {
    let project = ProjectSketch(modules: [
      ModuleSketch("a", "select * from {{ ref('b') }}, {{ ref('c') }}"), ModuleSketch("b", "select * from {{ ref('a') }}"),
      ModuleSketch("c", "select * from {{ ref('d') }}"), ModuleSketch("d", "select * from {{ ref('c') }}"),
    ]).project
    #expect(checkTemplates(project).map(\.rule) == ["module-cycle", "module-cycle"])
  }

  @Test func `a circle through a relation that is built here is found too`() {
    let modules = [ModuleSketch("a", "select * from {{ ref('alias') }}"), ModuleSketch("alias", relation: "a")]
    let project = ProjectSketch(modules: modules).project
    #expect(checkTemplates(project).map(\.rule) == ["module-cycle"])
  }

  @Test(arguments: [
    (nil, nil, Relation.Kind.view), (nil, "table", .table), (Module.Materialization.table, nil, .table), (.table, "table", .table),
    (.view, "view", .view),
  ])
  func `the definition or the SQL says how a module is materialized, else it is a view`(
    definition: Module.Materialization?, config: String?, want: Relation.Kind
  ) throws {
    let sql = (config.map { "{{ config(materialized='\($0)') }}\n" } ?? "") + "select 1"
    let graph = try ModuleGraph(ProjectSketch(modules: [ModuleSketch("m", sql, materialized: definition)]).project)
    #expect(graph.modules[0].kind == want)
  }

  @Test func `definition and SQL must not disagree`() {
    let sketch = ModuleSketch("m", "{{ config(materialized='view') }} select 1", materialized: .table)
    #expect(
      checkTemplates(ProjectSketch(modules: [sketch]).project).map(\.description) == [
        """
        features/p.yml:10:40: error: module "m" is materialized as a table here and as a view in its SQL (features/m.sql:1:24) [materialized-disagrees]
          hint: say it in one of the two places
        """
      ])
  }

  @Test func `a module must not take the place of a source`() {
    let project = ProjectSketch(sources: ["Raw"], modules: [ModuleSketch("raw", "select 1")]).project
    #expect(checkTemplates(project).map(\.rule) == ["module-replaces-source"])
  }

  @Test func `all mistakes of all files come at once, in file order`() {
    let project = ProjectSketch(modules: [
      ModuleSketch("b", "select * from {{ ref('x') }}, {{ this }}"), ModuleSketch("a", "select * from {{ ref('y') }}"),
    ]).project
    let mistakes = checkTemplates(project)
    #expect(mistakes.map(\.rule) == ["unknown-module", "unknown-module", "dbt-templating"])
    #expect(mistakes == mistakes.inFileOrder)
    #expect(throws: Diagnostics.self) { try ModuleGraph(project) }
  }
}
