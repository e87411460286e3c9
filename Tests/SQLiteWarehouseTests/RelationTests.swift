import Columns
import SQLiteWarehouse
import Testing
import Times
import Warehouses

@Suite struct `Relations` {
  let scratch = Scratch()

  @Test func `are found as SQLite compares names and keep their spelling`() throws {
    let warehouse = scratch.warehouse(
      "create table Orders (Id integer); create view v as select Id from Orders; create index i on Orders (Id)")
    #expect(try warehouse.relation("oRDERS")?.name == "Orders")
    #expect(try warehouse.relation("V")?.kind == .view)
    #expect(try warehouse.relation("v")?.columns.map(\.declaredType) == [.int64])
    #expect(try warehouse.relation("i") == nil)
    #expect(try warehouse.relation("nosuch") == nil)
    #expect(try warehouse.relation("Orders\0") == nil)
    #expect(try warehouse.relationNames() == ["Orders", "v"])
    #expect(try warehouse.read("ORDERS", [ScanOutput(.column("ID"), as: .value(nil))]).rowCount == 0)
  }

  @Test func `show generated columns`() throws {
    let warehouse = scratch.warehouse(
      "create table t (a integer, b integer generated always as (a * 2) virtual, c as (a * 3) stored); insert into t values (1)")
    #expect(try warehouse.relation("t")?.columns.map(\.name) == ["a", "b", "c"])
    #expect(try warehouse.column("b").column.texts == ["2"])
  }

