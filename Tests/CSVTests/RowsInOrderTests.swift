import Archives
import Columns
import Diagnostics
import Exports
import Foundation
import TestSupport
import Testing

@Suite struct `Rows on several threads` {
  let folder: ScratchFolder
  private let rowCount = 3_000
  private let columns: [CSVColumn]

  init() throws {
    folder = try ScratchFolder()
    var random = SplitMix(seed: 11)
    let (numbers, texts) = (
      column(.float64) { builder in
        for row in 0..<3_000 {
          if row % 31 == 7 { builder.appendNull() } else { builder.append(Double(Int.random(in: 0...1 << 40, using: &random)) / 1_000) }
        }
      },
      column(.string) { builder in
        for row in 0..<3_000 { builder.append(String(repeating: row % 9 == 0 ? "\"," : "word", count: row % 57)) }
      }
    )
    let rows = Buffer((0..<3_000).map { Int32($0 * 7 % 3_001 - 1) })
    columns = [CSVColumn(numbers), CSVColumn(texts), CSVColumn(texts, rows: rows), CSVColumn(numbers, rows: rows)]
  }

  private func spool(_ name: String) throws -> SharedSpool { SharedSpool(try SpoolFile(path: folder.file(name))) }

  private func write(
    to file: SharedSpool, threads: Int, chunkBytes: Int = 1_000, progress: (Int) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws {
    let rows = RowsInOrder(columns, rowCount: rowCount, file: file, threads: threads, chunkBytes: chunkBytes)
    try rows.write(progress: progress, isCancelled: isCancelled)
  }

  @Test(arguments: [1, 2, 5], [1, 2_000, 70_000, RowsInOrder.chunkBytes])
  func `are the same bytes as on one`(threads: Int, chunkBytes: Int) throws {
    let file = try spool("rows")
    try write(to: file, threads: threads, chunkBytes: chunkBytes)
    let member = try file.finish(as: "rows.csv")
    let expected = ContiguousArray(csv(columns).utf8)
    #expect(folder.bytes("rows") == Array(expected))
    #expect(member.sha256 == ArchiveMember(name: "rows.csv", bytes: expected).sha256)
    #expect(member.byteCount == expected.count)
  }

  @Test func `of none leave what was written before`() throws {
    let file = try spool("rows")
    try file.write(ContiguousArray("a,b\n".utf8))
    try RowsInOrder(columns, rowCount: 0, file: file, threads: 2).write(
      progress: { _ in Issue.record("nothing is done") }, isCancelled: { false })
    #expect(try file.finish(as: "rows.csv").byteCount == 4)
    #expect(folder.bytes("rows") == Array("a,b\n".utf8))
  }

  @Test(arguments: [1, 2, 5])
  func `tell how many of them are done`(threads: Int) throws {
    var told: [Int] = []
    try write(to: try spool("rows"), threads: threads, progress: { told.append($0) })
    #expect(told.count > 1)
    #expect(told == told.sorted() && told.last == rowCount)
  }

  @Test(arguments: [1, 2, 5], [0, 1])
  func `leave nothing when they are cancelled`(threads: Int, after: Int) throws {
    var left = after
    #expect(throws: ArchiveError.cancelled) {
      try write(
        to: try spool("rows"), threads: threads,
        isCancelled: {
          left -= 1
          return left < 0
        })
    }
    #expect(folder.names.isEmpty)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs a device that is always full"), arguments: [1, 2, 5])
  func `end when the disk is full`(threads: Int) throws {
    try FileManager.default.createSymbolicLink(atPath: folder.file("rows"), withDestinationPath: "/dev/full")
    let error = #expect(throws: ArchiveError.self) {
      try write(to: try spool("rows"), threads: threads, chunkBytes: 100_000)
    }
    #expect(error?.diagnostics.map(\.rule) == ["disk-full"])
    #expect(folder.names.isEmpty)
  }
}
