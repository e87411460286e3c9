internal import Columns
internal import Warehouses

/// A relation as its file describes it.
struct StoredRelation {
  let relation: Relation
  /// A name by which SQL reaches the row id; nil where there is none (views, WITHOUT ROWID and virtual tables).
  let rowID: String?

  /// The relation's column of that name: spelt so, else as SQLite compares names.
  func column(_ name: String) -> RelationColumn? {
    relation.column(name) ?? relation.columns.first { sameName($0.name, name) }
  }
}

extension StoredRelation {
  /// From the least row id to the greatest; nil if there are no rows, or none that row ids can find.
  func rowIDs(_ connection: Connection) throws(WarehouseError) -> ClosedRange<Int64>? {
    guard let rowID else { return nil }
    let table = quoted(relation.name)
    // In one query of their own, each is one look-up; together they would read the whole table.
    let ends = try connection.prepare("select (select min(\(rowID)) from \(table)), (select max(\(rowID)) from \(table))")
    guard try ends.step(), !ends.isNull(0) else { return nil }
    return ends.integer(0)...ends.integer(1)
  }
}

/// What a file's schema says.
struct Schema {
  /// The table in which the names of the relations stand that were built here.
  static let marks = "gangway__built"
  /// What relations are, for people and tools.
  static let catalog = "gangway__catalog"
  /// Of what each publication was made.
  static let published = "gangway__published"

  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func names() throws(WarehouseError) -> [String] {
    let statement = try connection.prepare(
      "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name")
    var names: [String] = []
    while try statement.step() { names.append(statement.text(0) ?? "") }
    return names.filter { ![Self.marks, Self.catalog, Self.published].contains($0) }
  }

  func existing(_ name: String) throws(WarehouseError) -> StoredRelation {
    guard let relation = try relation(name) else {
      throw .missingRelation(name, warehouse: connection.file.displayName)
    }
    return relation
  }

  func relation(_ name: String) throws(WarehouseError) -> StoredRelation? {
    guard !name.utf8.contains(0) else { return nil }
    let statement = try connection.prepare(
      "select name, type, sql from sqlite_schema where type in ('table', 'view') and name = ?1 collate nocase")
    statement.bind(name, at: 1)
    guard try statement.step(), let name = statement.text(0) else { return nil }
    let kind: Relation.Kind = statement.text(1) == "view" ? .view : .table
    let isVirtual = statement.text(2)?.lowercased().hasPrefix("create virtual") ?? false
    let columns = try columns(of: name)
    return StoredRelation(
      relation: Relation(name: name, kind: kind, columns: columns),
      rowID: kind == .table && !isVirtual ? rowID(of: name, columns) : nil)
  }

  /// A view's row id reads as null, so only tables are asked; one WITHOUT ROWID has no such column.
  private func rowID(of table: String, _ columns: [RelationColumn]) -> String? {
    guard let alias = ["rowid", "_rowid_", "oid"].first(where: { alias in !columns.contains { sameName($0.name, alias) } }) else {
      return nil
    }
    let isThere = try? Statement("select \(alias) from \(quoted(table))", on: connection)
    return isThere == nil ? nil : alias
  }

  /// Generated columns too; not the hidden columns of virtual tables, which are arguments rather than data.
  private func columns(of name: String) throws(WarehouseError) -> [RelationColumn] {
    var columns: [RelationColumn] = []
    do throws(SQLFailure) {
      let statement = try Statement("select name, type from pragma_table_xinfo(?1) where hidden <> 1 order by cid", on: connection)
      statement.bind(name, at: 1)
      while try statement.stepOnce() {
        let declared = statement.text(1) ?? ""
        columns.append(
          RelationColumn(name: statement.text(0) ?? "", declaredText: declared, declaredType: declaredType(declared)))
      }
    } catch {
      // A view over what is no longer there.
      if error.isOfStatement { throw .sql(relation: name, reason: error.message) }
      throw connection.failure(error.code, saying: error.message)
    }
    return columns
  }
}

/// What a declared column type means here.
///
/// SQLite itself keeps anything anywhere; this is what people mean by the words. NUMERIC and DECIMAL say nothing.
func declaredType(_ text: String) -> DataType? {
  let words = text.uppercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
  guard let first = words.first else { return nil }
  switch first {
  case "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "INT2", "INT4", "INT8", "INT16", "INT32", "INT64",
    "UNSIGNED", "LONG", "SERIAL", "BIGSERIAL":
    return .int64
  case "REAL", "DOUBLE", "FLOAT", "FLOAT4", "FLOAT8", "FLOAT32", "FLOAT64": return .float64
  case "TEXT", "CHAR", "VARCHAR", "CLOB", "STRING", "CHARACTER", "NCHAR", "NVARCHAR", "VARYING", "NATIVE", "BPCHAR", "UUID":
    return .string
  case "BOOL", "BOOLEAN": return .boolean
  case "DATE": return .date
  case "TIMESTAMP", "DATETIME", "TIMESTAMPTZ", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ": return .timestamp
  default: return nil
  }
}

/// Names as SQLite compares them: ASCII letters without case, everything else by bytes.
func sameName(_ a: String, _ b: String) -> Bool {
  a.utf8.elementsEqual(b.utf8) { lowercased($0) == lowercased($1) }
}

func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
