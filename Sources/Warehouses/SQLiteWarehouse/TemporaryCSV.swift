package import CSVReading
package import Columns
internal import Diagnostics
internal import Glibc
internal import Warehouses

extension SQLiteWarehouse {
  /// Loads a CSV file into a private temporary database, which lives as long as the value. Its data rows have row ids from 1.
  ///
  /// A column's type is that of all its values: whole numbers, decimal numbers, `true` and `false`, else text; an empty cell is null, `""`
  /// is the empty text. The file is read twice, so it must be a regular file.
  ///
  /// - Parameters:
  ///   - displayName: for messages: the file's path as the user names it.
  ///   - table: what the relation is called.
  ///   - columnTypes: types that are known beforehand, by column name; others are ignored.
  ///   - folder: where the database is kept; absent: TMPDIR, else `/tmp`.
  package static func temporary(
    csv path: String, displayName: String, table: String = "spine", columnTypes: [String: DataType] = [:], folder: String? = nil
  ) throws(CSVError) -> SQLiteWarehouse {
    var load = try CSVLoad(path: path, file: displayName, columnTypes: columnTypes)
    try load.inferTypes()
    let folder = folder ?? environment("TMPDIR") ?? "/tmp"
    guard let temporary = TemporaryFile(inFolder: folder) else {
      throw CSVError(.temporaryDatabase("\(folder): \(unsafe String(cString: strerror(errno)))"), file: displayName)
    }
    let file = DatabaseFile(
      path: temporary.path, displayName: displayName, busyTimeoutMilliseconds: 5_000, temporary: temporary)
    try load.write(to: file, table: table)
    return SQLiteWarehouse(file: file)
  }
}

private func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

/// The two passes over a CSV file.
private struct CSVLoad {
  /// SQLite's own limit.
  private static let columnLimit = 2_000

  let path: String
  let file: String
  let names: [String]
  let declared: [DataType?]
  /// After the first pass; nil for a column without any value.
  private var types: [DataType?] = []

  init(path: String, file: String, columnTypes: [String: DataType]) throws(CSVError) {
    self.path = path
    self.file = file
    var reader = try Self.open(path, file)
    guard try reader.advance() else { throw CSVError(.noHeader, file: file) }
    names = try Self.header(reader)
    declared = names.map { columnTypes[$0] }
  }

  private static func open(_ path: String, _ file: String) throws(CSVError) -> CSVReader {
    let source: CSVFile
    do throws(UnreadableSource) { source = try CSVFile(path) } catch { throw CSVError(.unreadable(error.reason), file: file) }
    return try CSVReader(source, file: file)
  }

  private static func header(_ reader: CSVReader) throws(CSVError) -> [String] {
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    if reader.cells.count > columnLimit { throw CSVError(.tooManyColumns(limit: columnLimit), file: reader.file, line: 1) }
    for (i, cell) in reader.cells.enumerated() {
      let name = reader.string(i)
      func error(_ problem: CSVError.Problem) -> CSVError {
        CSVError(
          problem, file: reader.file, line: cell.line, character: cell.character, column: names.count + 1,
          columnName: name.isEmpty ? nil : name)
      }
      if name.isEmpty || name.utf8.contains(0) { throw error(.emptyColumnName) }
      guard seen.insert(name.utf8.map(lowercased)).inserted else { throw error(.duplicateColumnName) }
      names.append(name)
    }
    return names
  }

  mutating func inferTypes() throws(CSVError) {
    var guesses = Array(repeating: CSVColumnGuess(), count: names.count)
    let open = declared.indices.filter { declared[$0] == nil }
    try forEachRow { row throws(CSVError) in
      for i in open where !row.cells[i].isNull { guesses[i].see(row.text(i)) }
    }
    types = declared.indices.map { declared[$0] ?? guesses[$0].type }
  }

  func write(to database: DatabaseFile, table: String) throws(CSVError) {
    let connection = try stored { () throws(WarehouseError) in try Connection(database, forWriting: true) }
    let insert = try stored { () throws(WarehouseError) in
      // Nobody else sees the file before it is whole, and nobody needs it after a crash.
      try connection.run("pragma journal_mode = off")
      try connection.run("pragma synchronous = off")
      try connection.run("begin immediate")
      let columns = zip(names, types).map { "\(quoted($0)) \($1?.declaration ?? "")" }
      try connection.run("create table \(quoted(table)) (\(columns.joined(separator: ", ")))")
      let places = Array(repeating: "?", count: names.count).joined(separator: ", ")
      return try connection.prepare("insert into \(quoted(table)) values (\(places))")
    }
    try insertRows(insert)
    try stored { () throws(WarehouseError) in try connection.run("commit") }
  }

  private func stored<Result>(_ body: () throws(WarehouseError) -> Result) throws(CSVError) -> Result {
    do throws(WarehouseError) { return try body() } catch {
      throw CSVError(.temporaryDatabase(error.diagnostics.first?.message ?? ""), file: file)
    }
  }

  private func insertRows(_ insert: Statement) throws(CSVError) {
    let types = types.map { $0 ?? .string }
    try forEachRow { row throws(CSVError) in
      for i in types.indices {
        let place = Int32(truncatingIfNeeded: i + 1)
        if row.cells[i].isNull {
          insert.bindNull(at: place)
        } else if !insert.bindCell(row.text(i), as: types[i], at: place) {
          throw misfit(row, i, types[i])
        }
      }
      do throws(SQLFailure) { try insert.runAgain() } catch { throw CSVError(.temporaryDatabase(error.message), file: file) }
    }
  }

  private func misfit(_ row: borrowing CSVReader, _ i: Int, _ type: DataType) -> CSVError {
    let cell = row.cells[i]
    let text = row.string(i)
    return CSVError(
      .misfit(value: text.count <= 60 ? text : "\(text.prefix(59))…", wanted: type), file: file, line: cell.line,
      character: cell.character, column: i + 1, columnName: names[i])
  }

  /// Calls `body` for every row after the header.
  private func forEachRow(_ body: (borrowing CSVReader) throws(CSVError) -> Void) throws(CSVError) {
    var reader = try Self.open(path, file)
    _ = try reader.advance()
    while try reader.advance() {
      if let error = reader.raggedness(columns: names.count) { throw error }
      try body(reader)
    }
  }
}
