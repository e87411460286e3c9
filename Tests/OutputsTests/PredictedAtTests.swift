import Outputs
import Testing
import Times

@Suite struct `The time of a prediction` {
  private func read(_ predictedAt: String, _ text: String, zone: Zone = .utc) throws -> [String] {
    let batch = try Batch("[{name: x, type: int64}]", "predicted_at: \(predictedAt)")
    batch.zone = zone
    return try batch.read(text).rows.map { $0[2] }
  }

  @Test func `is read as other times are`() throws {
    let newYork = try #require(Zone("America/New_York"))
    #expect(try read("at", "id,x,at\n1,,2024-01-31 05:00\n", zone: newYork) == ["2024-01-31T10:00:00Z"])
    #expect(
      try read("{column: at, timezone: Europe/Berlin}", "id,x,at\n1,,2024-01-31 05:00\n", zone: newYork) == ["2024-01-31T04:00:00Z"])
    #expect(
      try read("{column: at, unit: s}", "id,at\n1,1706677200\n2,1706677200.5\n") == ["2024-01-31T05:00:00Z", "2024-01-31T05:00:00.500000Z"])
    #expect(try read("{column: at, at: \"06:00\"}", "id,at\n1,2024-01-31\n") == ["2024-01-31T06:00:00Z"])
  }

  @Test func `is that of registering where a file does not say it`() throws {
    #expect(try read("at", "id,x\n1,2\n") == ["2024-06-01T00:00:00Z"])
  }

  @Test(arguments: [
    ("", "null-time"), ("2024-06-01T00:00:00.000001Z", "future-time"), ("2024-06-01", "date-needs-hour"), ("17", "time-needs-unit"),
    ("2024-03-10 02:30", "skipped-time"), ("2023-11-05 01:30", "repeated-time"),
  ])
  func `is not just anything`(cell: String, rule: String) throws {
    let batch = try Batch("[{name: x, type: int64}]", "predicted_at: at")
    batch.zone = try #require(Zone("America/New_York"))
    let report = try #require(try batch.report([batch.write("id,at\n1,2024-05-31T00:00:00Z\n2,\(cell)\n")]))
    #expect(report.groups.map(\.rule) == [rule] && report.groups[0].examples[0].line == 3)
  }

  @Test func `tells rows of one entity apart`() throws {
    let batch = try Batch("[{name: x, type: int64}]", "predicted_at: at")
    let text = "id,at\n1,2024-01-01T00:00:00Z\n1,2024-01-02T00:00:00Z\n2,2024-01-01T00:00:00Z\n"
    let summary = try batch.read(text).summary
    #expect(summary.rows == 3 && summary.entities == 2)
    #expect(summary.columns.last?.earliest == "2024-01-01T00:00:00Z" && summary.columns.last?.latest == "2024-01-02T00:00:00Z")
    #expect(
      try batch.mistakes(text + "1,2024-01-02T01:00:00+01:00\n") == [
        "p.csv:5: id=1, at=2024-01-02T00:00:00Z is in the batch already: p.csv:3 [duplicate-row]"
      ])
  }

  @Test func `may be a column of the output too`() throws {
    let batch = try Batch("[{name: at, type: string}]", "predicted_at: at")
    #expect(try batch.read("id,at\n1,2024-01-01T00:00:00Z\n").rows == [["1", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"]])
  }
}
