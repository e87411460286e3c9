import Columns
import Outputs
import Testing
import Times

@Suite struct `A batch against its contract` {
  private static let types = """
    [{name: i, type: int64}, {name: f, type: float64}, {name: b, type: boolean}, {name: s, type: string}, {name: d, type: date}, \
    {name: t, type: timestamp}]
    """

  @Test func `is taken with typed values`() throws {
    let taken = try Batch(Self.types).read(
      "id,i,f,b,s,d,t\n1,-3,3,true,\"\",2024-02-29,2024-01-31 05:00\n2,,1e-05,FALSE,,,2024-01-31T05:00:00+01:00\n3,9223372036854775807,-0.0,,\"=1+1\",,\n"
    )
    #expect(taken.tables[0].fields.map(\.name) == ["id", "i", "f", "b", "s", "d", "t", "predicted_at"])
    let now = "2024-06-01T00:00:00Z"
    #expect(
      taken.rows == [
        ["1", "-3", "3.0", "true", "", "2024-02-29", "2024-01-31T05:00:00Z", now],
        ["2", "null", "1e-05", "false", "null", "null", "2024-01-31T04:00:00Z", now],
        ["3", "9223372036854775807", "0.0", "null", "=1+1", "null", "null", now],
      ])
  }

  @Test(arguments: [
    ("i", "3.0", "value-misfit"), ("i", "007", "value-misfit"), ("i", "\"\"", "value-misfit"), ("i", "9223372036854775808", "value-misfit"),
    ("f", "x", "value-misfit"), ("f", "NaN", "not-finite"), ("f", "-inf", "not-finite"), ("f", "Infinity", "not-finite"),
    ("f", "1e999", "value-misfit"), ("f", "9007199254740993", "value-misfit"), ("b", "1", "value-misfit"), ("b", "yes", "value-misfit"),
    ("d", "2024-02-30", "value-misfit"), ("t", "soon", "unreadable-time"), ("t", "17", "time-needs-unit"),
  ])
  func `has values of its types`(column: String, cell: String, rule: String) throws {
    let batch = try Batch(Self.types)
    let report = try #require(try batch.report([batch.write("id,\(column)\n1,\n2,\(cell)\n")]))
    #expect(report.groups.map(\.rule) == [rule] && report.groups[0].column == column && report.groups[0].count == 1)
    let violation = report.groups[0].examples[0]
    #expect(violation.file == "p.csv" && violation.line == 3 && violation.row == 2)
    #expect(violation.value == (cell == "\"\"" ? "" : cell) && report.groups[0].hint != nil)
  }

  @Test(
    arguments: [
      ("{name: x, type: float64, min: 0, max: 1}", "0,1,0.5,", []),
      ("{name: x, type: float64, min: 0, max: 1}", "-1e-9,1.0000001", ["2 below-min", "3 above-max"]),
      ("{name: x, type: int64, min: -5}", "-5,-6", ["3 below-min"]),
      ("{name: x, type: date, max: 2024-01-31}", "2024-01-31,2024-02-01", ["3 above-max"]),
      ("{name: x, type: timestamp, min: 2024-01-31}", "2024-01-31,2024-01-30T23:59:59Z", ["3 below-min"]),
      ("{name: x, type: string, not_null: true}", "a,,\"\"", ["3 null-value"]),
      ("{name: x, type: int64, not_null: true}", "1,,x", ["3 null-value", "4 value-misfit"]),
      (
        "{name: x, type: string, accepted_values: [low, \"\", \"é\"]}", "low,,\"\",\u{e9},Low,e\u{301}",
        ["6 not-accepted", "7 not-accepted"]
      ),
      ("{name: x, type: int64, accepted_values: [1, 2]}", "1,2,3", ["4 not-accepted"]),
      ("{name: x, type: float64, accepted_values: [0.5]}", "0.5,0.50,0.51", ["4 not-accepted"]),
      ("{name: x, type: boolean, accepted_values: [true]}", "true,false,", ["3 not-accepted"]),
      ("{name: x, type: date, accepted_values: [2024-01-31]}", "2024-01-31,2024-01-30", ["3 not-accepted"]),
      ("{name: x, type: timestamp, accepted_values: [2024-01-31]}", "2024-01-31T00:00:00Z,2024-01-30", ["3 not-accepted"]),
      ("{name: x, type: string, max_length: 3}", "abc,äöü,☂☂☂☂", ["4 too-long"]),
    ] as [(String, String, [String])])
  func `keeps its limits`(column: String, cells: String, found: [String]) throws {
    let rows = cells.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { "\($0),\($1)\n" }.joined()
    let batch = try Batch("[\(column)]")
    let report = try batch.report([batch.write("id,x\n\(rows)")])
    let all = report?.groups.flatMap { group in group.examples.map { "\($0.line ?? 0) \(group.rule)" } } ?? []
    #expect(all.sorted() == found)
  }

  @Test func `has a whole key in every row, and every row once`() throws {
    let batch = try Batch("[{name: x, type: int64}]", key: "[{name: a, type: string}, {name: b, type: int64}]")
    // ("1", 23) and ("12", 3) are two keys, and so are "07" and "7".
    let found = try batch.mistakes("a,b,x\n1,23,0\n12,3,0\n07,1,0\n7,1,0\n,1,0\n\"\",1,0\n7,,0\n12,3,9\n7,x,1\n")
    #expect(
      found == [
        "p.csv:6: key column \"a\" is null [null-key]", "p.csv:8: key column \"b\" is null [null-key]",
        "p.csv:9: a=12, b=3 is in the batch already: p.csv:3 [duplicate-row]", "p.csv:10: \"x\" in column \"b\" is no int64 [value-misfit]",
      ])
  }

  @Test func `has columns in any order and under earlier names`() throws {
    let batch = try Batch("[{name: x, type: int64, was: [y, z]}, {name: w, type: string}]")
    #expect(try batch.read("w,z,id\na,5,1\n").rows.map { $0.prefix(3) } == [["1", "5", "a"]])
    #expect(try batch.read("id\n1\n").rows.map { $0.prefix(3) } == [["1", "null", "null"]])
  }

  @Test(arguments: [
    ("id,x,oder\n1,2,3\n", "p.csv:1: column \"oder\" is none of output \"eta\" [unknown-column]"),
    ("x\n1\n", "p.csv:1: key column \"id\" is missing [missing-column]"),
    ("id\n1\n", "p.csv:1: column \"x\" (earlier \"y\") is missing [missing-column]"),
    ("id,x,y\n1,2,3\n", "p.csv:1: column \"x\" is there as \"x\" and as \"y\" [duplicate-column]"),
    ("id,x,x\n1,2,3\n", "p.csv:1: column \"x\" is there twice [duplicate-column]"),
    ("id,x,predicted_at\n1,2,\n", "p.csv:1: column \"predicted_at\" is none of output \"eta\" [unknown-column]"),
    ("", "CSV file \"p.csv\" is empty [bad-csv]"),
  ])
  func `has the columns that are declared`(text: String, found: String) throws {
    #expect(try Batch("[{name: x, type: int64, not_null: true, was: y}, {name: order, type: int64}]").mistakes(text) == [found])
  }

  @Test func `is told what a column may be meant to be`() throws {
    let batch = try Batch("[{name: eta_minutes, type: int64}, {name: X, type: int64, not_null: true}]")
    let report = try #require(try batch.report([batch.write("id,eta_minuets,x\n1,2,3\n")]))
    #expect(
      report.groups.map(\.hint) == [
        "\"x\" may be meant: rename it", "did you mean \"eta_minutes\"? Else remove it, or declare it",
        "did you mean \"X\"? Else remove it, or declare it",
      ])
  }

  @Test func `may have columns of any name`() throws {
    let batch = try Batch("[{name: select, type: int64}, {name: 'a \"b\"', type: string}, {name: 'c,d', type: string}]")
    let taken = try batch.read("\"a \"\"b\"\"\",id,\"c,d\",select\n\"1\"\"2\",7,\"x,\ny\",3\n")
    #expect(taken.rows[0].prefix(4) == ["7", "3", "1\"2", "x,\ny"])
  }

  @Test func `has as many rows as it must`() throws {
    let batch = try Batch("[{name: x, type: int64}]", "rows: {min: 2}")
    #expect(
      try batch.mistakes("id,x\n1,2\n") == ["the batch has 1 row, and output \"eta\" needs at least 2 [too-few-rows]"])
    #expect(try batch.mistakes("id,x\n1,2\n2,2\n").isEmpty)
  }
}
