import CSVReading
import Columns
import Diagnostics
import Foundation
import SQLiteWarehouse
import Testing
import Times
import Warehouses

@Suite struct `CSV files` {
  let scratch = Scratch()

  private func load(_ text: String, types: [String: DataType] = [:]) throws(CSVError) -> SQLiteWarehouse {
    try load(Array(text.utf8), types: types)
  }

  private func load(_ bytes: [UInt8], types: [String: DataType] = [:]) throws(CSVError) -> SQLiteWarehouse {
    try .temporary(csv: scratch.write(bytes, to: "labels.csv"), displayName: "labels.csv", columnTypes: types, folder: scratch.folder)
  }

  private func read(_ warehouse: SQLiteWarehouse, _ names: [String]) throws(WarehouseError) -> ScanResult {
    try warehouse.read("spine", names.map { ScanOutput(.column($0), as: .value(nil)) })
  }

  @Test(arguments: ["a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "\u{FEFF}a,b\n1,x\n2,y", "\"a\",\"b\"\n\"1\",\"x\"\r\n2,\"y\""])
  func `are read`(text: String) throws {
    let result = try read(load(text), ["a", "b"])
    #expect(result.texts == [["1", "2"], ["x", "y"]])
    #expect(result.rowNumbersAreRowIDs && result.rowNumbers.span[1] == 2)
  }

  @Test(arguments: [
    ("1\n-5\n9223372036854775807\n-9223372036854775808\n0", DataType.int64),
    ("1\n2.5\n-0.5\n1e+16\n1e-05\n0.1", .float64), ("-0\n1", .float64), ("true\nFALSE\nTrue", .boolean),
    ("007\n8", .string), ("+1\n2", .string), ("9223372036854775808\n1", .string), ("12345678901234567890\n1.5", .string),
    ("9007199254740993\n0.5", .string), ("1.\n2", .string), (".5\n2", .string), ("1e999\n1", .string), ("0x10\n1", .string),
    ("nan\n1.5", .string), ("1 \n2", .string), ("\"\"\n1", .string), ("true\n1", .string), ("2013-01-01\n2013-01-02", .string),
    ("1\n\n2", .int64),
  ])
  func `tell their columns' types`(cells: String, type: DataType) throws {
    #expect(try read(load("x\n\(cells)\n"), ["x"]).columns[0].column.type == type)
  }

