import Archives
import Diagnostics
import Files
import Foundation
import TestSupport
import Testing

@Suite struct `Folders of members` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func members() throws -> [ArchiveMember] {
    let spool = try SpoolFile(path: folder.file("spool"), isKept: true)
    for line in 0..<40_000 { try spool.write(ContiguousArray("\(line),\(line % 7).5\n".utf8)) }
    return [
      ArchiveMember(name: "list", text: "train.csv"), ArchiveMember(name: "empty.csv", text: ""), try spool.finish(as: "train.csv"),
    ]
  }

  private func files(_ path: String) -> [String]? { fileExists(path + "/list") ? ["empty.csv", "train.csv", "list"] : nil }

  @discardableResult
  private func write(
    _ members: [ArchiveMember], companions: [CompanionFile] = [], isCancelled: () -> Bool = { false }
  ) throws -> WrittenFolder {
    try writeFolder(members, to: folder.file("set"), replacing: files, with: companions, isCancelled: isCancelled)
  }

  @Test func `hold their members byte for byte; spooled ones are moved`() throws {
    let members = try members()
    let bytes = folder.bytes("spool")
    let written = try write(members, companions: [CompanionFile(path: folder.file("beside"), text: "x", replaces: false)])
    #expect(written.path == folder.file("set") && written.byteCount == (bytes?.count ?? 0) + 9)
    #expect(folder.names == ["beside", "set"])
    #expect(folder.bytes("set/train.csv") == bytes)
    #expect(folder.bytes("set/empty.csv") == [])
    for member in members {
      let read = try readMember(member.name, ofFolder: folder.file("set"), keeping: false)
      #expect(read?.sha256 == member.sha256 && read?.byteCount == member.byteCount)
    }
  }

  @Test func `take members from another file system`() throws {
    guard let other = ["/dev/shm", "/run"].first(where: { isElsewhere($0) }) else { return }
    let spool = try SpoolFile(path: "\(other)/gangway-test-\(UUID().uuidString)", isKept: true)
    defer { removeFile(spool.path) }
    let text = ContiguousArray("a,b\n".utf8) + ContiguousArray(repeating: 65, count: 3_000_000)
    try spool.write(text)
    try write([try spool.finish(as: "train.csv"), ArchiveMember(name: "list", text: "")])
    #expect(folder.bytes("set/train.csv") == Array(text))
  }

  private func isElsewhere(_ path: String) -> Bool {
    func device(_ path: String) -> Int? { (try? FileManager.default.attributesOfItem(atPath: path))?[.systemNumber] as? Int }
    return device(path) != nil && device(path) != device(folder.path) && FileManager.default.isWritableFile(atPath: path)
  }

  @Test func `replace what was there, and nothing that is not theirs`() throws {
    try write(try members())
    try write([ArchiveMember(name: "list", text: "new")])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set")) == ["list"])
    #expect(folder.names == ["set"])
    removeFile(folder.file("set/list"))
    try Data("mine".utf8).write(to: URL(filePath: folder.file("set/train.csv")))
    let error = #expect(throws: ArchiveError.self) { try write([ArchiveMember(name: "list", text: "newer")]) }
    #expect(error?.diagnostics.map(\.rule) == ["not-replaced"])
    #expect(folder.bytes("set/train.csv") == Array("mine".utf8))
    #expect(folder.names == ["set"])
  }

  @Test(arguments: [0, 1])
  func `leave nothing when they are cancelled`(after: Int) throws {
    let members = try members()
    var left = after
    #expect(throws: ArchiveError.cancelled) {
      try write(members) {
        left -= 1
        return left < 0
      }
    }
    #expect(!folder.names.contains("set") && !folder.names.contains("set.partial"))
  }

  @Test func `leave nothing when a member's file is gone or has changed its size`() throws {
    let changed = try members()
    let handle = try #require(FileHandle(forWritingAtPath: folder.file("spool")))
    try handle.truncate(atOffset: 3)
    try handle.close()
    #expect(
      throws: ArchiveError.changedMember(name: "train.csv", path: folder.file("spool"), expected: changed[2].byteCount, found: 3)
    ) { try write(changed) }
    #expect(folder.names == ["spool"])
    removeFile(folder.file("spool"))
    #expect(throws: ArchiveError.file(.system(path: folder.file("spool"), action: "read", code: ENOENT))) { try write(changed) }
    #expect(folder.names.isEmpty)
  }

  @Test func `need a folder that exists`() throws {
    let error = #expect(throws: ArchiveError.self) { try writeFolder([], to: folder.file("missing/set"), replacing: files) }
    #expect(error?.diagnostics.map(\.rule) == ["file-access"])
  }

  @Test(arguments: ["../x", "/abs", "a/b", "..", ".", ""])
  func `have no member outside`(name: String) throws {
    try write([ArchiveMember(name: "list", text: "")])
    let error = #expect(throws: ArchiveError.self) { try readMember(name, ofFolder: folder.file("set"), keeping: true) }
    #expect(error?.diagnostics.map(\.rule) == ["unsafe-archive"])
  }

  @Test func `are read through no link, and not beyond the limits`() throws {
    try write([ArchiveMember(name: "list", text: "long enough")])
    try FileManager.default.createSymbolicLink(atPath: folder.file("set/link"), withDestinationPath: "/dev/zero")
    #expect(throws: ArchiveError.self) { try readMember("link", ofFolder: folder.file("set"), keeping: false) }
    var limits = ArchiveLimits()
    limits.textBytes = 3
    #expect(throws: ArchiveError.self) { try readMember("list", ofFolder: folder.file("set"), keeping: true, limits: limits) }
    #expect(try readMember("list", ofFolder: folder.file("set"), keeping: false, limits: limits)?.byteCount == 11)
    #expect(try readMember("none", ofFolder: folder.file("set"), keeping: false) == nil)
  }
}

@Suite struct `Cancelled archives` {
  @Test(arguments: ArchiveFormat.allCases, [0, 1, 2, 3])
  func `leave nothing`(format: ArchiveFormat, after: Int) throws {
    let folder = try ScratchFolder()
    let spool = try SpoolFile(path: folder.file("spool"))
    try spool.write(ContiguousArray(repeating: 65, count: 1_000_000))
    let member = try spool.finish(as: "a")
    var left = after
    #expect(throws: ArchiveError.cancelled) {
      try writeArchive(
        [member], format: format, to: folder.file("x"),
        isCancelled: {
          left -= 1
          return left < 0
        }, with: { _ in [CompanionFile(path: folder.file("beside"), text: "x", replaces: true)] })
    }
    #expect(folder.names == ["spool"])
  }
}
