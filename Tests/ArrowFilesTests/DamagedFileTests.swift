import ArrowFiles
import Columns
import Diagnostics
import Foundation
import Testing

@Suite struct `Damaged Arrow files` {
  let folder: ScratchFolder
  let sound: [UInt8]

  init() throws {
    folder = try ScratchFolder()
    let tables = [sampleTable(rows: 20, nulls: true), sampleTable(rows: 5, nulls: false)]
    try writeArrowFile(tables, metadata: [("k", "v")], to: folder.file("sound.arrow"))
    sound = try #require(folder.bytes("sound.arrow"))
  }

  /// Reads every value of the file with these bytes, if it opens.
  ///
  /// - Returns: what was wrong.
  @discardableResult
  private func problem(_ bytes: [UInt8]) throws -> String? {
    let path = folder.file("damaged.arrow")
    try Data(bytes).write(to: URL(filePath: path))
    do throws(ArrowFileError) {
      let file = try ArrowFile(mapping: path)
      for table in file.batches { _ = cells(table) }
      try file.checkText()
      return nil
    } catch {
      #expect(error.path == path)
      #expect(error.diagnostics.first?.message.contains(path) == true)
      switch error {
      case .damaged(_, let what), .unsupported(_, let what): return what
      default: return "unexpected: \(error)"
      }
    }
  }

  @Test func `are told from sound ones`() throws { #expect(try problem(sound) == nil) }

  @Test func `are noticed wherever they were cut`() throws {
    for length in 0..<sound.count { #expect(try problem(Array(sound[..<length])) != nil, "cut at \(length)") }
  }

  @Test(arguments: UInt64(1)...8)
  func `never crash a reader, whatever bytes are changed`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var noticed = 0
    for _ in 0..<500 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] = [0, 0x7F, 0x80, 0xFF, bytes[place] ^ (1 << UInt8.random(in: 0..<8, using: &random))].randomElement(using: &random)!
      }
      if let what = try problem(bytes) {
        noticed += 1
        #expect(!what.hasPrefix("unexpected"), "seed \(seed)")
      }
    }
    #expect(noticed > 50)
  }

  @Test(arguments: UInt64(1)...4)
  func `never crash a reader that follows a changed footer`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    for _ in 0..<1000 {
      var bytes = sound
      // Footer, its length and the batches' metadata: where the offsets are.
      let place = Int.random(in: bytes.count - 700..<bytes.count, using: &random)
      bytes[place] = UInt8.random(in: 0...255, using: &random)
      #expect(try problem(bytes)?.hasPrefix("unexpected") != true, "seed \(seed)")
    }
  }

  @Test func `say what is wrong`() throws {
    #expect(try problem([]) == "it is empty")
    #expect(try problem([1, 2, 3]) == "it is only 3 bytes long")
    #expect(try problem([0] + sound) == "it does not begin with ARROW1")
    #expect(try problem(sound + [0]) == "it does not end with ARROW1: it may be cut")
    var bytes = sound
    bytes.replaceSubrange(bytes.count - 10..<bytes.count - 6, with: [0xFF, 0xFF, 0, 0])
    #expect(try problem(bytes) == "the footer's length is 65535")
  }

  @Test func `include folders`() throws {
    #expect(throws: ArrowFileError.damaged(path: folder.path, what: "it is not a regular file")) {
      try ArrowFile(mapping: folder.path)
    }
  }

  @Test func `whose text is no UTF-8 open, and are found by the check for it`() throws {
    let text = Column(.string(offsets: Buffer([0, 1, 3]), bytes: Buffer([65, 0xC3, 0x28])))
    try writeArrowFile([Table(fields: [Field("s", .string)], columns: [text], rowCount: 2)], to: folder.file("a.arrow"))
    let file = try ArrowFile(mapping: folder.file("a.arrow"))
    #expect(
      throws: ArrowFileError.damaged(
        path: folder.file("a.arrow"), what: "column \"s\" of batch 0 has no UTF-8 in row 1")
    ) { try file.checkText() }
  }
}