  @Test func `keep numbers as they are`() throws {
    let result = try read(
      load("i,r,b\n-9223372036854775808,0.1,true\n9223372036854775807,123456789.123456789,false\n,1e-7,\n0,-0.0,\n7,5,\n"), ["i", "r", "b"])
    #expect(
      result.texts == [
        ["-9223372036854775808", "9223372036854775807", "null", "0", "7"], ["0.1", "123456789.12345679", "1e-07", "0.0", "5.0"],
        ["true", "false", "null", "null", "null"],
      ])
  }

  @Test func `keep text as it is, empty apart from null`() throws {
    let result = try read(load("s,t\n\"a,b\",1\n\"say \"\"hi\"\"\",1\n\"two\r\nlines\",1\n\"\",1\n,1\n naïve ☂ ,1\n"), ["s"])
    #expect(result.texts == [["a,b", "say \"hi\"", "two\r\nlines", "", "null", " naïve ☂ "]])
  }

  @Test func `leave a column without values untyped`() throws {
    #expect(try read(load("a,b\n1,\n2,\n"), ["b"]).columns[0].isUntyped)
    #expect(try read(load("a,b\n"), ["a"]).rowCount == 0)
  }

  @Test func `take the types that are known`() throws {
    let warehouse = try load(
      "k,n,f,b,d,at\n007,5,5,1,2013-01-01,2013-01-01 05:00\n8,,,,,\n",
      types: ["k": .string, "n": .int64, "f": .float64, "b": .boolean, "d": .date, "at": .timestamp, "unused": .date])
    let result = try read(warehouse, ["k", "n", "f", "b", "d", "at"])
    #expect(result.columns.map(\.column.type) == [.string, .int64, .float64, .boolean, .date, .timestamp])
    #expect(result.texts.map { $0[0] } == ["007", "5", "5.0", "true", "2013-01-01", "2013-01-01T05:00:00Z"])
  }

  @Test func `may have columns of any name`() throws {
    let warehouse = try load("\"a\"\"b\",rowid,select,two words\n1,2,3,4\n")
    #expect(try read(warehouse, ["a\"b", "rowid", "select", "two words"]).texts == [["1"], ["2"], ["3"], ["4"]])
  }

  @Test(arguments: [
    ("", CSVError.Problem.noHeader, nil, nil, nil),
    ("a,,b\n", .emptyColumnName, 1, 3, 2),
    ("a,b,A\n", .duplicateColumnName, 1, 5, 3),
    ("a,b\n1,2\n3\n", .ragged(cells: 1, columns: 2), 3, 1, nil),
    ("a,b\n1,2,3\n", .ragged(cells: 3, columns: 2), 2, 3, nil),
    ("a,b\n1,2\n\n", .ragged(cells: 1, columns: 2), 3, 1, nil),
    ("a,b\n1,\"x\n2,y\n", .unclosedQuote, 2, 3, 2),
    ("a,b\n1,\"x\"y\n", .textAfterQuote, 2, 6, 2),
    ("a,b\n1,x\"y\"\n", .quoteInsideCell, 2, 4, 2),
    ("a,b\r1,2\r", .loneCarriageReturn, 1, 4, 2),
    ("a,b\n\"1\n2\",ö\"\n", .quoteInsideCell, 3, 5, 2),
  ])
  func `are refused with the place`(text: String, problem: CSVError.Problem, line: Int?, character: Int?, column: Int?) {
    do throws(CSVError) {
      _ = try load(text)
      Issue.record("it is read")
    } catch {
      #expect(error.problem == problem)
      #expect(error.line == line)
      #expect(error.character == character)
      #expect(error.column == column)
      #expect(error.diagnostics.count == 1 && error.diagnostics[0].hint != nil)
    }
  }

  @Test func `that are no UTF-8 are refused with the place`() {
    do throws(CSVError) {
      _ = try load(Array("a,b\n1,".utf8) + [0xFF, 0x0A])
      Issue.record("it is read")
    } catch {
      #expect(error.problem == .notUTF8 && error.line == 2 && error.character == 3 && error.column == 2)
    }
  }

  @Test(arguments: [
    (DataType.int64, "007"), (.int64, "1.5"), (.int64, "x"), (.int64, "9223372036854775808"), (.float64, "1,5"), (.float64, "x"),
    (.float64, "9007199254740993"), (.boolean, "yes"), (.date, "2013-02-30"), (.date, "2013-01-01 00:00"), (.timestamp, "soon"),
  ])
  func `with a cell of another type are refused with the place`(type: DataType, cell: String) {
    do throws(CSVError) {
      _ = try load("k,x\n,1\n\n,1\n".replacing("\n\n", with: "\n\"\(cell)\",1\n"), types: ["k": type])
      Issue.record("it is read")
    } catch {
      #expect(error.problem == .misfit(value: cell, wanted: type))
      #expect(error.line == 3 && error.character == 1 && error.column == 1 && error.columnName == "k")
      #expect("\(error.diagnostics[0])".hasPrefix("labels.csv:3:1: error: \"\(cell)\" in column 1 (\"k\") is no"))
    }
  }

  @Test func `that cannot be read say why`() {
    #expect(
      failure { try SQLiteWarehouse.temporary(csv: scratch.path("none.csv"), displayName: "none.csv") }.contains("No such file"))
    #expect(failure { try SQLiteWarehouse.temporary(csv: scratch.folder, displayName: "folder") }.contains("Is a directory"))
    let path = scratch.write("a\n1\n", to: "a.csv")
    #expect(
      failure { try SQLiteWarehouse.temporary(csv: path, displayName: "a.csv", folder: scratch.path("none")) }
        .contains("temporaryDatabase"))
  }

  @Test func `leave no temporary database behind`() throws {
    func files() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: scratch.folder).count }
    do {
      let warehouse = try load("a\n1\n")
      #expect(try read(warehouse, ["a"]).texts == [["1"]])
      #expect(try files() == 2)
    }
    #expect(try files() == 1)
  }

  @Test func `longer than a buffer are read whole`() throws {
    var text = "id,note,value\n"
    for i in 0..<30_000 { text += "\(i),\"note \(i)\nof \"\"two\"\" lines, é\",\(i).5\n" }
    let result = try read(load(text), ["id", "note", "value"])
    #expect(result.rowCount == 30_000)
    #expect(result.columns.map(\.column.type) == [.int64, .string, .float64])
    #expect(result.texts[1][29_999] == "note 29999\nof \"two\" lines, é")
    #expect(result.texts[2][29_999] == "29999.5")
  }
}
