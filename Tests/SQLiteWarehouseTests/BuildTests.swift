import Columns
import SQLiteWarehouse
import Testing
import Times
import Warehouses

@Suite struct `Building relations` {
  let scratch = Scratch()

  private func build(
    _ select: String, kind: Relation.Kind = .table, grain: [String] = [], required: [String] = [], typed: [Field] = []
  ) -> RelationBuild {
    RelationBuild(
      name: "stg", kind: kind, content: .select(select), grain: grain, requiredColumns: required, typedColumns: typed, zone: .utc)
  }

  /// What stands under a name that was built here may be replaced.
  private let mark = "create table gangway__built (relation text primary key collate nocase); insert into gangway__built values ('stg');"
  private let raw = "create table raw (id integer, x); insert into raw values (1, 'a'), (2, 'b'), (2, 'c'), (3, null), (3, 'd'), (3, 'e');"

  @Test(arguments: [Relation.Kind.table, .view])
  func `makes them`(kind: Relation.Kind) throws {
    let warehouse = scratch.warehouse(raw)
    let built = try warehouse.build(
      build("select id, x from raw -- all of it", kind: kind, grain: ["id", "x"], required: ["ID"], typed: [Field("id", .int64)]))
    #expect(built.relation.kind == kind && built.relation.name == "stg" && built.rowCount == 6)
    #expect(try warehouse.relation("stg") == built.relation)
  }

  @Test(arguments: ["table stg as select 1 as old", "view STG as select 1 as old"])
  func `leaves alone what was not built here`(old: String) throws {
    let warehouse = scratch.warehouse(raw + "create \(old);")
    #expect(failure { try warehouse.build(build("select id from raw")) }.contains("foreignRelation"))
    #expect(try warehouse.relation("stg")?.columns.map(\.name) == ["old"])
    #expect(try !warehouse.relationNames().contains("gangway__built"))
  }

  @Test(arguments: [Relation.Kind.table, .view], ["table stg as select 1 as old", "view STG as select 1 as old"])
  func `replaces what has the name, whatever its kind`(kind: Relation.Kind, old: String) throws {
    let warehouse = scratch.warehouse(mark + raw + "create \(old); create view reader as select * from stg;")
    #expect(try warehouse.build(build("select id from raw;\n-- done", kind: kind)).rowCount == 6)
    #expect(try warehouse.relation("stg")?.kind == kind)
    #expect(try warehouse.relation("reader")?.columns.map(\.name) == ["id"])
  }

  @Test(arguments: [
    ("select nosuch from raw", "no such column"), ("select \"nosuch\" from raw", "no such column"), ("select from", "syntax"),
    ("select * from nosuch", "no such table"), ("select 1 as a; select 2", "more than one statement"), ("", "no statement"),
    ("-- nothing", "no statement"), ("drop table raw", "only a SELECT"), ("delete from raw returning id", "only a SELECT"),
    ("insert into raw values (1, 2)", "only a SELECT"), ("pragma user_version", "only a SELECT"), ("explain select 1", "only a SELECT"),
    ("attach 'x' as y", "only a SELECT"),
    ("select 1 as a; drop table raw", "more than one statement"), ("select 1 as a, 2 as A", "two of its"),
    ("select ? as a", "parameter"), ("select 1 as a\0", "NUL"), ("select old from stg", "no such table"),
    ("select json('{') as j", "malformed JSON"),
  ])
  func `refuses SQL that is not one SELECT that runs, and keeps the old`(select: String, reason: String) throws {
    let warehouse = scratch.warehouse(mark + raw + "create table stg as select 1 as old;")
    for kind in [Relation.Kind.table, .view] {
      do throws(WarehouseError) {
        _ = try warehouse.build(build(select, kind: kind))
        Issue.record("\(select) is built")
      } catch {
        guard case .sql("stg", let words) = error else {
          Issue.record("\(error)")
          return
        }
        // A view that reads itself is called a circle.
        #expect(words.contains(reason) || words.contains("circular"), "\(words)")
      }
      #expect(try warehouse.relation("stg")?.columns.map(\.name) == ["old"])
      #expect(try warehouse.relation("raw") != nil)
    }
  }

  @Test(arguments: [Relation.Kind.table, .view])
  func `refuses a grain that is not unique, with examples`(kind: Relation.Kind) throws {
    let warehouse = scratch.warehouse(mark + raw + "create table stg as select 1 as old; insert into raw values (null, 'z'), (null, 'z')")
    do throws(WarehouseError) {
      _ = try warehouse.build(build("select * from raw", kind: kind, grain: ["id"]))
      Issue.record("it is built")
    } catch {
      guard case .duplicateGrain(let found) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        found
          == DuplicateGrain(
            relation: "stg", grain: ["id"], keyCount: 3,
            examples: [.init(key: ["3"], rows: 3), .init(key: ["null"], rows: 2), .init(key: ["2"], rows: 2)]))
    }
    #expect(try warehouse.relation("stg")?.columns.map(\.name) == ["old"])
  }

  @Test func `compares a grain by bytes, whatever the collation`() throws {
    let warehouse = scratch.warehouse("create table raw (id text collate nocase); insert into raw values ('a'), ('A')")
    #expect(try warehouse.build(build("select id from raw", kind: .view, grain: ["id"])).rowCount == 2)
  }

  @Test func `refuses missing columns and values of another type`() throws {
    let warehouse = scratch.warehouse(mark + raw + "create table stg as select 1 as old;")
    #expect(
      failure { try warehouse.build(build("select id from raw", required: ["x"])) }
        == #"missingBuiltColumn("x", relation: "stg", has: ["id"])"#)
    do throws(WarehouseError) {
      _ = try warehouse.build(build("select id, x from raw", grain: ["id", "x"], typed: [Field("x", .int64), Field("id", .string)]))
      Issue.record("it is built")
    } catch {
      guard case .data(let problems) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(problems.map(\.column) == ["x", "id"])
      #expect(problems.map(\.key) == [["1", "a"], ["1", "a"]])
      #expect(problems.map(\.more) == [4, 5])
    }
    #expect(try warehouse.relation("stg")?.columns.map(\.name) == ["old"])
  }
}
