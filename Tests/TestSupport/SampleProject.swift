package import Foundation
internal import GRDB

/// Makes a SQLite file from statements.
package func makeWarehouse(_ sql: String, at url: URL) throws {
  let queue = try DatabaseQueue(path: url.path)
  try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  try queue.close()
}

/// The first column of what a query finds, as text.
package func firstColumn(of query: String, in url: URL) throws -> [String] {
  let queue = try DatabaseQueue(path: url.path)
  let found = try queue.read { database in try Row.fetchAll(database, sql: query).map { $0.databaseValues.first?.description ?? "" } }
  try queue.close()
  return found
}

/// Every row of every table whose name begins with `raw_`, in the order of the file.
package func rawRows(in url: URL) throws -> [String] {
  let queue = try DatabaseQueue(path: url.path)
  let rows = try queue.read { database in
    try String.fetchAll(database, sql: "select name from sqlite_schema where name glob 'raw_*' order by name").flatMap { table in
      try Row.fetchAll(database, sql: "select * from \(table) order by rowid").map { row in
        table + ": " + row.databaseValues.map(\.description).joined(separator: " | ")
      }
    }
  }
  try queue.close()
  return rows
}

/// FNV-1a, 64 bits.
package func fingerprint(of rows: [String]) -> String {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in rows.joined(separator: "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return String(hash, radix: 16)
}

/// Keeps a SQLite file locked against everybody while the body runs.
package func holdingLock(on url: URL, _ body: () throws -> Void) throws {
  let queue = try DatabaseQueue(path: url.path)
  try queue.inDatabase { database in
    try database.execute(sql: "begin exclusive")
    defer { try? database.execute(sql: "rollback") }
    try body()
  }
  try queue.close()
}

/// The CSV members of an archive as text, by name.
package func csvMembers(ofArchive path: String) throws -> [String: String] {
  let members = try readArchive(path).filter { $0.name.hasSuffix(".csv") }
  return Dictionary(uniqueKeysWithValues: members.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
}

/// A project in a folder of its own: a workshop's machines, their readings and failures.
package struct SampleProject {
  package let folder: ScratchFolder

  package var url: URL { URL(fileURLWithPath: folder.path) }
  package var warehouse: URL { url.appending(path: "warehouse.sqlite") }

  package init(withWarehouse: Bool = true) throws {
    folder = try ScratchFolder()
    try write(
      "gangway.yml",
      """
      project: workshop
      warehouse: {sqlite: warehouse.sqlite}

      """)
    try write("features/workshop.yml", Self.definitions)
    try write("features/hot.sql", "select reading_id, machine, at, heat from {{ source('raw_readings') }} where heat > 20")
    if withWarehouse { try makeWarehouse(Self.tables, at: warehouse) }
  }

  package func write(_ name: String, _ text: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  package func change(_ name: String, _ old: String, to new: String) throws {
    let text = try String(contentsOf: url.appending(path: name), encoding: .utf8)
    precondition(text.contains(old), "\(name) does not say \(old)")
    try write(name, text.replacingOccurrences(of: old, with: new))
  }

  /// One command in the project's folder.
  @discardableResult
  package func gangway(_ words: String..., environment: [String: String] = [:]) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(words, in: url, environment: environment)
  }

  /// All files below the folder, by path, sorted.
  package var files: [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
  }

  private static let definitions = """
    sources: [raw_readings]
    entities:
      - {name: machine, key: machine}
    modules:
      - {name: readings, relation: raw_readings, grain: reading_id, event_time: at, delay: 10m}
      - {name: hot, sql: hot.sql, grain: reading_id, event_time: at}
      - {name: shifts, relation: raw_shifts}
    feature_views:
      - name: heat
        entity: machine
        module: readings
        features:
          - heat
          - {name: heat, aggregate: max, windows: 2h}
    training_sets:
      - name: failures
        spine: {module: shifts, as_of: begins, keep: shift_id, label: failed}
        features: [heat]

    """

  private static let tables = """
    create table raw_readings (reading_id integer, machine text, at text, heat real);
    insert into raw_readings values
      (1, 'lathe', '2024-05-01 06:00:00', 20.5), (2, 'lathe', '2024-05-01 07:55:00', 31.0), (3, 'press', '2024-05-01 07:00:00', 40.25);
    create table raw_shifts (shift_id integer, machine text, begins text, failed integer);
    insert into raw_shifts values
      (1, 'lathe', '2024-05-01 08:00:00', 0), (2, 'lathe', '2024-05-01 08:05:00', 1), (3, 'press', '2024-05-01 16:00:00', 0);
    """

  /// The archive's data.csv as it has to be.
  package static let expected = """
    machine,begins,shift_id,heat__heat,heat__heat_max_2h,failed
    lathe,2024-05-01T08:00:00Z,1,20.5,,0
    lathe,2024-05-01T08:05:00Z,2,31.0,31.0,1
    press,2024-05-01T16:00:00Z,3,40.25,,0

    """
}
