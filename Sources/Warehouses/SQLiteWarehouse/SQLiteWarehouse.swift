// SQLiteWarehouse: the default warehouse, one SQLite file.
//
// In:  what the `Warehouse` protocol asks, with names and SQL of the file; or a CSV file, which becomes a private temporary database.
// Out: facts, columns and built relations, as the protocol says.
// Knows nothing of features; uses the C library as it is, so that cells go straight from a step into columns.

package import Warehouses

/// A SQLite file. Reads open it read-only and hold one transaction per call; only ``build(_:)`` and ``publish(_:rows:)`` write.
package struct SQLiteWarehouse: Warehouse {
  package let displayName: String
  let file: DatabaseFile

  /// - Parameters:
  ///   - path: never created.
  ///   - busyTimeoutMilliseconds: how long to wait for somebody else's lock.
  package init(path: String, displayName: String, busyTimeoutMilliseconds: Int32 = 5_000) {
    self.init(
      file: DatabaseFile(path: path, displayName: displayName, busyTimeoutMilliseconds: busyTimeoutMilliseconds, temporary: nil))
  }

  init(file: DatabaseFile) {
    self.file = file
    displayName = file.displayName
  }

  package func relation(_ name: String) throws(WarehouseError) -> Relation? {
    try file.read { connection throws(WarehouseError) in try Schema(connection).relation(name)?.relation }
  }

  package func relationNames() throws(WarehouseError) -> [String] {
    try file.read { connection throws(WarehouseError) in try Schema(connection).names() }
  }

  package func examine(expression: String, over relation: String) throws(WarehouseError) -> ExpressionFacts {
    try file.read { connection throws(WarehouseError) in
      let relation = try Schema(connection).existing(relation).relation
      return try Examination(connection: connection, relation: relation).facts(of: expression)
    }
  }

  package func scan<Stop: Error>(
    _ request: ScanRequest, threads: Int, batchRows: Int, take: @Sendable (ScanBatch) throws(Stop) -> Void
  ) throws(ScanError<Stop>) -> ScanOutcome {
    let scan: RelationScan
    do throws(WarehouseError) {
      scan = try RelationScan(request, file: file, threads: threads, batchRows: batchRows)
    } catch { throw .warehouse(error) }
    return try scan.run(take)
  }

  package func rowLimit(of relation: String) throws(WarehouseError) -> Int? {
    try file.read { connection throws(WarehouseError) in
      let relation = try Schema(connection).existing(relation)
      guard relation.rowID != nil else { return nil }
      guard let rowIDs = try relation.rowIDs(connection) else { return 0 }
      return rowIDs.span < UInt64(Int.max) ? Int(rowIDs.span) + 1 : .max
    }
  }

  package func head(of relation: String, limit: Int) throws(WarehouseError) -> HeadRows {
    try file.read { connection throws(WarehouseError) in
      try RelationHead(relation: Schema(connection).existing(relation).relation, connection: connection).rows(limit: limit)
    }
  }

  package func build(_ build: RelationBuild) throws(WarehouseError) -> BuiltRelation {
    try file.write { connection throws(WarehouseError) in try RelationBuilder(build: build, connection: connection).run() }
  }

  package func builtSQL() throws(WarehouseError) -> [String: String] {
    try file.read { connection throws(WarehouseError) in try Marks(connection).sql() }
  }

  package func publish<Stop: Error>(
    _ publication: Publication, rows: (Int) throws(Stop) -> TableRows?
  ) throws(ScanError<Stop>) {
    let connection: Connection
    do throws(WarehouseError) {
      connection = try Connection(file, forWriting: true)
      try connection.run("begin immediate")
    } catch { throw .warehouse(error) }
    // Closing the connection rolls back what is not committed.
    try PublicationWriter(publication: publication, connection: connection).run(rows)
    do throws(WarehouseError) { try connection.run("commit") } catch { throw .warehouse(error) }
  }

  package func publishedStates() throws(WarehouseError) -> [String: String] {
    try file.read { connection throws(WarehouseError) in try PublishedStates(connection).all() }
  }
}

/// Where a database is, and who it is to people.
struct DatabaseFile: Sendable {
  let path: String
  let displayName: String
  let busyTimeoutMilliseconds: Int32
  /// Deletes the file when the last value that names it is gone.
  let temporary: TemporaryFile?

  /// Runs `body` inside one read transaction, so that all it reads is of one state.
  func read<Result>(_ body: (Connection) throws(WarehouseError) -> Result) throws(WarehouseError) -> Result {
    let connection = try Connection(self, forWriting: false)
    try connection.beginReading()
    return try body(connection)
  }

  /// Runs `body` inside one write transaction, which is undone if it throws.
  func write<Result>(_ body: (Connection) throws(WarehouseError) -> Result) throws(WarehouseError) -> Result {
    let connection = try Connection(self, forWriting: true)
    try connection.run("begin immediate")
    // Closing the connection rolls back what is not committed.
    let result = try body(connection)
    try connection.run("commit")
    return result
  }
}
