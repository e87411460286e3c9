package import Columns
internal import Glibc
package import Warehouses

/// Rows to fill a table with: a column each, nil where all are null.
package struct TableRows: Sendable {
  package let columns: [Column?]
  package let rowCount: Int

  /// - Precondition: columns of `rowCount` values.
  package init(columns: [Column?], rowCount: Int) {
    precondition(columns.allSatisfy { $0 == nil || $0?.count == rowCount })
    self.columns = columns
    self.rowCount = rowCount
  }
}

extension SQLiteWarehouse {
  /// Writes rows into a private temporary database, which lives as long as the value. They have row ids from 1.
  ///
  /// Values are kept as SQLite keeps them in a column so declared; times and dates as numbers of their units since 1970.
  ///
  /// - Parameters:
  ///   - relation: its name and its columns as declared.
  ///   - rows: asked for until there are no more.
  ///   - displayName: for messages.
  ///   - folder: where the database is kept.
  package static func temporary(
    _ relation: Relation, displayName: String, folder: String, rows: () throws -> TableRows?
  ) throws -> SQLiteWarehouse {
    guard let temporary = TemporaryFile(inFolder: folder) else {
      throw WarehouseError.unavailable(warehouse: displayName, reason: "\(folder): \(unsafe String(cString: strerror(errno)))")
    }
    let file = DatabaseFile(path: temporary.path, displayName: displayName, busyTimeoutMilliseconds: 5_000, temporary: temporary)
    let connection = try Connection(file, forWriting: true)
    // Nobody else sees the file before it is whole, and nobody needs it after a crash.
    try connection.run("pragma journal_mode = off")
    try connection.run("pragma synchronous = off")
    try connection.run("begin immediate")
    // A declared type may be any text; SQLite takes it between quotes.
    let columns = relation.columns.map { "\(quoted($0.name)) \($0.declaredText.isEmpty ? "" : quoted($0.declaredText))" }
    try connection.run("create table \(quoted(relation.name)) (\(columns.joined(separator: ", ")))")
    let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    let insert = try connection.prepare("insert into \(quoted(relation.name)) values (\(places))")
    while let batch = try rows() { try insert.run(batch, on: connection) }
    try connection.run("commit")
    return SQLiteWarehouse(file: file)
  }
}

extension Statement {
  fileprivate func run(_ rows: TableRows, on connection: Connection) throws(WarehouseError) {
    for row in 0..<rows.rowCount {
      for (i, column) in rows.columns.enumerated() {
        let place = Int32(truncatingIfNeeded: i + 1)
        if let column, !column.isNull(row) { bind(column, row, at: place) } else { bindNull(at: place) }
      }
      do throws(SQLFailure) { try runAgain() } catch { throw connection.failure(error.code, saying: error.message) }
    }
  }

  private func bind(_ column: Column, _ row: Int, at place: Int32) {
    switch column.values {
    case .int64(let buffer), .timestamp(let buffer): bind(buffer.span[row], at: place)
    case .float64(let buffer): bind(buffer.span[row], at: place)
    case .boolean(let bits): bind(Int64(bits[row] ? 1 : 0), at: place)
    case .date(let buffer): bind(Int64(buffer.span[row]), at: place)
    case .string(let offsets, let bytes):
      let span = offsets.span
      bind(utf8: bytes.span.extracting(Int(span[row])..<Int(span[row + 1])), at: place)
    }
  }
}
