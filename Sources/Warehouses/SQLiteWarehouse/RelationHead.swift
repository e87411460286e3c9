internal import GRDBSQLite
internal import Warehouses

/// The first rows of a relation, as SQLite hands them out.
struct RelationHead {
  let relation: Relation
  let connection: Connection

  func rows(limit: Int) throws(WarehouseError) -> HeadRows {
    let columns = relation.columns.map(\.name)
    let selected = columns.map(quoted).joined(separator: ", ")
    var rows: [[HeadCell]] = []
    do throws(SQLFailure) {
      let statement = try Statement("select \(selected) from \(quoted(relation.name)) limit \(limit)", on: connection)
      while try statement.stepOnce() { rows.append(columns.indices.map(statement.headCell)) }
    } catch {
      if error.isOfStatement { throw .sql(relation: relation.name, reason: error.message) }
      throw connection.failure(error.code, saying: error.message)
    }
    return HeadRows(columns: columns, rows: rows)
  }
}

extension Statement {
  fileprivate func headCell(_ index: Int) -> HeadCell {
    let column = Int32(index)
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_NULL: return .null
    case SQLITE_INTEGER: return .integer(integer(index))
    case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(handle, column))
    case SQLITE_BLOB: return .blob(byteCount: Int(unsafe sqlite3_column_bytes(handle, column)))
    default: return .text(text(index) ?? "")
    }
  }
}
