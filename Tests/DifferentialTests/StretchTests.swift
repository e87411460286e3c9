import Foundation
import Gangway
import TestSupport
import Testing

/// Rows of large entities are looked at stretch by stretch; where they are cut must not matter.
@Suite struct `Stretches of a view's rows` {
  /// Three entities of very different size; events tie, and become known out of order.
  private static let warehouse = """
    create table events (customer text, at integer, known integer, amount real, note text);
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 2999)
    insert into events select
      case when i % 10 < 7 then 'most' when i % 10 < 9 then 'some' else 'c' || i % 40 end, 1700000000 + i / 3 * 60,
      1700000000 + i / 3 * 60 + (i * 7919) % 101 * (i * 31 % 7) * 20, nullif(i % 23, 0) / 4.0, substr('abcdefgh a longer text', 1 + i % 9)
    from n;
    create table asked (id integer, customer text, at integer);
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 799)
    insert into asked select
      i, case i % 5 when 0 then 'some' when 1 then 'c' || i % 40 when 2 then 'nobody' else 'most' end, 1699999000 + (i * 7879) % 65000 / 20 * 20
    from n;
    """

  private static func project(_ knowledge: String, _ boundary: String, _ known: String) -> String {
    """
    entities: [{name: customer, key: customer}]
    modules:
      - {name: events, relation: events, event_time: {column: at, unit: s}\(known)}
      - {name: asked, relation: asked}
    feature_views:
      - name: looked
        entity: customer
        module: events
        ttl: 2h
        features: [amount, note]
      - name: counted
        entity: customer
        module: events
        features:
          - {name: amount, of: amount, aggregate: [sum, count, min, last], windows: [10m, 3h]}
          - {name: note, of: note, aggregate: [last], windows: [1h]}
    training_sets:
      - name: set
        spine: {module: asked, as_of: {column: at, unit: s}, keep: id, order_by: id}
        knowledge: \(knowledge)
        boundary: \(boundary)
        status_columns: true
        features: [looked, counted]
    """
  }

  @Test(
    arguments: ["as_known", "as_revised"], ["closed", "open"]
  )
  func `give one answer, wherever they are cut`(knowledge: String, boundary: String) throws {
    for known in ["", ", delay: 90s", ", known_time: {column: known, unit: s}"] {
      for cutoff in [nil, "2023-11-15T05:00:00Z"] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gangway-stretches-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "features"), withIntermediateDirectories: true)
        try "project: stretches\nwarehouse: {sqlite: warehouse.sqlite}\n".write(
          to: folder.appending(path: "gangway.yml"), atomically: true, encoding: .utf8)
        try Self.project(knowledge, boundary, known).write(
          to: folder.appending(path: "features/all.yml"), atomically: true, encoding: .utf8)
        try makeWarehouse(Self.warehouse, at: folder.appending(path: "warehouse.sqlite"))
        var archives: [Data] = []
        // A stretch has at least a 128th of a batch's rows: 24 of these.
        for valuesAtOnce in [4 << 20, 1, 150, 1_000, 7_000] {
          var resources = Resources(threads: 2, memory: 1 << 30)
          resources.valuesAtOnce = valuesAtOnce
          var options = ExportOptions(format: "zip", out: folder.appending(path: "\(valuesAtOnce).zip").path)
          options.knownBy = cutoff
          let report = try Workspace(startingAt: folder.path, resources: resources).export("set", options)
          archives.append(try Data(contentsOf: URL(filePath: report.path)))
        }
        #expect(archives.allSatisfy { $0 == archives[0] }, "\(known) \(cutoff ?? "")")
      }
    }
  }
}
