import Foundation
import Testing

@testable import Bench

/// The same workload on any machine, today and next year: results stay comparable.
@Suite struct `Workload generator` {
  private let table = EventTable(name: "accounting", rows: 20_000, numbers: 6, hasLane: true)

  @Test func `makes the same rows for the same seed, anywhere`() {
    let first = rows(of: table, entities: 50, seed: 7).prefix(2)
    #expect(first.map(\.carrier) == [37, 3])
    #expect(first.map(\.eventTime) == [1_640_996_002, 1_640_997_877])
    #expect(first.map(\.availableAt) == [1_640_999_251, 1_640_998_321])
    #expect(first[0].numbers == [62.482544470803, 90.462, 115.808827690472, 87.365, 89.60102377321, 93.785])
    #expect(first.map(\.lane) == [20, 39])
    var spine = SpineRows(count: 3, entities: 50, seed: 7)
    #expect(spine.next() == SpineRows.Row(shipment: 0, carrier: 36, eventTime: 1_664_246_006, label: 0))
  }

  @Test func `makes other rows of another seed`() {
    #expect(rows(of: table, entities: 50, seed: 7) != rows(of: table, entities: 50, seed: 8))
  }

  @Test func `has no two rows of a carrier in one second, in order of time`() {
    // The second has ten rows in each second, of thirty carriers.
    for made in [rows(of: table, entities: 2, seed: 7), rows(of: table, entities: 30, seed: 7, seconds: 2_000)] {
      #expect(zip(made, made.dropFirst()).allSatisfy { $0.eventTime <= $1.eventTime })
      #expect(Set(made.map { [$0.carrier, $0.eventTime] }).count == made.count)
      #expect(made.allSatisfy { $0.availableAt >= $0.eventTime })
    }
  }

  @Test func `says that carriers are too few before it looks for one forever`() {
    #expect(Workload.freight(historyRows: 1_000_000_000, spineRows: 1, entities: 30, seed: 7).mistake != nil)
    #expect(Workload.freight(historyRows: 1_000_000, spineRows: 1, seed: 7).mistake == nil)
  }

  @Test func `draws a bell, an exponential delay and some nulls`() {
    let made = rows(of: table, entities: 50, seed: 7)
    let numbers = made.compactMap { $0.numbers[0] }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let spread = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
    let delay = made.reduce(0) { $0 + $1.availableAt - $1.eventTime } / made.count
    #expect(abs(mean - 100) < 1 && abs(spread - 25) < 1)
    #expect((3_500...3_700).contains(delay))
    #expect((500...700).contains(made.count - numbers.count))
  }

  private func rows(of table: EventTable, entities: Int, seed: UInt64, seconds: Int = Year.seconds) -> [EventRow] {
    var rows = EventRows(table, entities: entities, seed: seed, stream: 1, seconds: seconds)
    var row = EventRow(numbers: Array(repeating: nil, count: table.numbers))
    var made: [EventRow] = []
    while rows.next(into: &row) { made.append(row) }
    return made
  }
}
