import ArrowFiles
import Columns
import Diagnostics
import Files
import Foundation
import Testing

@Suite struct `Arrow files` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test(arguments: [[], [0], [1], [8], [1000], [9, 0, 64], [3, 17, 65]], [false, true])
  func `give back every batch as it was written`(sizes: [Int], nulls: Bool) throws {
    let tables = sizes.enumerated().map { sampleTable(rows: $1, nulls: nulls, seed: $0) }
    try writeArrowFile(tables, fields: allFields, metadata: [("view", "wörk"), ("", "")], to: folder.file("a.arrow"))
    let file = try ArrowFile(mapping: folder.file("a.arrow"))
    #expect(file.fields == allFields)
    #expect(file.metadata == ["view": "wörk", "": ""])
    #expect(file.batches.map(cells) == tables.map(cells))
    #expect(file.rowCount == sizes.reduce(0, +))
    try file.checkText()
  }

  @Test func `of no columns keep their number of rows`() throws {
    try writeArrowFile([Table(fields: [], columns: [], rowCount: 5)], to: folder.file("a.arrow"))
    #expect(try ArrowFile(mapping: folder.file("a.arrow")).rowCount == 5)
  }

  @Test func `have buffers at multiples of 64`() throws {
    try writeArrowFile([sampleTable(rows: 100, nulls: true)], to: folder.file("a.arrow"))
    let file = try ArrowFile(mapping: folder.file("a.arrow"))
    for column in file.batches[0].columns {
      guard case .int64(let values) = column.values else { continue }
      let address = unsafe values.span.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
      #expect(address % 64 == 0)
    }
  }

  @Test func `of equal tables have equal bytes, whatever nulls and unused bits hold`() throws {
    let fields = [
      Field("i", .int64), Field("f", .float64), Field("b", .boolean), Field("s", .string), Field("d", .date), Field("t", .timestamp),
    ]
    /// Three rows, the second null; `junk` stands wherever nobody looks.
    func table(junk: UInt8) -> Table {
      let validity = Bitmap(bytes: Buffer([0b101 | junk & 0xF8, junk]), count: 3)
      let text = Column.Values.string(offsets: Buffer([1, 3, 4, 5]), bytes: Buffer([7, 65, 66, 7, 67, 7]))
      let shorterText = Column.Values.string(offsets: Buffer([0, 2, 2, 3]), bytes: Buffer([65, 66, 67]))
      let columns = [
        Column(.int64(Buffer([1, Int64(junk), 3])), validity: validity),
        Column(.float64(Buffer([1, Double(junk), 3])), validity: validity),
        Column(.boolean(Bitmap(bytes: Buffer([0b100 | junk & 0xFA]), count: 3)), validity: validity),
        Column(junk == 0 ? text : shorterText, validity: validity),
        Column(.date(Buffer([1, Int32(junk), 3])), validity: validity),
        Column(.timestamp(Buffer([1, Int64(junk), 3])), validity: validity),
      ]
      return Table(fields: fields, columns: columns, rowCount: 3)
    }
    try writeArrowFile([table(junk: 0)], to: folder.file("a.arrow"))
    try writeArrowFile([table(junk: 0xFF)], to: folder.file("b.arrow"))
    #expect(folder.bytes("a.arrow") == folder.bytes("b.arrow"))
    #expect(try ArrowFile(mapping: folder.file("a.arrow")).batches.map(cells) == [cells(table(junk: 0))])
  }

  @Test func `can be written again from a mapped file, with the same bytes`() throws {
    let tables = [sampleTable(rows: 100, nulls: true), sampleTable(rows: 7, nulls: false)]
    try writeArrowFile(tables, to: folder.file("a.arrow"))
    let file = try ArrowFile(mapping: folder.file("a.arrow"))
    try writeArrowFile(file.batches, to: folder.file("b.arrow"))
    #expect(folder.bytes("a.arrow") == folder.bytes("b.arrow"))
  }

  @Test(arguments: [[5], [0, 3], [1, 1, 1], [8, 7, 64], [70_000, 1, 0, 30_003]], [false, true])
  func `have the same bytes and checksums whether a batch comes whole or in pieces`(sizes: [Int], nulls: Bool) throws {
    let pieces = sizes.enumerated().map { sampleTable(rows: $1, nulls: nulls, seed: $0) }
    let columns = allFields.indices.map { i in
      Column.concatenated(pieces.map { ($0.columns[i], 0..<$0.rowCount) }, type: allFields[i].type)
    }
    let whole = Table(fields: allFields, columns: columns, rowCount: sizes.reduce(0, +))
    func write(_ name: String, _ append: (ArrowFileWriter) throws -> [UInt64]) throws -> [UInt64] {
      let writer = try ArrowFileWriter(fields: allFields, path: folder.file(name))
      let checksums = try append(writer)
      try writer.finish()
      return checksums
    }
    let one = try write("a.arrow") { try $0.append(whole) }
    var looks = 0
    let several = try write("b.arrow") { try $0.append(pieces) { looks += 1 } }
    #expect(several == one)
    #expect(folder.bytes("a.arrow") == folder.bytes("b.arrow"))
    // Whoever gives memory back has to be told of every piece of every column.
    #expect(looks >= sizes.count * allFields.count)
  }

  @Test func `stay readable after they are replaced, removed and given back`() throws {
    let table = sampleTable(rows: 50_000, nulls: true)
    try writeArrowFile([table], to: folder.file("a.arrow"))
    var file: ArrowFile? = try ArrowFile(mapping: folder.file("a.arrow"))
    let kept = try #require(file?.batches[0])
    file?.releasePages()
    file = nil
    try writeArrowFile([], fields: allFields, to: folder.file("a.arrow"))
    try FileManager.default.removeItem(atPath: folder.file("a.arrow"))
    #expect(cells(kept) == cells(table))
  }

  @Test func `appear only when they are finished`() throws {
    do {
      let writer = try ArrowFileWriter(fields: allFields, path: folder.file("a.arrow"))
      try writer.append(sampleTable(rows: 3, nulls: false))
      #expect(folder.names == ["a.arrow.partial"])
      let error = #expect(throws: ArrowFileError.self) {
        try ArrowFileWriter(fields: allFields, path: folder.file("a.arrow"))
      }
      #expect(error == .file(.busy(path: folder.file("a.arrow"))))
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `need a folder that exists`() throws {
    let path = folder.file("missing/a.arrow")
    #expect(throws: ArrowFileError.file(.system(path: path, action: "write", code: ENOENT))) {
      try writeArrowFile([], to: path)
    }
    #expect(throws: ArrowFileError.file(.system(path: path, action: "read", code: ENOENT))) { try ArrowFile(mapping: path) }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs a device that is always full"))
  func `say that the disk is full, and leave nothing`() throws {
    // The partial file is a link to a device that takes nothing, and that other tests may have locked.
    try FileManager.default.createSymbolicLink(atPath: folder.file("a.arrow.partial"), withDestinationPath: "/dev/full")
    var error: ArrowFileError?
    repeat {
      error = #expect(throws: ArrowFileError.self) {
        try writeArrowFile([sampleTable(rows: 10, nulls: false)], to: folder.file("a.arrow"))
      }
    } while error?.isBusy == true
    #expect(error?.diagnostics.map(\.rule) == ["disk-full"])
    #expect(folder.names.isEmpty)
  }
}
