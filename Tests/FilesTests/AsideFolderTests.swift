import Diagnostics
import Files
import Foundation
import TestSupport
import Testing

@Suite struct `Folders filled aside` {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.file("set")
  }

  /// A folder of ours lists its files in one of them.
  private static func files(_ folder: String) -> [String]? {
    FileManager.default.contents(atPath: folder + "/list").map {
      String(decoding: $0, as: UTF8.self).split(separator: " ").map(String.init) + ["list"]
    }
  }

  private func aside() throws -> AsideFolder { try AsideFolder(path, files: Self.files) }

  private func write(_ name: String, _ text: String, in place: String) throws {
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: "\(place)/\(name)"))
  }

  /// Files by name with their texts.
  private func contents(_ name: String = "set") throws -> [String: String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(name))
    return Dictionary(
      uniqueKeysWithValues: names.map { ($0, folder.bytes("\(name)/\($0)").map { String(decoding: $0, as: UTF8.self) } ?? "") })
  }

  private func fill(_ aside: AsideFolder, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: aside.filePath("a")))
    try Data("a".utf8).write(to: URL(filePath: aside.filePath("list")))
  }

  private func make(_ text: String) throws {
    let aside = try aside()
    try fill(aside, text)
    try aside.commit()
  }

  @Test func `come to their place with all their files at once`() throws {
    let aside = try aside()
    try fill(aside, "new")
    #expect(folder.names == ["set.partial"])
    try aside.commit()
    #expect(folder.names == ["set"])
    #expect(try contents() == ["a": "new", "list": "a"])
  }

  @Test func `leave nothing when their writer is dropped`() throws {
    try fill(try aside(), "new")
    #expect(folder.names.isEmpty)
    try make("old")
    try fill(try aside(), "new")
    #expect(folder.names == ["set"])
    #expect(try contents() == ["a": "old", "list": "a"])
  }

  @Test func `replace one of ours, whose other files move in`() throws {
    try make("old")
    try write("mine", "precious", in: path)
    try write("deep", "too", in: path + "/own")
    try make("new")
    #expect(folder.names == ["set"])
    #expect(try contents() == ["a": "new", "list": "a", "mine": "precious", "own": ""])
    #expect(try contents("set/own") == ["deep": "too"])
  }

  @Test func `do not replace one in which somebody else's file has a name that is needed`() throws {
    try make("old")
    try Data("".utf8).write(to: URL(filePath: path + "/list"))
    let error = #expect(throws: FileError.self) { try make("new") }
    #expect(error == .system(path: path + "/a", action: "replace", code: EEXIST))
    #expect(folder.names == ["set"])
    #expect(try contents()["a"] == "old")
  }

  @Test(arguments: ["folder", "file", "link"])
  func `replace nothing else`(what: String) throws {
    switch what {
    case "folder": try write("a", "precious", in: path)
    case "file": try Data("precious".utf8).write(to: URL(filePath: path))
    default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/")
    }
    let error = #expect(throws: FileError.self) { try make("new") }
    #expect(error?.diagnostics.map(\.rule) == ["not-replaced"])
    #expect(folder.names == ["set"])
    if what == "folder" { #expect(try contents() == ["a": "precious"]) }
    if what == "file" { #expect(folder.bytes("set") == Array("precious".utf8)) }
  }

  @Test func `have one writer at a time`() throws {
    let first = try aside()
    #expect(throws: FileError.busy(path: path)) { try aside() }
    try fill(first, "first")
    try first.commit()
    try make("second")
    #expect(try contents()["a"] == "second")
  }

  @Test func `take over what a killed writer left`() throws {
    try write("half", "…", in: path + ".partial")
    try write(".gangway-partial", "", in: path + ".partial")
    try make("new")
    #expect(folder.names == ["set"])
    #expect(try contents() == ["a": "new", "list": "a"])
  }

  @Test func `leave a folder alone that only has such a name`() throws {
    try write("mine", "precious", in: path + ".partial")
    let error = #expect(throws: FileError.self) { try make("new") }
    #expect(error?.diagnostics.map(\.rule) == ["not-replaced"])
    #expect(try contents("set.partial") == ["mine": "precious"])
  }

  @Test func `put the old one back that a killed writer had moved away`() throws {
    try make("old")
    try FileManager.default.moveItem(atPath: path, toPath: path + ".replaced")
    do { try fill(try aside(), "new") }
    #expect(folder.names == ["set"])
    #expect(try contents()["a"] == "old")
  }

  @Test func `end a replacement that a killed writer had begun`() throws {
    try make("old")
    try write("mine", "precious", in: path)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".replaced")
    try write("a", "new", in: path)
    try write("list", "a", in: path)
    try make("newer")
    #expect(folder.names == ["set"])
    #expect(try contents() == ["a": "newer", "list": "a", "mine": "precious"])
  }
}
