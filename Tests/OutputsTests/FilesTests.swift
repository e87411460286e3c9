import Archives
import Columns
import Foundation
import Outputs
import TestSupport
import Testing

@Suite struct `Files of a batch` {
  private static let text = "id,x\n1,10\n2,20\n"

  private func batch() throws -> Batch { try Batch("[{name: x, type: int64}]") }

  private func pack(_ batch: Batch, _ name: String, with program: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = ["-q", batch.folder.file(name)]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: [("gzip", "gz"), ("zstd", "zst")])
  func `may be packed, whatever they are called`(program: String, suffix: String) throws {
    let batch = try batch()
    try batch.write(Self.text)
    try pack(batch, "p.csv", with: program)
    try FileManager.default.moveItem(atPath: batch.folder.file("p.csv.\(suffix)"), toPath: batch.folder.file("odd.csv"))
    #expect(try batch.read([batch.file("odd.csv")]).rows.map { $0[1] } == ["10", "20"])
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `may be members of an archive`(format: ArchiveFormat) throws {
    let batch = try batch()
    let members = [
      ArchiveMember(name: "README.md", text: "not, a \"table"), ArchiveMember(name: "part-1.csv", text: Self.text),
      ArchiveMember(name: "part-2.CSV", text: "x,id\n30,3\n"),
    ]
    try writeArchive(members, format: format, to: batch.folder.file("preds"))
    #expect(try batch.read([batch.file("preds")]).rows.map { $0[1] } == ["10", "20", "30"])
    let broken = members + [ArchiveMember(name: "part-3.csv", text: "x,id\n30\n"), ArchiveMember(name: "part-4.csv", text: "x,id\n1,1\n")]
    try writeArchive(broken, format: format, to: batch.folder.file("preds"))
    #expect(
      try batch.mistakes([batch.file("preds")]) == [
        "preds: part-3.csv:2: the row has 1 cell where the header has 2 [bad-csv]",
        "preds: part-4.csv:2: id=1 is in the batch already: preds: part-1.csv:2 [duplicate-row]",
      ])
    try writeArchive([members[0]], format: format, to: batch.folder.file("none"))
    #expect(try batch.mistakes([batch.file("none")]) == ["archive \"none\" has no member that ends in .csv [bad-csv]"])
  }

  @Test func `make one batch with one set of columns`() throws {
    let batch = try batch()
    let a = try batch.write(Self.text, "a.csv")
    let b = try batch.write("x,id\n30,3\n,4\n", "b.csv")
    #expect(try batch.read([a, b]).rows.map { $0[0] } == ["1", "2", "3", "4"])
    let c = try batch.write("id\n5\n1\n", "c.csv")
    #expect(
      try batch.mistakes([a, c]) == [
        "c.csv:1: column \"x\" is missing, which \"a.csv\" has [different-columns]",
        "c.csv:3: id=1 is in the batch already: a.csv:2 [duplicate-row]",
      ])
    #expect(try batch.mistakes([c, a]).first == "a.csv:1: column \"x\" is not in \"c.csv\" [different-columns]")
    #expect(try batch.mistakes([a, b, a]) == ["\"a.csv\" is given twice, as \"a.csv\" [repeated-file]"])
  }

  @Test(arguments: [
    ("id,x\n1,1\n2,\"x\n3,3\n", "p.csv:3: the quote that opens column 2 is never closed"),
    ("id,x\n1,1\n2\n3,3\n", "p.csv:3: the row has 1 cell where the header has 2"),
    ("id,x\n1,1\n2,2,2\n", "p.csv:3: the row has 3 cells where the header has 2"),
    ("id,x\n1,1\n2,2\"\n", "p.csv:3: a quote stands inside column 2, which does not begin with one"),
    ("id,x\n1,1\n2,\"2\"2\n", "p.csv:3: text follows the closing quote of column 2"),
    ("id,x\n1,1\n2,\u{0}\n", "p.csv:3: column 2 holds a NUL, which no text has"),
    ("id,x\n1,1\n2,\"\u{0}\"\n", "p.csv:3: column 2 holds a NUL, which no text has"),
  ])
  func `that are not well formed are told with what is wrong before`(text: String, message: String) throws {
    let found = try batch().mistakes(text.replacing("\n1,1\n", with: "\nx,1\n"))
    #expect(found == ["p.csv:2: \"x\" in column \"id\" is no int64 [value-misfit]", "\(message) [bad-csv]"])
  }

  @Test func `that are no UTF-8 are told with the place`() throws {
    let batch = try batch()
    let input = try batch.write(Array("id,x\n\"é\n\",1\n1,".utf8) + [0xC3, 0x28, 0x0A])
    let report = try #require(try batch.report([input]))
    #expect(report.groups.map(\.rule) == ["value-misfit", "bad-csv"])
    #expect(report.groups[1].examples[0].line == 4 && report.groups[1].examples[0].character == 3)
  }

  @Test func `that are something else are told so`() throws {
    let batch = try batch()
    let parquet = try batch.write("PAR1\u{0}\u{1}", "p.parquet")
    #expect(try batch.mistakes([parquet]) == ["CSV file \"p.parquet\" cannot be read: it is a Parquet file, and no text [bad-csv]"])
    #expect(try batch.mistakes([batch.file("none.csv")]) == ["file \"none.csv\" cannot be read: No such file or directory [bad-csv]"])
    #expect(
      try batch.mistakes([.file(path: batch.folder.path, displayName: "d")]) == ["file \"d\" cannot be read: Is a directory [bad-csv]"])
  }

  @Test func `may have cells of many megabytes`() throws {
    let batch = try Batch("[{name: s, type: string}, {name: y, type: string, max_length: 5}]")
    let long = String(repeating: "0123456789abcde\n", count: 10 << 16)
    let taken = try batch.read("id,s\n1,\"\(long)\"\n2,\(long.replacing("\n", with: "-"))\n3,x\n")
    #expect(taken.rows.map { $0[1].utf8.count } == [10 << 20, 10 << 20, 1])
    #expect(taken.summary.columns[0].distinct == nil)
    let report = try #require(try batch.report([batch.write("id,y\n1,\"\(long)\"\n")]))
    #expect(report.groups[0].examples[0].value?.count == 1_001)
  }

  @Test func `longer than a chunk come in pieces of bounded size`() throws {
    var text = "id,x\n"
    for i in 0..<150_000 { text += "\(i),\(i * 2)\n" }
    let taken = try batch().read(text)
    #expect(taken.tables.map(\.rowCount) == [65_536, 65_536, 18_928])
    #expect(taken.summary.rows == 150_000 && taken.summary.entities == 150_000)
    #expect(try batch().mistakes(text + "7,0\n") == ["p.csv:150002: id=7 is in the batch already: p.csv:9 [duplicate-row]"])
  }
}
