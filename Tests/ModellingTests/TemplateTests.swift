import Definitions
import Diagnostics
import Testing

@testable import Modelling

@Suite struct `SQL templates` {
  private func read(_ text: String) -> (template: SQLTemplate, mistakes: [Diagnostic]) {
    SQLTemplateReader.read(text, path: "features/m.sql", moduleName: "m")
  }

  private func rendered(_ text: String) -> String { read(text).template.rendered { "<\($0.kind) \($0.name)>" } }

  @Test(arguments: [
    "{{ ref('x') }}", "{{ref(\"x\")}}", "{{- ref( 'x' ) -}}", "{{\n  ref(\n 'x', )\n}}",
  ])
  func `a ref is found however it is spaced and quoted`(tag: String) {
    #expect(rendered("select * from \(tag) where 1") == "select * from <ref x> where 1")
    #expect(read("select * from \(tag)").mistakes.isEmpty)
  }

  @Test(arguments: ["{{ source('raw') }}", "{{ source('loaded', 'raw') }}", "{{- source(\"loaded\",\"raw\") -}}"])
  func `a source is its table, with or without the schema that dbt wants`(tag: String) {
    #expect(rendered("select * from \(tag)") == "select * from <source raw>")
  }

  @Test func `text without templating comes out as it went in`() {
    let text = "select '}} ''{' || \"a b\", x % 2 -- it's 100 % }}\n/* don't; */ from t"
    #expect(rendered(text) == text)
    #expect(read(text).mistakes.isEmpty)
  }

  @Test func `template comments vanish, also those that hold templating`() {
    #expect(rendered("{# {{ var('x') }} -- {% if %}\n#}select 1{# '' #}, 2") == "select 1, 2")
  }

  @Test(arguments: ["-- {{ ref('gone') }}", "/* {{ ref('gone') }}\n{{ my_macro(1) }} */", "-- {{ 'a' ~\n b }}"])
  func `in a SQL comment a reference is no reference and a macro no mistake`(comment: String) {
    let (template, mistakes) = read("\(comment)\nselect 1")
    #expect(template.references.isEmpty)
    #expect(mistakes.isEmpty)
    #expect(template.rendered { _ in "" }.hasSuffix("\nselect 1"))
  }

  @Test func `a quote in a comment and a dash in a text change nothing`() {
    #expect(rendered("select '--' -- it's\n, {{ ref('x') }}") == "select '--' -- it's\n, <ref x>")
    #expect(rendered("select '/*', {{ ref('x') }}") == "select '/*', <ref x>")
  }

  @Test(arguments: [
    ("{{ config(materialized='table') }} select 1", Module.Materialization.table),
    ("{{ config(tags=['a', 'b'], materialized=\"view\", meta={'a': {'b': 1}}) }} select 1", .view),
    ("-- {{ config(materialized='table') }}\nselect 1", .table),
    ("{{ config(materialized='view') }}{{ config(materialized='table') }} select 1", .table),
    ("{{ config(tags='x') }} select 1", nil), ("select 1", nil),
  ])
  func `config says how a module is materialized, and may say other things`(text: String, want: Module.Materialization?) {
    let (template, mistakes) = read(text)
    #expect(template.materialized?.value == want)
    #expect(mistakes.isEmpty)
  }

  @Test(arguments: [
    ("select 1 1️⃣{{ ref('x'", ["unclosed-templating"]),
    ("1️⃣{# select 1", ["unclosed-templating"]), ("1️⃣", ["empty-sql"]), ("1️⃣ -- nothing\n/* at all */ ;", ["empty-sql"]),
    ("select 1;\n1️⃣drop table x; select 2", ["one-statement"]),
    ("select 1 from 1️⃣{{ var('x') }}", ["dbt-templating"]),
    ("1️⃣{% set a = 1 %}\nselect 1", ["dbt-templating"]), ("-- 1️⃣{% if a %}\nselect 1", ["dbt-templating"]),
    ("select\n  1️⃣{{ hours('a', 'b') }},\n  2️⃣{{ this }}", ["dbt-templating", "dbt-templating"]),
    ("select * from 1️⃣{{ ref('x') | upper }}", ["dbt-templating"]), ("select * from 1️⃣{{ ref('x').id }}", ["dbt-templating"]),
    ("select '1️⃣{{ var(\"x\") }}'", ["dbt-templating"]), ("select * from 1️⃣{{ }}", ["dbt-templating"]),
    ("select é, 1️⃣{{ ref(x) }}", ["bad-reference"]), ("select * from 1️⃣{{ ref('p', 'x') }}", ["bad-reference"]),
    ("select * from 1️⃣{{ ref('x', v=2) }}", ["bad-reference"]), ("select * from 1️⃣{{ source() }}", ["bad-reference"]),
    ("{{ config(materialized=1️⃣'incremental') }} select 1", ["bad-materialized"]),
    ("{{ config(materialized=1️⃣('table' if x else 'view')) }} select 1", ["bad-materialized"]),
    ("1️⃣{{ config({'materialized': 'table'}) }} select 1", ["dbt-templating"]),
  ])
  func `what is not understood is a mistake at its place`(marked: String, rules: [String]) {
    let marked = Marked(marked)
    let mistakes = read(marked.text).mistakes
    #expect(mistakes.map(\.rule) == rules)
    #expect(mistakes.compactMap(\.place) == marked.places)
  }

  @Test func `what goes beyond templates names the tool for it`() {
    let mistake = read("select {{ var('x') }}").mistakes[0]
    #expect(
      mistake.description == """
        features/m.sql:1:8: error: module "m" uses {{ var(…) }}, and here only ref(), source() and config() are understood: dbt is the tool for it [dbt-templating]
          hint: write it in plain SQL, or build it with dbt and say `relation: m` instead of `sql:`
        """)
  }

  @Test func `a semicolon at the end is no second statement`() {
    #expect(rendered("select ';' ; -- done;\n") == "select ';'  -- done;\n")
  }

  @Test func `a byte order mark and Windows line ends are read over`() {
    let marked = Marked("select 1\r\nfrom 1️⃣{{ this }}")
    #expect(read("\u{FEFF}" + marked.text).mistakes.compactMap(\.place) == marked.places)
  }

  @Test(arguments: [("a", "\"a\""), ("a\"b", "\"a\"\"b\""), ("\"\u{301}", "\"\"\"\u{301}\""), ("", "\"\"")])
  func `a name is quoted whatever is in it`(name: String, quoted: String) {
    #expect(quotedIdentifier(name) == quoted)
  }
}
