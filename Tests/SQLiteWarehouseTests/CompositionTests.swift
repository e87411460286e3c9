import Columns
import SQLiteWarehouse
import Testing
import Times
import Warehouses

/// A base of four rows, a relation of names, and one of prices in the course of time.
private let tables = """
  create table base (id integer, code text, at text, seconds integer);
  insert into base values (1, 'a', '2024-05-01 08:00:00', 10), (2, 'B', '2024-05-01T12:00:00.5Z', 11), (3, null, null, null), (4, 'a', '2024-05-02 00:00:00', -1);
  create table names (code text, "odd ""name" text);
  insert into names values ('a', 'Alpha'), ('b', 'small'), ('B', 'Beta'), (null, 'nobody'), (null, 'nobody else');
  create table prices (code text, price real, valid_from_us integer, valid_to_us integer);
  insert into prices values
    ('a', 1, 1714550400000000, 1714564800000000), ('a', 2, 1714564800000000, 1714608000000000), ('a', 3, 1714608000000000, null),
    ('B', 7, 1714564800500000, null), ('B', 8, null, null), ('a', 9, 1714564800000000, 1714564800000000);
  """

@Suite struct `Composing relations` {
  let scratch = Scratch()

  private func build(_ joins: [RelationComposition.Join], kind: Relation.Kind = .table, base: String = "base") -> RelationBuild {
    let columns = ["id", "code"].map { RelationComposition.Column($0, as: $0) }
    return RelationBuild(
      name: "mart", kind: kind, content: .composition(RelationComposition(base: base, columns: columns, joins: joins)), grain: ["id"],
      requiredColumns: [], typedColumns: [], zone: .utc, indexesGrain: true)
  }

  private func join(
    _ relation: String, on key: [String] = ["code"], _ columns: [String: String], at moment: RelationComposition.Moment? = nil
  ) -> RelationComposition.Join {
    RelationComposition.Join(
      relation: relation, key: key.map { .init(there: $0, here: $0) },
      columns: columns.sorted { $0.key < $1.key }.map { .init($0.key, as: $0.value) }, moment: moment)
  }

  private func moment(_ column: String, _ unit: TimeUnit? = nil, zone: Zone = .utc) -> RelationComposition.Moment {
    RelationComposition.Moment(column: column, reader: TimeReader(role: .decision, unit: unit, zone: zone))
  }

  private func rows(_ warehouse: SQLiteWarehouse) throws -> [String] {
    try warehouse.head(of: "mart", limit: 999).rows.map { row in row.map { "\($0)" }.joined(separator: " ") }.sorted()
  }

