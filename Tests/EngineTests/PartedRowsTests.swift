import Columns
import Diagnostics
import Synchronization
import Testing

@testable import Engine

@Suite struct `Parted rows` {
  /// What was written, as if it were on disk.
  private final class Memory: Spill {
    let writes = Atomic<Int>(0)

    func write(_ parts: RunParts) -> any SpilledParts {
      writes.add(1, ordering: .relaxed)
      return Written(
        pieces: (0..<parts.count).map { part in
          var pieces: [(columns: [Column], size: PieceSize)] = []
          parts.forEachPiece(of: part) { pieces.append(($0, $1)) }
          return pieces
        })
    }
  }

  private struct Written: SpilledParts {
    let pieces: [[(columns: [Column], size: PieceSize)]]

    func pieces(of part: Int) -> [PieceSize] { pieces[part].map(\.size) }
    func columns(of part: Int, piece: Int) -> [Column] { pieces[part][piece].columns }
    func release(_ part: Int, piece: Int) {}
  }

  private func numbers(_ values: some Sequence<Int64>) -> Column { Column(.int64(Buffer(values))) }

  private func elements(_ column: Column) -> [Int64] {
    guard case .int64(let buffer) = column.values else { return [] }
    return (0..<column.count).map { buffer.span[$0] }
  }

  /// Batches of rows with a number and, every third, a text.
  private func add(_ range: Range<Int64>, to rows: PartedRows, parts: Int64, number: Int) throws {
    var texts = ColumnBuilder(.string)
    for value in range { if value % 3 == 0 { texts.append("row \(value)") } else { texts.appendNull() } }
    // Every tenth row is not wanted.
    let wanted = ContiguousArray(range.enumerated().lazy.filter { $1 % 10 != 0 }.map { Int32($0.offset) })
    try rows.add(
      [numbers(range), texts.finish()], rows: wanted, parts: ContiguousArray(range.lazy.map { Int32($0 % parts) }), number: number)
  }

