import Archives
import Diagnostics
import Files
import Foundation
import TestSupport
import Testing

@Suite struct `Archives` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Three members: in memory, empty, and spooled in pieces.
  private func members(spool name: String = "train") throws -> [ArchiveMember] {
    let spool = try SpoolFile(path: folder.file(name))
    for line in 0..<40_000 { try spool.write(ContiguousArray("\(line),\(line % 7).5\n".utf8)) }
    return [
      ArchiveMember(name: "manifest.json", text: "{}\n"), ArchiveMember(name: "empty.csv", text: ""),
      try spool.finish(as: "train.csv"),
    ]
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `hold their members in order, byte for byte`(format: ArchiveFormat) throws {
    let path = folder.file("a.\(format.rawValue)")
    try writeArchive(try members(), format: format, to: path)
    let read = try readArchive(path)
    #expect(read.map(\.name) == ["manifest.json", "empty.csv", "train.csv"])
    #expect(read.map(\.bytes.count) == [3, 0, (folder.bytes("train") ?? []).count])
    #expect(read[0].bytes == Array("{}\n".utf8))
    #expect(read[2].bytes == folder.bytes("train"))
    #expect(read.allSatisfy { $0.mode == 0o644 && $0.user == 0 })
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `of no members can be read`(format: ArchiveFormat) throws {
    try writeArchive([], format: format, to: folder.file("none"))
    #expect(try readArchive(folder.file("none")).isEmpty)
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `are equal in any folder, with any number of threads`(format: ArchiveFormat) throws {
    var archives: [[UInt8]?] = []
    for threads in 1...3 {
      try FileManager.default.createDirectory(atPath: folder.file("f\(threads)"), withIntermediateDirectories: true)
      try writeArchive(try members(spool: "spool\(threads)"), format: format, threads: threads, to: folder.file("f\(threads)/a"))
      archives.append(folder.bytes("f\(threads)/a"))
    }
    #expect(archives[0] != nil && archives[0] == archives[1] && archives[1] == archives[2])
  }

  /// What differs from second to second and from zone to zone.
  @Test func `hold no time`() throws {
    for format in ArchiveFormat.allCases { try writeArchive(try members(), format: format, to: folder.file(format.rawValue)) }
    // The zip's first local header: 1980-01-01 00:00, where that format's time begins.
    #expect(folder.bytes("zip")?[10..<14] == [0, 0, 0x21, 0])
    // The gzip header's time.
    #expect(folder.bytes("tar.gz")?[4..<8] == [0, 0, 0, 0])
    #expect(try readArchive(folder.file("tar.gz")).map(\.time) == [0, 0, 0])
    #expect(try readArchive(folder.file("tar.zst")).map(\.time) == [0, 0, 0])
  }

  @Test func `come with their size and hash`() throws {
    let archive = try writeArchive(try members(), format: .zip, to: folder.file("a.zip"))
    let bytes = ContiguousArray(try #require(folder.bytes("a.zip")))
    #expect(archive.byteCount == bytes.count)
    #expect(archive.sha256 == ArchiveMember(name: "a", bytes: bytes).sha256)
  }

  @Test func `replace a file that is there, and a part that a killed process left`() throws {
    try Data("old".utf8).write(to: URL(filePath: folder.file("a.zip")))
    try Data(count: 1 << 20).write(to: URL(filePath: folder.file("a.zip.partial")))
    try writeArchive([ArchiveMember(name: "a", text: "new")], format: .zip, to: folder.file("a.zip"))
    #expect(try readArchive(folder.file("a.zip")).map(\.bytes) == [Array("new".utf8)])
    #expect(folder.names == ["a.zip"])
  }

  @Test func `need a folder that exists`() throws {
    let path = folder.file("missing/a.zip")
    let error = #expect(throws: ArchiveError.self) { try writeArchive([], format: .zip, to: path) }
    #expect(error == .file(.system(path: path, action: "write", code: ENOENT)))
    #expect(error?.diagnostics.map(\.rule) == ["file-access"])
    #expect(error?.diagnostics.first?.hint == "create the folder first")
  }

  @Test func `leave nothing when a member's file is gone`() throws {
    let lost = try members()
    try FileManager.default.removeItem(atPath: folder.file("train"))
    #expect(throws: ArchiveError.file(.system(path: folder.file("train"), action: "read", code: ENOENT))) {
      try writeArchive(lost, format: .zip, to: folder.file("a.zip"))
    }
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [-1, 1], ArchiveFormat.allCases)
  func `leave nothing when a member's file changed its size`(change: Int, format: ArchiveFormat) throws {
    let changed = try members()
    let size = changed[2].byteCount
    let handle = try #require(FileHandle(forWritingAtPath: folder.file("train")))
    try handle.truncate(atOffset: UInt64(size + change))
    try handle.close()
    #expect(
      throws: ArchiveError.changedMember(
        name: "train.csv", path: folder.file("train"), expected: size, found: size + change)
    ) {
      try writeArchive(changed, format: format, to: folder.file("a.zip"))
    }
    #expect(folder.names == ["train"])
  }

  @Test func `are written by one at a time`() throws {
    let path = folder.file("a.zip")
    let descriptor = unsafe open(path + ".partial", O_WRONLY | O_CREAT, 0o666)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let error = #expect(throws: ArchiveError.self) { try writeArchive([], format: .zip, to: path) }
    #expect(error == .file(.busy(path: path)))
    #expect(error?.isBusy == true)
    #expect(folder.names == ["a.zip.partial"])
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs a device that is always full"),
    arguments: ArchiveFormat.allCases)
  func `say that the disk is full`(format: ArchiveFormat) throws {
    // The partial file is a link to a device that takes nothing, and that other tests may have locked.
    let path = folder.file("a.zip")
    let members = try members()
    try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
    var error: ArchiveError?
    repeat {
      error = #expect(throws: ArchiveError.self) { try writeArchive(members, format: format, to: path) }
    } while error?.isBusy == true
    #expect(error?.diagnostics.map(\.rule) == ["disk-full"])
    #expect(folder.names == ["train"])
  }
}

@Suite struct `Spool files` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func `know size and SHA-256 of what was written`() throws {
    let spool = try SpoolFile(path: folder.file("s"))
    try spool.write(ContiguousArray("ab".utf8))
    try spool.write(ContiguousArray("c".utf8))
    let member = try spool.finish(as: "s.csv")
    #expect(member.byteCount == 3)
    #expect(member.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(folder.bytes("s") == Array("abc".utf8))
  }

  @Test(arguments: [1, 1000, 65_535, 65_536, 65_537, 300_000])
  func `take pieces of any size`(size: Int) throws {
    let all = ContiguousArray((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    let spool = try SpoolFile(path: folder.file("s"))
    let end = min(all.count, size * 20_000)
    for start in stride(from: 0, to: end, by: size) { try spool.write(ContiguousArray(all[start..<min(start + size, end)])) }
    let member = try spool.finish(as: "s.csv")
    #expect(folder.bytes("s") == Array(all[..<end]))
    #expect(member.sha256 == ArchiveMember(name: "m", bytes: ContiguousArray(all[..<end])).sha256)
  }

  @Test func `leave nothing when they are dropped`() throws {
    do {
      let spool = try SpoolFile(path: folder.file("s"))
      try spool.write(ContiguousArray("ab".utf8))
      #expect(folder.names == ["s"])
    }
    #expect(folder.names.isEmpty)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs a device that is always full"))
  func `say that the disk is full`() throws {
    try FileManager.default.createSymbolicLink(atPath: folder.file("s"), withDestinationPath: "/dev/full")
    let spool = try SpoolFile(path: folder.file("s"))
    let error = #expect(throws: ArchiveError.self) {
      for _ in 0..<10 { try spool.write(ContiguousArray(repeating: 65, count: 50_000)) }
    }
    #expect(error?.diagnostics.map(\.rule) == ["disk-full"])
  }
}