  @Test(arguments: [Relation.Kind.table, .view])
  func `joins on keys by bytes, and nulls match nothing`(kind: Relation.Kind) throws {
    let warehouse = scratch.warehouse(tables)
    let built = try warehouse.build(build([join("names", ["odd \"name": "what \"it\" is"])], kind: kind))
    #expect(built.rowCount == 4 && built.relation.columns.map(\.name) == ["id", "code", "what \"it\" is"])
    #expect(
      try rows(warehouse) == [
        #"integer(1) text("a") text("Alpha")"#, #"integer(2) text("B") text("Beta")"#, "integer(3) null null",
        #"integer(4) text("a") text("Alpha")"#,
      ])
  }

  @Test func `finds what was valid at a moment, from its beginning on and before its end`() throws {
    let warehouse = scratch.warehouse(tables)
    let newYork = try #require(Zone("America/New_York"))
    _ = try warehouse.build(build([join("prices", ["price": "price"], at: moment("at", zone: newYork))]))
    #expect(
      try rows(warehouse) == [
        // 08:00 in New York is 12:00 UTC, when the second price begins.
        #"integer(1) text("a") real(2.0)"#, #"integer(2) text("B") real(7.0)"#, "integer(3) null null",
        #"integer(4) text("a") real(3.0)"#,
      ])
  }

  @Test(arguments: [TimeUnit.s, .ms, .us, .ns])
  func `reads whole numbers in plain SQL as exactly as elsewhere`(unit: TimeUnit) throws {
    let setup = """
      create table base (id integer, code text, seconds integer);
      insert into base values (1, 'a', -1001), (2, 'a', -1000), (3, 'a', -999), (4, 'a', -1), (5, 'a', 0), (6, 'a', 999), (7, 'a', 1000), (8, 'a', null);
      create table prices (code text, price integer, valid_from_us integer, valid_to_us integer);
      insert into prices values ('a', 1, -1001000000, -1000000), ('a', 2, -1000000, -1), ('a', 3, -1, 0), ('a', 4, 0, 1), ('a', 5, 1, 1000), ('a', 6, 1000, null);
      """
    let warehouse = scratch.warehouse(setup)
    var found: [[String]] = []
    for kind in [Relation.Kind.table, .view] {
      _ = try warehouse.build(build([join("prices", ["price": "price"], at: moment("seconds", unit))], kind: kind))
      found.append(try rows(warehouse))
    }
    #expect(found[0] == found[1] && Set(found[0].map { $0.split(separator: " ").last }).count > 2)
  }

  @Test func `agrees with a slow look at every stretch`() throws {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    func draw(_ limit: Int64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(state >> 33) % limit
    }
    var stretches: [(key: Int64, from: Int64, to: Int64?)] = []
    for key in 0..<6 as Range<Int64> {
      var time = draw(5)
      for _ in 0..<draw(5) {
        let end = time + draw(4)
        stretches.append((key, time, draw(5) == 0 ? nil : end))
        if stretches.last?.to == nil { break }
        time = end + draw(2)
      }
    }
    let asked = (0..<120).map { (id: $0, key: draw(7), time: draw(20)) }
    let want = asked.map { ask in
      let place = stretches.firstIndex { $0.key == ask.key && $0.from <= ask.time && ask.time < $0.to ?? .max }
      return "integer(\(ask.id)) integer(\(ask.key)) \(place.map { "integer(\($0))" } ?? "null")"
    }
    let values = stretches.enumerated().map { "(\($1.key), \($0), \($1.from), \($1.to.map(String.init) ?? "null"))" }
    let warehouse = scratch.warehouse(
      """
      create table base (id integer, code integer, at integer);
      insert into base values \(asked.map { "(\($0.id), \($0.key), \($0.time))" }.joined(separator: ", "));
      create table prices (code integer, place integer, valid_from_us integer, valid_to_us integer);
      insert into prices values \(values.joined(separator: ", "));
      """)
    _ = try warehouse.build(build([join("prices", ["place": "place"], at: moment("at", .us))]))
    #expect(try rows(warehouse) == want.sorted())
  }

  @Test(arguments: [Relation.Kind.table, .view])
  func `refuses a joined key that is there twice, and keeps the old`(kind: Relation.Kind) throws {
    let mark = "create table gangway__built (relation text primary key collate nocase); insert into gangway__built values ('mart');"
    let warehouse = scratch.warehouse(
      mark + tables + "create table mart as select 1 as old; insert into names values ('zz', 'x'), ('zz', 'y')")
    let found = try #require(duplicates(warehouse, build([join("names", ["odd \"name": "x"])], kind: kind)))
    #expect(found.join == 0 && !found.atOneTime)
    #expect(found.keys == DuplicateGrain(relation: "names", grain: ["code"], keyCount: 1, examples: [.init(key: ["zz"], rows: 2)]))
    #expect(try warehouse.relation("mart")?.columns.map(\.name) == ["old"])
  }

  @Test(arguments: [
    ("('a', 5, 1714550399999999, 1714550400000001)", 2), ("('a', 5, 0, null)", 4), ("('B', 5, 1714564800500000, null)", 2),
  ])
  func `refuses stretches that overlap`(row: String, rows: Int) throws {
    let warehouse = scratch.warehouse(tables + "insert into prices values \(row);")
    let found = try #require(duplicates(warehouse, build([join("prices", ["price": "x"], at: moment("at"))])))
    #expect(found.atOneTime && found.keys.keyCount == 1 && found.keys.examples.first?.rows == rows)
    #expect(try warehouse.relation("mart") == nil)
  }

  @Test func `joins what has no key if it has one row`() throws {
    let warehouse = scratch.warehouse(tables + "create table today (price real); insert into today values (4.5);")
    #expect(try warehouse.build(build([join("today", on: [], ["price": "price"])])).rowCount == 4)
    Database(scratch.path("w.sqlite")).run("insert into today values (5.5)")
    let found = try #require(duplicates(warehouse, build([join("today", on: [], ["price": "price"])])))
    #expect(found.keys.grain.isEmpty && found.keys.examples.first?.rows == 2)
  }

  @Test func `refuses a base with a key twice`() throws {
    let warehouse = scratch.warehouse(tables + "insert into base values (4, 'b', null, null);")
    #expect(failure { try warehouse.build(build([])) }.contains(#"duplicateGrain"#))
  }

  @Test func `names the row of a moment that is none`() throws {
    let warehouse = scratch.warehouse(tables + "insert into base values (5, 'b', 'soon', null), (6, 'b', '2024-05-01', null);")
    do throws(WarehouseError) {
      _ = try warehouse.build(build([join("prices", ["price": "x"], at: moment("at")), join("prices", ["price": "y"], at: moment("at"))]))
      Issue.record("it is built")
    } catch {
      guard case .data(let problems) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(problems.map(\.value) == ["soon"] && problems.map(\.key) == [["5"]] && problems.map(\.more) == [1])
    }
  }

  @Test func `refuses a view over times that plain SQL cannot read`() throws {
    let warehouse = scratch.warehouse(tables + "insert into base values (5, 'b', null, 1.5);")
    let one = join("prices", ["price": "x"], at: moment("seconds", .s))
    #expect(failure { try warehouse.build(build([one], kind: .view)) }.contains("no view can read exactly"))
    #expect(try warehouse.build(build([one])).rowCount == 5)
  }

  @Test func `a value is equal to one joined value only, whatever columns declare`() throws {
    let warehouse = scratch.warehouse(
      """
      create table base (id integer, code integer); insert into base values (1, 7), (2, '7'), (3, 'x');
      create table names (code, name text); insert into names values (7, 'number'), ('7', 'text'), ('x', 'letter');
      """)
    #expect(try warehouse.build(build([join("names", ["name": "name"])])).rowCount == 3)
    #expect(try rows(warehouse).map { $0.split(separator: " ").last } == [#"text("number")"#, #"text("number")"#, #"text("letter")"#])
  }

  @Test func `rows of a table are found by an index on their grain`() throws {
    let warehouse = scratch.warehouse(tables)
    _ = try warehouse.build(build([]))
    let database = Database(scratch.path("w.sqlite"))
    #expect(database.tries("select * from mart indexed by mart__grain where id = 1"))
    _ = try warehouse.build(build([], kind: .view))
    #expect(!database.tries("select * from mart indexed by mart__grain where id = 1"))
  }

  private func duplicates(
    _ warehouse: SQLiteWarehouse, _ build: RelationBuild
  ) -> (keys: DuplicateGrain, join: Int, atOneTime: Bool)? {
    do throws(WarehouseError) {
      _ = try warehouse.build(build)
      return nil
    } catch {
      if case .duplicateJoinKey(let keys, let join, let atOneTime) = error { return (keys, join, atOneTime) }
      Issue.record("\(error)")
      return nil
    }
  }
}
