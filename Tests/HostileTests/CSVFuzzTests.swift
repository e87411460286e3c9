import CSVReading
import Columns
import Diagnostics
import Foundation
import SQLiteWarehouse
import TestSupport
import Testing

@Suite struct `Broken CSV files` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let sound = #"""
    machine,begins,shift_id,"the ""score""",note,is_new\#r
    lathe,2024-05-01T08:00:00Z,1,0.5,"two\#r
    lines, one comma",true\#r
    press,2024-05-01T16:00:00Z,2,-1e-7,"say ""hi""",FALSE\#r
    naïve ☂,2024-05-02,9223372036854775807,12,"",\#r
    ,,,,,\#r

    """#

  private static let tokens: [[UInt8]] =
    ["\"", "\"\"", ",", "\r", "\n", "\r\n", "\u{0}", "-", ".", "e", "\u{FEFF}", "99999999999999999999"].map { Array($0.utf8) }
    + [[0xFF], [0xC3], [0xE2, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  private static let knownTypes: [String: DataType] = [
    "machine": .string, "begins": .timestamp, "shift_id": .int64, "the \"score\"": .float64, "is_new": .boolean,
  ]

  /// - Returns: whether they load.
  private func loads(_ bytes: [UInt8], types: [String: DataType], _ seed: UInt64) throws -> Bool {
    let path = folder.file("ask.csv")
    try Data(bytes).write(to: URL(filePath: path))
    do throws(CSVError) {
      let warehouse = try SQLiteWarehouse.temporary(csv: path, displayName: "ask.csv", columnTypes: types, folder: folder.path)
      return warehouse.displayName == "ask.csv"
    } catch {
      #expect(error.file == "ask.csv", "seed \(seed)")
      #expect(error.diagnostics.count == 1 && error.diagnostics.allSatisfy { $0.hint != nil }, "seed \(seed)")
      let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
      switch error.problem {
      case .noHeader: #expect(error.line == nil, "seed \(seed)")
      case .unreadable, .temporaryDatabase: Issue.record("seed \(seed): \(error)")
      default:
        #expect((1...lines).contains(error.line ?? 0), "seed \(seed): \(error)")
        #expect((error.character ?? 1) >= 1, "seed \(seed): \(error)")
      }
      return false
    }
  }

  @Test(arguments: [[:], Self.knownTypes])
  func `load or are refused with a place`(types: [String: DataType]) throws {
    let sound = Array(Self.sound.utf8)
    #expect(try loads(sound, types: types, 0))
    var refused = 0
    let count = 150 * fuzzFactor
    for seed in 1...UInt64(count) {
      if try !loads(mutate(sound, tokens: Self.tokens, seed: seed), types: types, seed) { refused += 1 }
    }
    #expect(refused > count / 4 && refused < count)
    #expect(folder.names == ["ask.csv"], "no temporary database is left")
  }

  @Test func `are refused or read wherever they were cut`() throws {
    let sound = Array(Self.sound.utf8)
    for length in sound.indices { _ = try loads(Array(sound[..<length]), types: [:], UInt64(length)) }
  }
}
