import SQLiteWarehouse
import Testing
import Warehouses

@Suite struct `Expressions` {
  let scratch = Scratch()

  private func warehouse() -> SQLiteWarehouse {
    scratch.warehouse(
      """
      create table other (o);
      create table t (id integer primary key, late integer, "two words" text, at text, x);
      create view v as select late as delay, "two words" as words, at, (select count(*) from other) as n from t;
      """)
  }

  @Test(arguments: [
    ("late > 15", ["late"]), ("\"late\" + LATE", ["late"]), ("t.late", ["late"]), ("\"two words\" = 'now'", ["two words"]),
    ("x + late", ["late", "x"]), ("1", []), ("id", ["id"]), ("date(at)", ["at"]), ("date(at, '+1 day')", ["at"]),
    ("strftime('%Y', at)", ["at"]), ("late in (1, 2, x)", ["late", "x"]), ("case when late then x end", ["late", "x"]),
    ("late -- a comment", ["late"]), ("late /* ( */", ["late"]), ("')' || x", ["x"]), ("max(late, x)", ["late", "x"]),
    ("at is null", ["at"]), ("coalesce(x, 'select')", ["x"]), ("julianday(at) - julianday(x)", ["at", "x"]), ("(late)", ["late"]),
    ("late not in (1)", ["late"]), ("x like '%;%'", ["x"]), ("json_extract(x, '$.a')", ["x"]),
  ])
  func `name their columns`(expression: String, columns: [String]) throws {
    #expect(try warehouse().examine(expression: expression, over: "t").columns == columns)
  }

  @Test(arguments: [("delay > 15", ["delay"]), ("n + delay", ["delay", "n"]), ("words || at", ["words", "at"])])
  func `name a view's own columns`(expression: String, columns: [String]) throws {
    #expect(try warehouse().examine(expression: expression, over: "v").columns == columns)
  }

  @Test(arguments: [
    ("", "empty"), ("nosuch", "no such column"), ("\"nosuch\"", "no such column"), ("late +", "syntax"),
    ("count(*)", "aggregate"), ("sum(late) > 1", "aggregate"), ("row_number() over ()", "window"), ("max(late)", "aggregate"),
    ("(select 1)", "subquery"), ("late in (select o from other)", "subquery"), ("exists (select 1 from other)", "subquery"),
    ("late in other", "IN"), ("late in t", "IN"), ("late in \"t\"", "IN"), ("late in (select late from t)", "subquery"),
    ("(values (1))", "subquery"), ("(with c as (select 1) select * from c)", "subquery"), ("other.o", "no such column"),
    ("random()", "every run"), ("RANDOM() > 0", "every run"), ("hex(randomblob(2))", "every run"), ("current_timestamp", "clock"),
    ("CURRENT_DATE", "clock"), ("current_time", "clock"), ("date('now')", "clock"), ("DateTime( 'NOW' )", "clock"), ("date()", "clock"),
    ("strftime('%s')", "clock"), ("strftime('%s', 'now')", "clock"), ("unixepoch()", "clock"),
    ("julianday('now') - julianday(at)", "clock"),
    ("date(at, 'localtime')", "time zone"), ("date(at, 'utc')", "time zone"), ("changes()", "connection"),
    ("date(coalesce(at, 'now'))", "clock"), ("load_extension('x')", "load_extension"), ("1) or (1", "never opened"),
    ("1; select 1", "semicolon"),
    ("1;", "semicolon"), ("(1", "never closes"), ("'a", "never ends"), ("late /* a", "never ends"), ("late, x", "list"),
    ("?", "parameter"),
    (":a", "parameter"), ("@a", "parameter"), ("$a", "parameter"), ("1\0", "NUL"),
    ("x) union select (1", "never opened"), ("raise(ignore)", "RAISE"), ("drop table t", "syntax"),
    ("1 -- ) or (1\n) or (1", "never opened"),
  ])
  func `are refused with a reason`(expression: String, reason: String) throws {
    do throws(WarehouseError) {
      let facts = try warehouse().examine(expression: expression, over: "t")
      Issue.record("\(expression) names \(facts.columns)")
    } catch {
      guard case .expression(expression, "t", let words) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(words.contains(reason), "\(words)")
    }
  }

  @Test func `may name the row id only where it is a column`() throws {
    let warehouse = scratch.warehouse("create table k (id integer primary key); create table r (x)")
    #expect(try warehouse.examine(expression: "rowid", over: "k").columns == ["id"])
    #expect(failure { try warehouse.examine(expression: "rowid > 1", over: "r") }.contains("row id"))
    #expect(failure { try warehouse.examine(expression: "_rowid_", over: "r") }.contains("row id"))
  }
}
