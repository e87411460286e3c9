import Diagnostics
import Outputs
import TestSupport
import Testing
import Times

@Suite struct `What is wrong with a batch` {
  @Test func `is told all at once`() throws {
    let batch = try Batch(
      "[{name: x, type: float64, min: 0, not_null: true}, {name: s, type: string, accepted_values: [a, b]}]", "predicted_at: at")
    let found = try batch.mistakes(
      """
      id,x,s,at,more
      1,-1,c,2024-01-01T00:00:00Z,
      ,,a,2025-01-01T00:00:00Z,
      1,nan,,2024-01-01T00:00:00Z,
      2,5,"
      """)
    #expect(
      found == [
        "p.csv:1: column \"more\" is none of output \"eta\" [unknown-column]",
        "p.csv:2: \"-1.0\" in column \"x\" is below its least value, 0.0 [below-min]",
        "p.csv:2: \"c\" in column \"s\" is none of its accepted values [not-accepted]", "p.csv:3: key column \"id\" is null [null-key]",
        "p.csv:3: column \"x\" is null, and must not be [null-value]",
        "p.csv:3: \"2025-01-01T00:00:00Z\" in column \"at\" is after the moment of registering, 2024-06-01T00:00:00Z [future-time]",
        "p.csv:4: \"nan\" in column \"x\" is no finite number [not-finite]",
        "p.csv:4: id=1, at=2024-01-01T00:00:00Z is in the batch already: p.csv:2 [duplicate-row]",
        "p.csv:5: the quote that opens column 3 is never closed [bad-csv]",
      ])
  }

  @Test(arguments: [false, true])
  func `is told twenty times a kind and counted`(hasErrorFile: Bool) throws {
    let batch = try Batch("[{name: x, type: int64, max: 5}, {name: y, type: int64}]")
    batch.errorFile = hasErrorFile ? batch.folder.file("errors.csv") : nil
    var text = "id,x,y\n"
    for i in 0..<70_000 { text += "\(i),\(i % 7 == 0 ? 9 : 1),\(i % 3 == 0 ? "no" : "")\n" }
    let report = try #require(try batch.report([batch.write(text)]))
    #expect(report.groups.map(\.rule) == ["value-misfit", "above-max"] || report.groups.map(\.rule) == ["above-max", "value-misfit"])
    let counts = Dictionary(uniqueKeysWithValues: report.groups.map { ($0.rule, $0.count) })
    #expect(counts == ["above-max": 10_000, "value-misfit": 23_334] && report.groups.allSatisfy { $0.examples.count == 20 })
    #expect(report.rowCount == 70_000 && report.violationCount == 33_334)
    let told = BatchError.refused(report).diagnostics
    #expect(told.count == 42 && told.last?.location == nil)
    #expect(told.count { $0.hint != nil } == 2)
    let lines = batch.folder.bytes("errors.csv")?.count { $0 == UInt8(ascii: "\n") }
    #expect(lines == (hasErrorFile ? 33_335 : nil))
  }

  @Test func `is written as it is, in order of rows`() throws {
    let batch = try Batch("[{name: s, type: string, max_length: 3}, {name: x, type: int64, not_null: true}]")
    batch.errorFile = batch.folder.file("errors.csv")
    let input = try batch.write("id,s,x\n1,\"=HYPERLINK(\"\"a\"\", 1)\",\n2,\"+1,\n2\",\"\"\n2,,1\n", "p,1.csv")
    #expect(try batch.report([input])?.violationCount == 5)
    let bytes = try #require(batch.folder.bytes("errors.csv"))
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"""
        file,line,row,column,rule,value,message
        "p,1.csv",2,1,s,too-long,"=HYPERLINK(""a"", 1)","""=HYPERLINK(""a"", 1)"" in column ""s"" has 18 characters, more than 3"
        "p,1.csv",2,1,x,null-value,,"column ""x"" is null, and must not be"
        "p,1.csv",3,2,s,too-long,"+1,
        2","""+1, 2"" in column ""s"" has 5 characters, more than 3"
        "p,1.csv",3,2,x,value-misfit,"",""""" in column ""x"" is no int64"
        "p,1.csv",5,3,,duplicate-row,id=2,"id=2 is in the batch already: p,1.csv:3"

        """#)
    #expect(batch.folder.names.sorted() == ["errors.csv", "p,1.csv", "project"])
  }

  @Test func `is written even if it is nothing`() throws {
    let batch = try Batch("[{name: x, type: int64}]")
    batch.errorFile = batch.folder.file("errors.csv")
    _ = try batch.read("id,x\n1,2\n")
    #expect(batch.folder.bytes("errors.csv")?.count == 40)
    batch.errorFile = batch.folder.file("no/errors.csv")
    #expect(try batch.mistakes("id,x\n1,2\n").count == 1)
  }

  @Test func `is not what the taker of rows throws`() throws {
    let batch = try Batch("[{name: x, type: int64}]")
    let input = try batch.write("id,x\n" + (0..<200_000).map { "\($0),1\n" }.joined())
    let reader = BatchReader(output: batch.output, zone: .utc, predictedAt: 0, latest: 0, known: nil)
    batch.errorFile = batch.folder.file("errors.csv")
    do throws(BatchError) {
      _ = try reader.read([input], errorFile: batch.errorFile) { _ throws(Diagnostics) in
        throw Diagnostics([Diagnostic(at: nil, "full", rule: "disk-full")])
      }
      Issue.record("it is taken")
    } catch {
      #expect(error.diagnostics.map(\.rule) == ["disk-full"])
    }
    #expect(batch.folder.bytes("errors.csv") == nil)
  }
}
