internal import Columns
internal import Glibc
package import Warehouses

extension SQLiteWarehouse {
  /// Writes rows into a private temporary database, which lives as long as the value. They have row ids from 1.
  ///
  /// Values are kept as SQLite keeps them in a column so declared; times and dates as text.
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
    let writer = RowWriter(insert, connection)
    while let batch = try rows() { try writer.write(batch) }
    try connection.run("commit")
    return SQLiteWarehouse(file: file)
  }
}

extension Statement {
  /// A value as SQLite keeps it, times and dates as numbers.
  func bind(_ column: Column, _ row: Int, at place: Int32) {
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