  @Test(arguments: [0, 20_000, .max], [true, false])
  func `come back part by part, wherever they were meanwhile`(budget: Int, staysInMemory: Bool) throws {
    let disk = Memory()
    let rows = PartedRows(partCount: 7, budget: budget, spill: disk)
    for number in 0..<20 { try add(Int64(number) * 200..<Int64(number + 1) * 200, to: rows, parts: 7, number: number) }
    let parts = try rows.finish(types: [.int64, .string], staysInMemory: staysInMemory)
    #expect((disk.writes.load(ordering: .relaxed) > 0) == (budget < .max || !staysInMemory))
    for part in 0..<7 {
      let (columns, count) = try parts.columns(of: part)
      let wanted = (0..<Int64(4_000)).filter { $0 % 7 == part && $0 % 10 != 0 }
      #expect(count == wanted.count && parts.rowCount(of: part) == count)
      let found = elements(columns[0])
      #expect(found.sorted() == wanted)
      for (row, value) in found.enumerated() { #expect(columns[1].text(row) == (value % 3 == 0 ? "row \(value)" : nil)) }
    }
  }

  @Test func `take the final type, whatever they were read as`() throws {
    let rows = PartedRows(partCount: 1, budget: 0, spill: Memory())
    try rows.add([numbers([1, 2])], rows: [0, 1], parts: [0, 0], number: 0)
    try rows.add([Column(.float64(Buffer([0.5])))], rows: [0], parts: [0], number: 1)
    let (columns, _) = try rows.finish(types: [.float64]).columns(of: 0)
    guard case .float64(let buffer) = columns[0].values else { throw Diagnostics([]) }
    #expect((0..<3).map { buffer.span[$0] }.sorted() == [0.5, 1, 2])
  }

  @Test(arguments: [1, 3])
  func `are cut between their places, equal ones staying together`(workers: Int) throws {
    let disk = Memory()
    let rows = PartedRows(partCount: 2, budget: 30_000, spill: disk)
    // Of 40,000 rows of part 1 half are of one key, several at each of its times; rows of part 0 are none of its business.
    @Sendable func place(_ value: Int64) -> SortPlace {
      value % 2 == 0
        ? SortPlace(hash: 500, event: value * 7_919 % 40_000 / 12, known: 0) : SortPlace(hash: UInt64(value % 997), event: value, known: 0)
    }
    for number in 0..<40 {
      let range = Int64(number) * 1_100..<Int64(number + 1) * 1_100
      try rows.add(
        [numbers(range)], rows: ContiguousArray(0..<1_100), parts: ContiguousArray(range.lazy.map { $0 % 11 == 0 ? 0 : 1 }), number: number)
    }
    let parts = try rows.finish(types: [.int64])
    let places: PartedRows.Parts.Places = { columns, count in
      guard case .int64(let buffer) = columns[0].values else { preconditionFailure("whole numbers were added") }
      var places = ContiguousArray<SortPlace>()
      for row in 0..<count { places.append(place(buffer.span[row])) }
      return places
    }
    let whole = try parts.cut(1, into: 12, dividing: false, by: places, spill: disk, workers: workers)
    #expect(whole.dividedHashes.isEmpty)
    let largest = try (0..<whole.parts.count).map { try whole.parts.columns(of: $0).rowCount }.max() ?? 0
    #expect((20_000..<24_000).contains(largest), "half of the rows are of one key")
    let divided = try parts.cut(1, into: 12, by: places, spill: disk, workers: workers)
    #expect(divided.dividedHashes == [500])
    let cut = divided.parts
    var all: [Int64] = []
    var last: SortPlace?
    for part in 0..<cut.count {
      let values = elements(try cut.columns(of: part).columns[0])
      let places = values.map(place)
      #expect(!values.isEmpty && values.count < 2 * 40_000 / 12)
      if let last, let least = places.min() { #expect(last < least) }
      last = places.max()
      all += values
    }
    #expect((10...12).contains(cut.count))
    #expect(all.sorted() == (0..<44_000).filter { $0 % 11 != 0 })
  }

  @Test func `of one single place cannot be cut`() throws {
    let rows = PartedRows(partCount: 1, budget: .max, spill: Memory())
    try rows.add([numbers(0..<20_000)], rows: ContiguousArray(0..<20_000), parts: ContiguousArray(repeating: 0, count: 20_000), number: 0)
    let parts = try rows.finish(types: [.int64])
    let limit = SortLimit(memory: 1, workers: 2)
    #expect(limit.cuts(of: 0, parts) == 4)
    let cut = try parts.cut(
      0, into: 4,
      by: { _, count in
        ContiguousArray(repeating: SortPlace(hash: 1, event: 2, known: 3), count: count)
      }, spill: Memory(), workers: 1)
    #expect((0..<cut.parts.count).map { cut.parts.rowCount(of: $0) } == [20_000])
    #expect(cut.dividedHashes.isEmpty)
  }

  @Test(arguments: [0, .max])
  func `tell whether a hash has one key`(budget: Int) throws {
    let rows = PartedRows(partCount: 3, budget: budget, spill: Memory())
    // A key with a null has the hash 0, so these are keys of one hash.
    func add(_ first: [Int64?], _ second: [Int64], part: Int32, number: Int) throws {
      var column = ColumnBuilder(.int64)
      for value in first { if let value { column.append(value) } else { column.appendNull() } }
      try rows.add(
        [column.finish(), numbers(second)], rows: ContiguousArray(0..<Int32(first.count)),
        parts: ContiguousArray(repeating: part, count: first.count), number: number)
    }
    try add([1, 1, 2, nil], [5, 5, 5, 7], part: 0, number: 0)
    try add([1, nil], [5, 7], part: 2, number: 1)
    try add([3, nil], [5, 8], part: 1, number: 2)
    let parts = try rows.finish(types: [.int64, .int64])
    func hash(_ first: Int64) -> UInt64 { KeyColumns([numbers([first]), numbers([5])]).hash(0) }
    func haveOneKey(_ hashes: Set<UInt64>) throws -> Bool { try parts.haveOneKey(each: hashes, keys: { KeyColumns($0) }, workers: 2) }
    #expect(try haveOneKey([hash(1), hash(2), hash(3), hash(4)]))
    #expect(try !haveOneKey([0]))
    #expect(try !haveOneKey([hash(1), 0]))
  }

  @Test func `are cut only when they are too many to be sorted at once`() throws {
    let rows = PartedRows(partCount: 2, budget: .max, spill: Memory())
    let count: Int32 = 100_000
    try rows.add(
      [numbers(0..<Int64(count))], rows: ContiguousArray(0..<count), parts: ContiguousArray((0..<count).lazy.map { $0 < 5_000 ? 0 : 1 }),
      number: 0)
    let parts = try rows.finish(types: [.int64])
    // Of 8 bytes a row: twice for each worker, five times for what waits and is written, and 80 for its order.
    let needed = 95_000 * (2 * (2 * 8 + 80) + 5 * 8)
    #expect(SortLimit(memory: needed, workers: 2).cuts(of: 1, parts) == 1)
    #expect((2...3).contains(SortLimit(memory: needed - 1, workers: 2).cuts(of: 1, parts)))
    #expect((8...20).contains(SortLimit(memory: needed / 10, workers: 2).cuts(of: 1, parts)))
    #expect(SortLimit(memory: 1, workers: 2).cuts(of: 1, parts) == 95_000 / 4_096)
    #expect(SortLimit(memory: 1, workers: 2).cuts(of: 0, parts) == 1)
  }
}
