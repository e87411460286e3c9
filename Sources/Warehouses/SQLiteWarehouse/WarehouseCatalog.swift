internal import Columns
internal import Times
internal import Warehouses

/// The table that tells people and BI tools what they are looking at: a row a relation, and a row a column of it.
struct WarehouseCatalog {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// The model versions whose predictions are in relations, each once.
  func modelVersions(of relations: [String]) throws(WarehouseError) -> [String] {
    let known = try connection.prepare("select 1 from sqlite_schema where type = 'table' and name = '\(Schema.catalog)'")
    guard try known.step() else { return [] }
    known.reset()
    var versions: [String] = []
    for relation in relations {
      let read = try connection.prepare(
        "select model_versions from \(Schema.catalog) where relation = ?1 collate nocase and column is null and model_versions is not null")
      read.bind(relation, at: 1)
      guard try read.step(), let listed = read.text(0) else { continue }
      for version in listed.split(separator: ", ").map(String.init) where !versions.contains(version) { versions.append(version) }
    }
    return versions
  }

  /// - Parameter time: microseconds since the Unix epoch.
  func note(_ entry: CatalogEntry, at time: Int64) throws(WarehouseError) {
    try connection.run(
      """
      create table if not exists \(Schema.catalog) (
        relation TEXT not null, column TEXT, type TEXT, description TEXT, owner TEXT, grain TEXT, refreshed_at TIMESTAMP, model_versions TEXT)
      """)
    let delete = try connection.prepare("delete from \(Schema.catalog) where relation = ?1 collate nocase")
    delete.bind(entry.relation, at: 1)
    _ = try delete.step()
    let insert = try connection.prepare("insert into \(Schema.catalog) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
    func write(_ column: CatalogEntry.Column?) throws(WarehouseError) {
      let texts: [String?] = [
        entry.relation, column?.name, column?.type?.rawValue, column == nil ? entry.description : column?.description, entry.owner,
        entry.grain.isEmpty ? nil : entry.grain.joined(separator: ", "), uniformTimestampText(time),
        entry.modelVersions.isEmpty ? nil : entry.modelVersions.joined(separator: ", "),
      ]
      for (i, text) in texts.enumerated() {
        let place = Int32(truncatingIfNeeded: i + 1)
        if let text { insert.bind(text, at: place) } else { insert.bindNull(at: place) }
      }
      do throws(SQLFailure) { try insert.runAgain() } catch { throw connection.failure(error.code, saying: error.message) }
    }
    try write(nil)
    for column in entry.columns { try write(column) }
  }
}

/// Of what each publication was made.
struct PublishedStates {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func note(_ name: String, _ state: String) throws(WarehouseError) {
    try connection.run("create table if not exists \(Schema.published) (name TEXT primary key, state TEXT not null)")
    let insert = try connection.prepare("insert or replace into \(Schema.published) values (?1, ?2)")
    insert.bind(name, at: 1)
    insert.bind(state, at: 2)
    _ = try insert.step()
  }

  func all() throws(WarehouseError) -> [String: String] {
    let known = try connection.prepare("select 1 from sqlite_schema where type = 'table' and name = '\(Schema.published)'")
    guard try known.step() else { return [:] }
    known.reset()
    let read = try connection.prepare("select name, state from \(Schema.published)")
    var states: [String: String] = [:]
    while try read.step() { states[read.text(0) ?? ""] = read.text(1) }
    return states
  }
}
