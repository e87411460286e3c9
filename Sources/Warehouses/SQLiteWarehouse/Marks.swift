internal import Warehouses

/// Which relations were built here is kept in the warehouse itself: nothing else is ever dropped.
struct Marks {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Drops what is there under a name, if it was built here, and marks what will be.
  ///
  /// - Parameter sql: the SELECT of which it will be built, if it is of one.
  /// - Throws: `.foreignRelation` if it was not.
  func replace(_ name: String, by sql: String? = nil) throws(WarehouseError) {
    let old = try connection.prepare(
      "select name, type from sqlite_schema where type in ('table', 'view') and name = ?1 collate nocase")
    old.bind(name, at: 1)
    if try old.step(), let name = old.text(0), let type = old.text(1) {
      old.reset()
      guard try isMarked(name) else { throw .foreignRelation(name, kind: type) }
      try connection.run("drop \(type) \(quoted(name))")
    }
    try mark(name, sql)
  }

  /// Of what each relation was built, by its name, where that is known.
  func sql() throws(WarehouseError) -> [String: String] {
    guard try columns.contains("sql") else { return [:] }
    let read = try connection.prepare("select relation, sql from \(Schema.marks) where sql is not null")
    var found: [String: String] = [:]
    while try read.step() { found[read.text(0) ?? ""] = read.text(1) }
    return found
  }

  private func mark(_ name: String, _ sql: String?) throws(WarehouseError) {
    try connection.run("create table if not exists \(Schema.marks) (relation text primary key collate nocase, sql text)")
    // An older one marks only.
    if try !columns.contains("sql") { try connection.run("alter table \(Schema.marks) add column sql text") }
    let insert = try connection.prepare("insert or replace into \(Schema.marks) (relation, sql) values (?1, ?2)")
    insert.bind(name, at: 1)
    if let sql { insert.bind(sql, at: 2) } else { insert.bindNull(at: 2) }
    _ = try insert.step()
  }

  /// None: nothing was ever built here.
  private var columns: [String] {
    get throws(WarehouseError) {
      let read = try connection.prepare("select name from pragma_table_info('\(Schema.marks)')")
      var names: [String] = []
      while try read.step() { names.append(read.text(0) ?? "") }
      return names
    }
  }

  private func isMarked(_ name: String) throws(WarehouseError) -> Bool {
    guard try !columns.isEmpty else { return false }
    let marked = try connection.prepare("select 1 from \(Schema.marks) where relation = ?1")
    marked.bind(name, at: 1)
    return try marked.step()
  }
}
