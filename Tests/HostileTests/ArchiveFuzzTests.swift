import Archives
import Diagnostics
import Exports
import Foundation
import TestSupport
import Testing

@Suite struct `Hostile archives` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Three members: rows, their manifest, the digests of both.
  private static let members: [ArchiveMember] = {
    let rows = ArchiveMember(name: "data.csv", text: (0..<400).map { "\($0),lathe,\($0 * 7919 % 1009)\n" }.joined())
    let manifest = ArchiveMember(
      name: "manifest.json", text: "{\"members\": [{\"name\": \"data.csv\", \"sha256\": \"\(rows.sha256)\"}]}\n")
    let sums = [rows, manifest].map { "\($0.sha256)  \($0.name)\n" }.joined()
    return [rows, manifest, ArchiveMember(name: "SHA256SUMS", text: sums)]
  }()

  private static let tokens: [[UInt8]] = [
    [0], [0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], Array("PK\u{1}\u{2}".utf8), Array("PK\u{5}\u{6}".utf8),
    Array("../".utf8), Array("/".utf8), [0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD],
  ]

  private func write(_ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: folder.file("damaged")))
    return folder.file("damaged")
  }

  /// What its members are, by name.
  private func contents(_ path: String) throws -> [String: ContiguousArray<UInt8>] {
    let members = try Archives.readArchive(path) { _ in true }
    return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.bytes ?? []) })
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `of changed bytes are found out or hold what they held`(format: ArchiveFormat) throws {
    try writeArchive(Self.members, format: format, to: folder.file("sound"))
    #expect(try checkArchive(folder.file("sound")).damages.isEmpty)
    let sound = try #require(folder.bytes("sound"))
    let original = try contents(folder.file("sound"))
    var found = 0
    for seed in 1...UInt64(50 * fuzzFactor) {
      let path = try write(mutate(sound, tokens: Self.tokens, seed: seed))
      do throws(ArchiveError) {
        if try !checkArchive(path).damages.isEmpty {
          found += 1
          continue
        }
      } catch {
        #expect(error.diagnostics.allSatisfy { $0.message.contains(path) }, "seed \(seed)")
        found += 1
        continue
      }
      let held = try contents(path)
      #expect(held == original, "seed \(seed): \(held.keys.sorted())")
    }
    #expect(found > 20 * fuzzFactor)
  }

  @Test(arguments: ["../x", "/abs", "a/b", "..", ".", "a/", "./x", "x/../../y"])
  func `whose names leave the root are refused`(name: String) throws {
    let path = try write(tar([("data.csv", nil, "a\n"), (name, nil, "b\n")]))
    do throws(ArchiveError) {
      let check = try checkArchive(path)
      Issue.record("\(check)")
    } catch {
      #expect(error.diagnostics.map(\.rule) == ["unsafe-archive"])
    }
  }

  @Test func `with two members of one name are refused`() throws {
    let path = try write(tar([("data.csv", nil, "a\n"), ("data.csv", nil, "b\n")]))
    #expect(throws: ArchiveError.unsafe(path: path, what: "two members called \"data.csv\"")) { try checkArchive(path) }
  }

  @Test(arguments: [4_000, 1 << 32, 0o77_777_777_777])
  func `that claim more than they have are damaged`(size: Int) throws {
    let path = try write(tar([("data.csv", size, "a\n")]))
    let damages = try checkArchive(path).damages
    #expect(damages.count == 1 && damages[0].contains("cannot be read"), "\(damages)")
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `that unpack to more than is allowed are refused`(format: ArchiveFormat) throws {
    let zeros = ArchiveMember(name: "data.csv", bytes: ContiguousArray(repeating: 0, count: 8 << 20))
    let path = folder.file("bomb")
    #expect(try writeArchive([zeros], format: format, to: path).byteCount < 100_000)
    var limits = ArchiveLimits()
    limits.bytes = 1 << 20
    let error = ArchiveError.unsafe(path: path, what: "more bytes than are allowed in member \"data.csv\"")
    #expect(throws: error) { try Archives.readArchive(path, limits: limits) { _ in false } }
    limits = ArchiveLimits()
    limits.textBytes = 1 << 20
    #expect(throws: error) { try Archives.readArchive(path, limits: limits) { _ in true } }
    #expect(try Archives.readArchive(path, limits: limits) { _ in false }.map(\.byteCount) == [8 << 20])
  }

  @Test func `of more members than are allowed are refused`() throws {
    let path = try write(tar((0..<20).map { ("m\($0)", nil, "") }))
    var limits = ArchiveLimits()
    limits.members = 19
    #expect(throws: ArchiveError.unsafe(path: path, what: "more than 19 members")) {
      try Archives.readArchive(path, limits: limits) { _ in false }
    }
  }
}
