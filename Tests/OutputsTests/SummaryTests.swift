import Columns
import Foundation
import Testing

@testable import Outputs

@Suite struct `The summary of a batch` {
  @Test func `says of each column what its type allows`() throws {
    let batch = try Batch(
      "[{name: f, type: float64}, {name: i, type: int64}, {name: b, type: boolean}, {name: s, type: string}, {name: d, type: date}, {name: n, type: int64}]"
    )
    let summary = try batch.read(
      "id,f,i,b,s,d\n1,0.5,4,true,low,2024-01-02\n2,-1,1,false,\"\",2024-01-01\n3,2,2,true,low,\n4,,3,,high,\n"
    ).summary
    #expect(summary.rows == 4 && summary.entities == 4)
    let (f, i, b, s, d, n) = (
      summary.columns[0], summary.columns[1], summary.columns[2], summary.columns[3], summary.columns[4], summary.columns[5]
    )
    #expect(f.nulls == 1 && f.least == -1 && f.greatest == 2 && f.mean == 0.5 && f.median == 0.5)
    #expect(i.nulls == 0 && i.median == 2.5 && i.mean == 2.5)
    #expect(b.nulls == 1 && b.trueShare == 2.0 / 3)
    #expect(s.distinct == 3 && s.frequent?.map(\.value) == ["low", "", "high"] && s.frequent?.map(\.count) == [2, 1, 1])
    #expect(d.nulls == 2 && d.earliest == "2024-01-01" && d.latest == "2024-01-02")
    #expect(n.nulls == 4 && n.median == nil && n.least == nil)
    let encoded = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(BatchSummary.self, from: encoded) == summary)
  }

  @Test func `stays in the range of numbers`() throws {
    let summary = try Batch("[{name: f, type: float64}]").read("id,f\n1,1e308\n2,1.5e308\n").summary
    #expect(summary.columns[0].mean == nil && summary.columns[0].median == 1.25e308)
    _ = try JSONEncoder().encode(summary)
  }

  @Test func `counts different texts as long as they are few and short`() throws {
    let batch = try Batch("[{name: s, type: string}]")
    func distinct(_ count: Int) throws -> Int? {
      try batch.read("id,s\n" + (0..<2 * count).map { "\($0),text \($0 % count)\n" }.joined()).summary.columns[0].distinct
    }
    #expect(try distinct(1_000) == 1_000)
    #expect(try distinct(1_001) == nil)
    #expect(try batch.read("id,s\n1,\(String(repeating: "x", count: 1_001))\n").summary.columns[0].distinct == nil)
  }

  @Test(arguments: [1, 2, 3, 8_191, 8_192, 8_193, 100_000])
  func `has a median near the middle`(count: Int) throws {
    var sketch = MedianSketch()
    // All numbers below `count` in an order that is far from sorted.
    let step = 7_368_787
    for i in 0..<count { sketch.add(Double(i * step % count)) }
    let middle = Double(count - 1) / 2
    let median = try #require(sketch.median)
    #expect(count < 8_192 ? median == middle : abs(median - middle) <= Double(count) / 1_000)
  }

  @Test func `needs no numbers`() { #expect(MedianSketch().median == nil) }
}
