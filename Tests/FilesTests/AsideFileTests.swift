import Diagnostics
import Files
import Foundation
import TestSupport
import Testing

@Suite struct `Files written aside` {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.file("a")
  }

  @Test func `leave the old file at its place until they are committed`() throws {
    try Data("old".utf8).write(to: URL(filePath: path))
    let file = try AsideFile(path)
    try file.write(ContiguousArray("new".utf8))
    #expect(folder.bytes("a") == Array("old".utf8))
    try file.commit()
    #expect(folder.bytes("a") == Array("new".utf8))
    #expect(folder.names == ["a"])
  }

  @Test func `stay when their writer is dropped after the commit`() throws {
    do { try AsideFile(path).commit() }
    #expect(folder.names == ["a"])
    #expect(folder.bytes("a") == [])
  }

  @Test func `leave nothing when their writer is dropped`() throws {
    do {
      let file = try AsideFile(path)
      try file.write(ContiguousArray(repeating: 65, count: 200_000))
      #expect(folder.names == ["a.partial"])
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `leave the old file as it was when their writer is dropped`() throws {
    try Data("old".utf8).write(to: URL(filePath: path))
    do { try AsideFile(path).write(ContiguousArray("new".utf8)) }
    #expect(folder.names == ["a"])
    #expect(folder.bytes("a") == Array("old".utf8))
  }

  @Test func `have one writer at a time`() throws {
    let first = try AsideFile(path)
    try first.write(ContiguousArray("first".utf8))
    #expect(throws: FileError.busy(path: path)) { try AsideFile(path) }
    try first.commit()
    #expect(folder.bytes("a") == Array("first".utf8))
    try AsideFile(path).commit()
    #expect(folder.bytes("a") == [])
  }

  @Test func `take over what a killed writer left`() throws {
    try Data(repeating: 66, count: 1 << 20).write(to: URL(filePath: path + ".partial"))
    let file = try AsideFile(path)
    try file.write(ContiguousArray("new".utf8))
    try file.commit()
    #expect(folder.bytes("a") == Array("new".utf8))
    #expect(folder.names == ["a"])
  }

  @Test(arguments: [1, 1000, 65_535, 65_536, 65_537, 300_000])
  func `take pieces of any size, and know their position`(size: Int) throws {
    let all = ContiguousArray((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    let end = min(all.count, size * 20_000)
    let file = try AsideFile(path)
    for start in stride(from: 0, to: end, by: size) {
      #expect(file.position == start)
      try file.write(ContiguousArray(all[start..<min(start + size, end)]))
    }
    try file.write(zeros: 3)
    #expect(file.position == end + 3)
    try file.commit()
    #expect(folder.bytes("a") == Array(all[..<end]) + [0, 0, 0])
  }

  /// Single bytes between pieces that are not held back.
  @Test(arguments: [65_535, 65_536, 65_537])
  func `keep the order of small and large pieces`(size: Int) throws {
    let file = try AsideFile(path)
    for byte in UInt8(1)...3 {
      try file.write([byte])
      try file.write(zeros: size)
    }
    try file.commit()
    let zeros = [UInt8](repeating: 0, count: size)
    #expect(folder.bytes("a") == [1] + zeros + [2] + zeros + [3] + zeros)
  }

  @Test func `need a folder that exists`() throws {
    let missing = folder.file("missing/a")
    #expect(throws: FileError.system(path: missing, action: "write", code: ENOENT)) { try AsideFile(missing) }
  }

  @Test func `cannot take the place of a folder, and leave nothing then`() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: FileError.system(path: path, action: "write", code: EISDIR)) { try AsideFile(path).commit() }
    #expect(folder.names == ["a"])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs a device that is always full"))
  func `say that the disk is full, and leave nothing`() throws {
    // The partial file is a link to a device that takes nothing, and that other tests may have locked.
    try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
    var error: FileError?
    repeat {
      error = #expect(throws: FileError.self) {
        let file = try AsideFile(path)
        try file.write(ContiguousArray("new".utf8))
        try file.commit()
      }
    } while error?.isBusy == true
    #expect(error == .system(path: path, action: "write", code: ENOSPC))
    #expect(folder.names.isEmpty)
  }
}

@Suite struct `What keeps a file from being written` {
  @Test(arguments: [
    (ENOSPC, "disk-full", "free some space; nothing was left behind"), (EDQUOT, "disk-full", "free some space; nothing was left behind"),
    (ENOENT, "file-access", "create the folder first"), (EACCES, "file-access", "check the folder's permissions"),
    (EROFS, "file-access", "check the folder's permissions"), (EIO, "file-access", nil),
  ])
  func `is said with a rule and a hint`(code: Int32, rule: String, hint: String?) throws {
    let error = FileError.system(path: "/d/a.zip", action: "write", code: code)
    let diagnostic = try #require(error.diagnostics.first)
    #expect(diagnostic.message == "cannot write \"/d/a.zip\": \(unsafe String(cString: strerror(code)))")
    #expect(diagnostic.rule == rule)
    #expect(diagnostic.hint == hint)
    #expect(!error.isBusy)
  }

  @Test func `may be another writer, and pass`() {
    let error = FileError.busy(path: "a.zip")
    let lines = "error: \"a.zip\" is being written by another process [file-busy]\n  hint: try again"
    #expect(error.diagnostics.map(\.description) == [lines])
    #expect(error.isBusy)
  }
}
