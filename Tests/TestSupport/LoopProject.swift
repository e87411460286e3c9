package import Foundation
import GRDB

/// A project that closes the loop: shipments, a model's output about them, a view and a mart over it.
package struct LoopProject {
  package let folder: ScratchFolder

  package var url: URL { URL(fileURLWithPath: folder.path) }
  package var warehouse: URL { url.appending(path: "warehouse.sqlite") }

  /// - Parameters:
  ///   - output: keys of the output beside its name and entity.
  ///   - set: keys of the training set `asked` beside its spine and features.
  package init(output: String = LoopProject.columns, set: String = "") throws {
    folder = try ScratchFolder()
    try write("gangway.yml", "project: loop\nwarehouse: {sqlite: warehouse.sqlite}\n")
    try define(output: output, set: set)
    try change(
      """
      create table shipments (id integer, at text, known text, late real);
      insert into shipments values (1, '2024-01-10T00:00:00Z', '2024-01-12T00:00:00Z', 1), (2, '2024-02-10T00:00:00Z', '2024-02-12T00:00:00Z', 2),
        (3, '2024-03-10T00:00:00Z', '2024-03-12T00:00:00Z', 3);
      """)
  }

  package static let columns =
    "columns: [{name: minutes, type: float64, not_null: true, min: 0}, {name: band, type: string, accepted_values: [low, high]}]"

  package func define(output: String = LoopProject.columns, set: String = "", more: String = "") throws {
    try write(
      "features/loop.yml",
      """
      entities: [{name: shipment, key: [{name: id, type: int64}], module: shipments}]
      modules:
        - {name: shipments, relation: shipments, grain: id, columns: [{name: late, known_time: known}]}
      outputs:
        - {name: eta, entity: shipment, \(output)}
      feature_views:
        - {name: shown, entity: shipment, module: eta, features: [minutes, model_version]}
      training_sets:
        - {name: asked, spine: {module: shipments, as_of: at, keep: id}, features: [shown]\(set)}
        - {name: late, spine: {module: shipments, as_of: at, keep: id, label: late}, features: [shown], allow_in_sample: true}
      marts:
        - {name: mart_shipment, entity: shipment, base: shipments, columns: [id, at], join: [{output: eta, columns: [minutes, model_version]}]}
      \(more)
      """)
  }

  package func write(_ name: String, _ text: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Statements on the warehouse.
  package func change(_ sql: String) throws { try makeWarehouse(sql, at: warehouse) }

  @discardableResult
  package func gangway(_ words: String...) throws -> BuiltBinary.Outcome { try BuiltBinary.run(words, in: url) }

  /// Registers rows of `id,minutes,band`.
  @discardableResult
  package func register(_ rows: String, _ words: String...) throws -> BuiltBinary.Outcome {
    try write("predictions.csv", "id,minutes,band\n\(rows)")
    return try BuiltBinary.run(["register", "eta", "predictions.csv"] + words, in: url)
  }

  /// What a query finds, the first column as text: join cells with `||`.
  package func rows(_ sql: String) throws -> [String] {
    let queue = try DatabaseQueue(path: warehouse.path)
    let found = try queue.read { try String.fetchAll($0, sql: sql) }
    try queue.close()
    return found
  }
}