  @Test(arguments: ["a\"b", "select", "two words", "t;drop", "'", "[x]", "naïve", "%s", "--", "", "a.b"])
  func `may be called anything`(name: String) throws {
    let q = "\"\(name.replacing("\"", with: "\"\""))\""
    let warehouse = scratch.warehouse("create table \(q) (\(q) integer, other text); insert into \(q) values (7, 'x')")
    #expect(try warehouse.relation(name)?.columns.map(\.name) == [name, "other"])
    #expect(try warehouse.read(name, [ScanOutput(.column(name), as: .value(nil))]).texts == [["7"]])
    #expect(try warehouse.examine(expression: "\(q) > 3", over: name).columns == [name])
    let copy = RelationBuild(
      name: "\(name)2", kind: .view, content: .select("select * from \(q)"), grain: [name], requiredColumns: [name],
      typedColumns: [Field(name, .int64)], zone: .utc)
    #expect(try warehouse.build(copy).rowCount == 1)
  }

  @Test func `name rows by row id where they have one`() throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x); insert into t (rowid, x) values (5, 'a'), (9, 'b');
      create table shadowed (rowid text, oid text); insert into shadowed values ('p', 'q');
      create table hidden (rowid, oid, _rowid_); insert into hidden values (1, 2, 3), (4, 5, 6);
      create table bare (x text primary key) without rowid; insert into bare values ('b'), ('a');
      create view v as select x from t;
      """)
    func rows(_ relation: String, _ column: String) throws -> (ids: Bool, numbers: [Int64], values: [String]) {
      let result = try warehouse.read(relation, [ScanOutput(.column(column), as: .value(nil))])
      let numbers = result.rowNumbers.span
      return (result.rowNumbersAreRowIDs, numbers.indices.map { numbers[$0] }, result.texts[0])
    }
    #expect(try rows("t", "x") == (true, [5, 9], ["a", "b"]))
    #expect(try rows("shadowed", "rowid") == (true, [1], ["p"]))
    #expect(try rows("hidden", "rowid") == (false, [1, 2], ["1", "4"]))
    #expect(try rows("bare", "x") == (false, [1, 2], ["a", "b"]))
    #expect(try rows("v", "x") == (false, [1, 2], ["a", "b"]))
  }

  @Test(
    arguments: [("t", 5), ("empty", 0), ("all", Int.max), ("bare", nil), ("v", nil)] as [(String, Int?)])
  func `say how many rows there are at most, where row ids tell`(relation: String, limit: Int?) throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x); insert into t (rowid, x) values (5, 'a'), (9, 'b');
      create table empty (x);
      create table "all" (x); insert into "all" (rowid, x) values (-9223372036854775808, 'a'), (9223372036854775807, 'b');
      create table bare (x text primary key) without rowid; insert into bare values ('b'), ('a');
      create view v as select x from t;
      """)
    #expect(try warehouse.rowLimit(of: relation) == limit)
    #expect(failure { try warehouse.rowLimit(of: "nosuch") }.contains("missingRelation"))
  }

  @Test func `are filtered by a predicate that is true`() throws {
    let warehouse = scratch.warehouse("create table t (x); insert into t values (1), (0), (null), (2)")
    #expect(try warehouse.read("t", [ScanOutput(.column("x"), as: .value(nil))], where: "x > 0 -- positive").texts == [["1", "2"]])
    #expect(try warehouse.read("t", [], where: "x").rowCount == 2)
  }

  @Test func `are read with more columns than a function has arguments`() throws {
    let names = (0..<300).map { "c\($0)" }
    let warehouse = scratch.warehouse(
      """
      create table t (\(names.joined(separator: ", ")));
      insert into t values (\((0..<300).map(String.init).joined(separator: ", "))), (\((300..<600).map { "'\($0)'" }.joined(separator: ", ")));
      """)
    let texts = try warehouse.read("t", names.map { ScanOutput(.column($0), as: .value(.string)) }, where: "c0 = '300'").texts
    #expect(texts == (300..<600).map { ["\($0)"] })
    let numbers = try warehouse.read("t", names.map { ScanOutput(.column($0), as: .value(.int64)) }, where: "c0 = 0").texts
    #expect(numbers == (0..<300).map { ["\($0)"] })
  }

  @Test func `ask no expression of a row that the predicate leaves out`() throws {
    let warehouse = scratch.warehouse("create table t (x); insert into t values ('{'), ('{}'), (null), ('{')")
    let outputs = [ScanOutput(.expression("json(x)"), as: .value(nil))]
    #expect(try warehouse.read("t", outputs, where: "json_valid(x)").texts == [["{}"]])
  }

  @Test func `leave nobody else the function that takes their rows`() throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x); insert into t values (1), (2);
      create view v as select gangway__take_0(x, rowid) as x from t;
      """)
    #expect(failure { try warehouse.read("v", [ScanOutput(.column("x"), as: .value(nil))]) }.contains("gangway__take_0"))
    let outputs = [ScanOutput(.expression("gangway__take_0(x, rowid)"), as: .value(nil)), ScanOutput(.column("x"), as: .value(nil))]
    #expect(failure { try warehouse.read("t", outputs) }.contains("no rows are taken here"))
  }

  @Test func `that are missing are named`() throws {
    let warehouse = scratch.warehouse("create table t (x); create view broken as select * from gone")
    #expect(failure { try warehouse.read("nosuch", []) }.contains("missingRelation(\"nosuch\""))
    #expect(failure { try warehouse.column("nosuch") } == #"missingColumn("nosuch", relation: "t")"#)
    #expect(failure { try warehouse.read("t", [ScanOutput(.expression("\"nosuch\""), as: .value(nil))]) }.contains("no such column"))
    #expect(failure { try warehouse.relation("broken") }.contains("gone"))
    #expect(failure { try warehouse.examine(expression: "x", over: "nosuch") }.contains("missingRelation"))
  }

  @Test func `name the expression that fails on a row`() throws {
    let warehouse = scratch.warehouse("create table t (x); insert into t values ('{}'), ('{')")
    let outputs = [ScanOutput(.expression("upper(x)"), as: .value(nil)), ScanOutput(.expression("json(x)"), as: .value(nil))]
    do throws(WarehouseError) {
      _ = try warehouse.read("t", outputs)
      Issue.record("nothing is wrong")
    } catch {
      guard case .expression("json(x)", "t", let reason) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(reason.contains("malformed JSON"))
    }
  }
}
