import Columns
import SQLiteWarehouse
import Testing
import Times
import Warehouses

@Suite struct `Reading values` {
  let scratch = Scratch()

  @Test(arguments: [
    ("(1), (2), (null), (-9223372036854775808)", DataType.int64, ["1", "2", "null", "-9223372036854775808"]),
    ("(1), (2.5), (null)", .float64, ["1.0", "2.5", "null"]),
    ("(2.5), (1)", .float64, ["2.5", "1.0"]),
    ("(null), ('a'), ('')", .string, ["null", "a", ""]),
    ("('2013-01-01')", .string, ["2013-01-01"]),
    ("(-0.0), (1.5)", .float64, ["0.0", "1.5"]),
    ("(9007199254740993)", .int64, ["9007199254740993"]),
  ])
  func `infers the type from all values`(rows: String, type: DataType, texts: [String]) throws {
    let column = try scratch.warehouse("create table t (x); insert into t values \(rows)").column("x")
    #expect(column.column.type == type)
    #expect(column.column.texts == texts)
    #expect(!column.isUntyped)
  }

  @Test func `says where nothing tells the type`() throws {
    let warehouse = scratch.warehouse("create table t (x, y integer); insert into t values (null, null), (null, null)")
    let untyped = try warehouse.column("x")
    #expect(untyped.isUntyped && untyped.column.type == .string && untyped.column.texts == ["null", "null"])
    let declared = try warehouse.column("y")
    #expect(!declared.isUntyped && declared.column.type == .int64)
  }

  @Test(arguments: [
    ("INTEGER", DataType.int64), ("bigint", .int64), ("UNSIGNED BIG INT", .int64), ("REAL", .float64), ("double precision", .float64),
    ("VARCHAR(20)", .string), ("TEXT", .string), ("BOOLEAN", .boolean), ("date", .date), ("TIMESTAMP", .timestamp),
    ("timestamp with time zone", .timestamp), ("DATETIME", .timestamp), ("NUMERIC", nil), ("DECIMAL(10,2)", nil), ("", nil),
    ("point", nil), ("character varying(9)", .string),
  ])
  func `knows what declarations mean`(declaration: String, type: DataType?) throws {
    let relation = try scratch.warehouse("create table t (x \(declaration))").relation("t")
    #expect(relation?.columns == [RelationColumn(name: "x", declaredText: declaration, declaredType: type)])
  }

  @Test(arguments: [
    (DataType.int64, "(1), (5.0), (null)", ["1", "5", "null"]),
    (.float64, "(1), (5.5), (9007199254740992)", ["1.0", "5.5", "9007199254740992.0"]),
    (.boolean, "(1), (0), ('true'), ('FALSE'), ('True'), (null)", ["true", "false", "true", "false", "true", "null"]),
    (.string, "('a'), (''), ('naïve ☂'), (null)", ["a", "", "naïve ☂", "null"]),
    (.date, "('2013-01-01'), (null)", ["2013-01-01", "null"]),
    (
      .timestamp, "('2013-01-01 05:00'), ('2013-01-01'), ('2013-01-01T05:00:00.25Z'), (null)",
      ["2013-01-01T10:00:00Z", "2013-01-01T05:00:00Z", "2013-01-01T05:00:00.250000Z", "null"]
    ),
  ])
  func `accepts what fits a given type`(type: DataType, rows: String, texts: [String]) throws {
    let zone = try #require(Zone("America/New_York"))
    let column = try scratch.warehouse("create table t (x); insert into t values \(rows)").column("x", as: type, zone: zone).column
    #expect(column.type == type)
    #expect(column.texts == texts)
  }

  @Test(arguments: [
    (DataType?.some(.int64), "1.5", DataProblem.Kind.misfit(found: "real", wanted: .int64)),
    (.int64, "9007199254740994.0", .misfit(found: "real", wanted: .int64)),
    (.int64, "'5'", .misfit(found: "text", wanted: .int64)),
    (.float64, "'5'", .misfit(found: "text", wanted: .float64)),
    (.float64, "9007199254740993", .inexactInteger),
    (.float64, "9223372036854775807", .inexactInteger),
    (.boolean, "2", .misfit(found: "integer", wanted: .boolean)),
    (.boolean, "'yes'", .misfit(found: "text", wanted: .boolean)),
    (.boolean, "0.5", .misfit(found: "real", wanted: .boolean)),
    (.string, "5", .misfit(found: "integer", wanted: .string)),
    (.string, "x'41'", .blob),
    (.string, "cast(x'ff41' as text)", .notUTF8),
    (.string, "cast(x'eda080' as text)", .notUTF8),
    (.string, "cast(x'c3' as text)", .notUTF8),
    (.date, "'2013-01-01 00:00:00'", .misfit(found: "text", wanted: .date)),
    (.date, "'2013-02-30'", .misfit(found: "text", wanted: .date)),
    (.date, "15706", .misfit(found: "integer", wanted: .date)),
    (.timestamp, "1357016400", .time(.needsUnit)),
    (.timestamp, "1357016400.5", .time(.needsUnit)),
    (.timestamp, "'soon'", .time(.unreadable)),
    (nil, "x'41'", .blob),
  ])
  func `refuses what does not fit`(type: DataType?, value: String, kind: DataProblem.Kind) throws {
    let problems = try scratch.warehouse("create table t (x); insert into t values (\(value))").problems(as: type)
    #expect(problems.map(\.kind) == [kind])
  }

