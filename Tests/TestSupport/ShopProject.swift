package import Foundation

/// A project over one table that is overwritten in place: a shop's customers, and visits at which their profile is asked for.
package struct ShopProject {
  package let folder: ScratchFolder

  package var url: URL { URL(fileURLWithPath: folder.path) }
  package var warehouse: URL { url.appending(path: "warehouse.sqlite") }

  /// - Parameters:
  ///   - module: keys of the observed module beside its name.
  ///   - features: of the view over it.
  ///   - visits: `customer_id`, `at`, as the rows of an insert.
  package init(
    module: String = "relation: shop_customers, grain: customer_id, event_time: since, history: observe", features: String = "[tier]",
    tables: String = ShopProject.customers, visits: String
  ) throws {
    folder = try ScratchFolder()
    try write("gangway.yml", "project: shop\nwarehouse: {sqlite: warehouse.sqlite}\n")
    try define(module: module, features: features)
    try change(tables)
    try change("create table visits (customer_id text, at text); insert into visits values \(visits)")
  }

  /// Three of them, since the first of January, February and March.
  package static let customers = """
    create table shop_customers (customer_id text, tier text, since text);
    insert into shop_customers values ('ann', 'gold', '2024-01-01 00:00:00'), ('bob', 'silver', '2024-02-01 00:00:00'),
      ('cy', 'none', '2024-03-01 00:00:00');
    """

  package func define(module: String, features: String, view: String = "") throws {
    try write(
      "features/shop.yml",
      """
      entities: [{name: customer, key: customer_id}]
      modules:
        - {name: shop_customers, \(module)}
        - {name: visits, relation: visits}
      feature_views:
        - {name: profile, entity: customer, module: shop_customers, \(view)features: \(features)}
      training_sets:
        - {name: buyers, spine: {module: visits, as_of: at}, features: [profile]}
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

  /// What `observe` says of a look.
  package func observe(at time: String? = nil) throws -> String {
    let outcome = try BuiltBinary.run(["observe"] + (time.map { ["--at", $0] } ?? []), in: url)
    return outcome.exit == 0 ? outcome.standardOutput : outcome.standardError
  }

  /// The rows of the training set, without header: by decision time.
  package func exported(_ words: String...) throws -> [String] {
    let outcome = try BuiltBinary.run(["export", "buyers", "--out", "x.zip"] + words, in: url)
    guard outcome.exit == 0 else { return [outcome.standardError] }
    return try csvMembers(ofArchive: folder.file("x.zip"))["data.csv"]?.split(separator: "\n").dropFirst().map(String.init) ?? []
  }

  /// All files below the folder, by path, sorted.
  package var files: [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
  }
}
