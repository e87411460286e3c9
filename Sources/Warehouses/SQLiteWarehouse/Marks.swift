internal import Warehouses

/// Which relations were built here is kept in the warehouse itself: nothing else is ever dropped.
struct Marks {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Drops what is there under a name, if it was built here, and marks what will be.
  ///
  /// - Throws: `.foreignRelation` if it was not.
  func replace(_ name: String) throws(WarehouseError) {
    let old = try connection.prepare(
      "select name, type from sqlite_schema where type in ('table', 'view') and name = ?1 collate nocase")
    old.bind(name, at: 1)
    if try old.step(), let name = old.text(0), let type = old.text(1) {
      old.reset()
      guard try isMarked(name) else { throw .foreignRelation(name, kind: type) }
      try connection.run("drop \(type) \(quoted(name))")
    }
    try mark(name)
  }

  private func mark(_ name: String) throws(WarehouseError) {
    try connection.run("create table if not exists \(Schema.marks) (relation text primary key collate nocase)")
    let insert = try connection.prepare("insert or ignore into \(Schema.marks) values (?1)")
    insert.bind(name, at: 1)
    _ = try insert.step()
  }

  private func isMarked(_ name: String) throws(WarehouseError) -> Bool {
    let known = try connection.prepare("select 1 from sqlite_schema where type = 'table' and name = '\(Schema.marks)'")
    guard try known.step() else { return false }
    known.reset()
    let marked = try connection.prepare("select 1 from \(Schema.marks) where relation = ?1")
    marked.bind(name, at: 1)
    return try marked.step()
  }
}
