import Columns
import Foundation

/// A folder of its own for a test, removed after it.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "gangway-arrow-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: file(name)).map { Array($0) } }
}

/// One column of each type.
let allFields = DataType.allCases.map { Field("a \($0.rawValue)", $0) }

/// Deterministic values, some of them null if asked for.
func sampleTable(rows: Int, nulls: Bool, seed: Int = 1) -> Table {
  Table(fields: allFields, columns: allFields.map { sampleColumn($0.type, rows, nulls, seed) }, rowCount: rows)
}

private func sampleColumn(_ type: DataType, _ count: Int, _ nulls: Bool, _ seed: Int) -> Column {
  var builder = ColumnBuilder(type)
  for row in 0..<count {
    let value = (row &* 2_654_435_761 &+ seed &* 97) & 0xFF_FFFF
    if nulls && value % 3 == 0 {
      builder.appendNull()
      continue
    }
    switch type {
    case .int64: builder.append(Int64(value) - 100_000)
    case .float64: builder.append(Double(value) / 64)
    case .boolean: builder.append(value & 1 == 1)
    case .string: builder.append(value % 4 == 0 ? "" : "wört \(value % 100)")
    case .date: builder.append(days: Int32(value % 40_000))
    case .timestamp: builder.append(Int64(value) * 1_000_003)
    }
  }
  return builder.finish()
}

enum Cell: Equatable {
  case null
  case int64(Int64)
  /// Its bits.
  case float64(UInt64)
  case boolean(Bool)
  case string([UInt8])
  case date(Int32)
  case timestamp(Int64)
}

/// A table as rows, read value by value.
func cells(_ table: Table) -> [[Cell]] {
  (0..<table.rowCount).map { row in table.columns.map { cell($0, row) } }
}

private func cell(_ column: Column, _ row: Int) -> Cell {
  if column.isNull(row) { return .null }
  switch column.values {
  case .int64(let values): return .int64(values.span[row])
  case .float64(let values): return .float64(values.span[row].bitPattern)
  case .boolean(let bits): return .boolean(bits[row])
  case .string(let offsets, let bytes):
    let range = Int(offsets.span[row])..<Int(offsets.span[row + 1])
    return .string(range.map { bytes.span[$0] })
  case .date(let values): return .date(values.span[row])
  case .timestamp(let values): return .timestamp(values.span[row])
  }
}

/// The same numbers on every run and machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
