import Archives
import Foundation
import TestSupport
import Testing

@Suite struct `A packed file` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let long = String(repeating: "12345,abcdefg\n", count: 50_000)

  /// What is in it: names (nil: the file itself) and texts.
  private func contents(_ path: String, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) -> [String: String] {
    let file = try PackedFile(path, limits: limits)
    var contents: [String: String] = [:]
    while let content = try file.next(where: { $0.hasSuffix(".csv") }) {
      var bytes = ContiguousArray<UInt8>(repeating: 0, count: 10_000)
      var text: [UInt8] = []
      while case let count = try file.read(into: &bytes, at: 1_000), count > 0 { text += bytes[1_000..<1_000 + count] }
      if case .member(let name) = content {
        contents[name] = String(decoding: text, as: UTF8.self)
      } else {
        contents["whole"] = String(decoding: text, as: UTF8.self)
      }
    }
    return contents
  }

  private func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: folder.file(name)))
    return folder.file(name)
  }

  @Test func `that is not packed has its own bytes`() throws {
    #expect(try contents(write(Array(Self.long.utf8), "a.zip")) == ["whole": Self.long])
    #expect(try contents(write([], "empty.csv")) == [:])
    // A table may hold what an archive ends with.
    let text = "a\nPK\u{5}\u{6}" + String(repeating: "\u{0}", count: 18)
    #expect(try contents(write(Array(text.utf8), "odd.csv")) == ["whole": text])
  }

  @Test(arguments: ["gzip", "zstd"])
  func `of one file has that file's bytes`(program: String) throws {
    let path = try write(Array(Self.long.utf8), "a.csv")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = ["-q", path]
    try process.run()
    process.waitUntilExit()
    let packed = try #require(folder.names.first { $0 != "a.csv" })
    #expect(try contents(folder.file(packed)) == ["whole": Self.long])
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `of members has the bytes of those that are wanted`(format: ArchiveFormat) throws {
    let members = [
      ArchiveMember(name: "b.csv", text: Self.long), ArchiveMember(name: "README", text: "read"), ArchiveMember(name: ".c.csv", text: "x"),
      ArchiveMember(name: "a.csv", text: "1\n"),
    ]
    try writeArchive(members, format: format, to: folder.file("packed"))
    #expect(try contents(folder.file("packed")) == ["b.csv": Self.long, "a.csv": "1\n"])
    var limits = ArchiveLimits()
    limits.bytes = 1_000
    #expect(throws: ArchiveError.unsafe(path: folder.file("packed"), what: "more bytes than are allowed")) {
      try contents(folder.file("packed"), limits: limits)
    }
    limits = ArchiveLimits()
    limits.members = 3
    #expect(throws: ArchiveError.unsafe(path: folder.file("packed"), what: "more than 3 members")) {
      try contents(folder.file("packed"), limits: limits)
    }
  }

  @Test func `that is damaged or none is an error`() throws {
    try writeArchive([ArchiveMember(name: "a.csv", text: Self.long)], format: .tarGzip, to: folder.file("packed"))
    let bytes = try #require(folder.bytes("packed"))
    #expect(throws: ArchiveError.self) { try contents(write(Array(bytes.dropLast(bytes.count / 2)), "cut")) }
    #expect(throws: ArchiveError.self) { try contents(folder.file("none")) }
    #expect(throws: ArchiveError.self) { try contents(folder.path) }
  }
}