  @Test(arguments: [
    ("(1), ('a'), (2), ('b')", DataProblem.Kind.misfit(found: "text", wanted: .int64), Int64(2), 1),
    ("(1.5), ('a')", .misfit(found: "text", wanted: .float64), 2, 0),
    ("('a'), (1), (2), (x'00')", .misfit(found: "integer", wanted: .string), 2, 2),
    ("(1), (9007199254740993), (9007199254740995), (0.5)", .inexactInteger, 2, 1),
    ("(0.5), (9007199254740993)", .inexactInteger, 2, 0),
    ("(9007199254740993), ('a'), (0.5)", .inexactInteger, 1, 1),
    ("('a'), (9007199254740993), (0.5)", .misfit(found: "integer", wanted: .string), 2, 1),
    ("(1), ('a'), (9007199254740993), (0.5)", .misfit(found: "text", wanted: .int64), 2, 1),
  ])
  func `names the first misfit among values of one kind and counts the rest`(
    rows: String, kind: DataProblem.Kind, row: Int64, more: Int
  ) throws {
    let problem = try #require(try scratch.warehouse("create table t (x); insert into t values \(rows)").problems().first)
    #expect(problem.kind == kind)
    #expect(problem.row == row && problem.rowIsRowID)
    #expect(problem.more == more)
  }

  @Test func `makes NaN and the infinities null and counts them`() throws {
    let column = try scratch.warehouse("create table t (x); insert into t values (1.5), (9e999), (-9e999), (9e999 - 9e999)").column("x")
    #expect(column.column.texts == ["1.5", "null", "null", "null"])
    #expect(column.nonFinite == 2)
  }

  @Test func `reports all outputs together, with key and value`() throws {
    let warehouse = scratch.warehouse(
      """
      create table t (id integer primary key, a text, x, at);
      insert into t values (10, 'p', 1, '2013-01-01'), (20, 'q', 'bad', 'never'), (30, 'r', 2, 5), (40, 's', 'worse', '2013-01-01');
      """)
    let outputs = [
      ScanOutput(.column("id"), as: .value(nil)), ScanOutput(.column("a"), as: .value(nil)),
      ScanOutput(.column("x"), as: .value(.int64)), ScanOutput(.column("at"), as: .time(TimeReader(role: .value, zone: .utc))),
    ]
    do throws(WarehouseError) {
      _ = try warehouse.read("T", outputs, keys: [0, 1])
      Issue.record("nothing is wrong")
    } catch {
      guard case .data(let problems) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        problems == [
          DataProblem(
            kind: .misfit(found: "text", wanted: .int64), relation: "t", column: "x", output: 2, row: 20, rowIsRowID: true,
            key: ["20", "q"], value: "bad", more: 1),
          DataProblem(
            kind: .time(.unreadable), relation: "t", column: "at", output: 3, row: 20, rowIsRowID: true, key: ["20", "q"],
            value: "never", more: 1),
        ])
    }
  }

  @Test func `names the key of a whole number that turns out not to fit`() throws {
    let warehouse = scratch.warehouse(
      "create table t (k text, x); insert into t values ('a', 1), ('b', 9007199254740993), ('c', 0.5)")
    let outputs = [ScanOutput(.column("k"), as: .value(nil)), ScanOutput(.column("x"), as: .value(nil))]
    do throws(WarehouseError) {
      _ = try warehouse.read("t", outputs, keys: [0])
      Issue.record("nothing is wrong")
    } catch {
      guard case .data(let problems) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(problems.map(\.key) == [["b"]])
      #expect(problems.map(\.value) == ["9007199254740993"])
    }
  }

  @Test func `reads flags as truth`() throws {
    let warehouse = scratch.warehouse(
      "create table t (x); insert into t values (1), (0), (null), (7), (0.5), ('true'), ('False'), ('1'), ('0')")
    let expected = ["true", "false", "false", "true", "true", "true", "false", "true", "false"]
    #expect(try warehouse.read("t", [ScanOutput(.column("x"), as: .flag)]).texts == [expected])
    let comparison = ScanOutput(.expression("x > 0 -- only numbers"), as: .flag)
    let compared = try warehouse.read("t", [comparison], where: "typeof(x) <> 'text'")
    #expect(compared.texts == [["true", "false", "false", "true", "true"]])
    let more = scratch.warehouse("insert into t values ('yes')")
    #expect(failure { try more.read("t", [ScanOutput(.column("x"), as: .flag)]) }.contains("misfit"))
  }

  @Test func `reads times by their reader`() throws {
    let warehouse = scratch.warehouse(
      "create table t (x); insert into t values (1357016400), (1357016400.5), (null), ('2013-01-01 00:00:00')")
    let zone = try #require(Zone("America/New_York"))
    let output = ScanOutput(.column("x"), as: .time(TimeReader(role: .event, unit: .s, zone: zone)))
    let column = try warehouse.read("t", [output]).columns[0]
    #expect(column.column.texts == ["2013-01-01T05:00:00Z", "2013-01-01T05:00:00.500000Z", "null", "2013-01-01T05:00:00Z"])
  }
}
