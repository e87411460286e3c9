import Columns
import Definitions
import Diagnostics
import Foundation
import Outputs
import TestSupport
import Times
import Warehouses

/// A batch of files in a folder of its own, read against the definition of an output.
final class Batch {
  let folder: ScratchFolder
  let output: ModelOutput
  var known: KnownEntities?
  var zone = Zone.utc
  var errorFile: String?
  /// 2024-06-01, the moment of registering.
  static let now: Int64 = 1_717_200_000_000_000

  static let key = "[{name: id, type: int64}]"

  /// - Parameters:
  ///   - columns: as in a definition.
  ///   - more: further keys of the definition.
  init(_ columns: String, key: String = Batch.key, _ more: String = "") throws {
    folder = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: folder.file("project/features"), withIntermediateDirectories: true)
    let definition = """
      entities: [{name: shipment, key: \(key)}]
      outputs: [{name: eta, entity: shipment, columns: \(columns)\(more.isEmpty ? "" : ", \(more)")}]
      """
    try definition.write(toFile: folder.file("project/features/test.yml"), atomically: true, encoding: .utf8)
    try "project: test\nwarehouse: {sqlite: w.sqlite}\n".write(
      toFile: folder.file("project/gangway.yml"), atomically: true, encoding: .utf8)
    output = try readProject(at: folder.file("project"), environment: [:]).outputs[0]
  }

  @discardableResult
  func write(_ text: String, _ name: String = "p.csv") throws -> BatchInput { try write(Array(text.utf8), name) }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "p.csv") throws -> BatchInput {
    try Data(bytes).write(to: URL(filePath: folder.file(name)))
    return file(name)
  }

  func file(_ name: String) -> BatchInput { .file(path: folder.file(name), displayName: name) }

  struct Taken {
    var tables: [Table] = []
    var summary: BatchSummary
    var warnings: [Diagnostic]

    /// Row by row, as text.
    var rows: [[String]] {
      tables.flatMap { table in (0..<table.rowCount).map { row in table.columns.map { $0.messageText(at: row) } } }
    }
  }

  func read(_ inputs: [BatchInput]) throws(BatchError) -> Taken {
    var tables: [Table] = []
    var warnings: [Diagnostic] = []
    let reader = BatchReader(output: output, zone: zone, predictedAt: Self.now, latest: Self.now, known: known)
    let summary = try reader.read(
      inputs, errorFile: errorFile, warn: { warnings.append($0) }, take: { (table: Table) throws(Diagnostics) in tables.append(table) })
    return Taken(tables: tables, summary: summary, warnings: warnings)
  }

  func read(_ text: String) throws -> Taken { try read([write(text)]) }

  /// What is wrong with a batch, one line each: place, message, rule; empty if nothing is.
  func mistakes(_ inputs: [BatchInput]) throws -> [String] {
    do throws(BatchError) {
      _ = try read(inputs)
      return []
    } catch {
      return error.diagnostics.map { "\($0.location.map { "\($0.path):\($0.line): " } ?? "")\($0.message) [\($0.rule)]" }
    }
  }

  func mistakes(_ text: String) throws -> [String] { try mistakes([write(text)]) }

  func report(_ inputs: [BatchInput]) throws -> BatchReport? {
    do throws(BatchError) {
      _ = try read(inputs)
      return nil
    } catch {
      guard case .refused(let report) = error else { throw error }
      return report
    }
  }
}
