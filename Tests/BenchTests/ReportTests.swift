import Foundation
import Testing

@testable import Bench

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `Reports` {
  @Test func `draw a chart that is well-formed whatever its labels say`() throws {
    let bar = BarChart.Bar(label: "a <b> & \"c\"", seconds: 1.5, wholeSeconds: 2, note: "1.50 s", isOurs: false)
    let chart = BarChart(title: "x < y", groups: [.init(title: "R&D", bars: [bar, bar]), .init(title: "none", bars: [])])
    let parser = XMLParser(data: Data(chart.svg.utf8))
    #expect(parser.parse(), "\(parser.parserError.debugDescription)")
    #expect(chart.svg.components(separatedBy: "<rect").count == 5)
  }

  @Test func `leave a row for each contender`() {
    let results = [Contender.export("lookups", as: .tarZst), .rival(.polars, as: .csvZst, level: 1)].map { contender in
      ContenderResult(
        contender, [CountedRun(wholeSeconds: 2, ownSeconds: contender.isOurs ? nil : 1, cpuSeconds: 3, peakBytes: 1 << 20, bytes: 5)])
    }
    let outcome = CaseOutcome(
      workload: .wide(seed: 7), benchCase: .lookups, results: results, verdicts: ["same"], notes: [])
    #expect(ResultTable(outcome).rows.map(\.last) == ["", "same"])
    #expect(ResultTable(outcome).rows[1].contains("0.500"))
    #expect(resultFile([outcome]).split(separator: "\n").count == 3)
  }

  @Test(arguments: [(7, "7"), (1_234, "1,234"), (123_456, "123,456"), (1_234_567, "1,234,567")])
  func `group the digits of large numbers`(number: Int, text: String) { #expect(grouped(number) == text) }

  @Test(arguments: [(0.1234, "0.123"), (0.9999, "1.00"), (9.999, "10.0"), (12.34, "12.3"), (123.4, "123")])
  func `give a number three digits`(number: Double, text: String) { #expect(threeDigits(number) == text) }
}
