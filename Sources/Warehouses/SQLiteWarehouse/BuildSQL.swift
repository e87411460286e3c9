internal import Warehouses

/// SQL of which a user wrote a part, run while a relation is built: what SQLite has against it is said of that relation.
struct BuildSQL {
  /// The one that is built.
  let relation: String
  let connection: Connection

  func run(_ sql: String) throws(WarehouseError) { _ = try rows(sql) { _ in () } }

  func rows<Row>(_ sql: String, _ read: (Statement) -> Row) throws(WarehouseError) -> [Row] {
    var rows: [Row] = []
    do throws(SQLFailure) {
      let statement = try Statement(sql, on: connection)
      while try statement.stepOnce() { rows.append(read(statement)) }
    } catch { throw self.error(error) }
    return rows
  }

  func count(_ rows: String) throws(WarehouseError) -> Int {
    Int(try self.rows("select count(*) from \(rows)") { $0.integer(0) }[0])
  }

  /// Reads all of some columns for what is wrong with their values.
  ///
  /// - Parameter keyColumns: name a row to people.
  func readAll(_ request: ScanRequest, keyColumns: [String]) throws(WarehouseError) {
    let source = try ScanSource(request, keyColumns: keyColumns, connection: connection)
    do throws(ScanError<Never>) { _ = try RelationScan(source, [connection]).run { _ in } } catch {
      switch error {
      case .warehouse(let error): throw error
      }
    }
  }

  func error(_ failure: SQLFailure) -> WarehouseError {
    failure.isOfStatement ? refusal(failure.message) : connection.failure(failure.code, saying: failure.message)
  }

  func refusal(_ reason: String) -> WarehouseError { .sql(relation: relation, reason: reason) }
}
