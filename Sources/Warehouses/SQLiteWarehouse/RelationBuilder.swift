internal import Columns
internal import GRDBSQLite
internal import Warehouses

/// Replaces one relation and checks what it declares, inside the caller's write transaction.
struct RelationBuilder {
  let build: RelationBuild
  let connection: Connection

  func run() throws(WarehouseError) -> BuiltRelation {
    let select = try checkedSelect()
    try Marks(connection).replace(build.name)
    let kind = build.kind == .view ? "view" : "table"
    try runUserSQL("create \(kind) \(quoted(build.name)) as \(select)")
    let built = try inspect()
    try checkColumns(built)
    try checkGrain(built)
    try checkTypes()
    return BuiltRelation(relation: built.relation, rowCount: try countRows())
  }

  /// The SELECT without what may stand after it.
  ///
  /// - Throws: unless it is one statement that only reads and whose columns have different names.
  private func checkedSelect() throws(WarehouseError) -> String {
    guard !build.select.utf8.contains(0) else { throw refusal("the SQL holds a NUL character") }
    var rest = ""
    func prepare() throws(SQLFailure) -> Statement { try Statement(build.select, on: connection, tail: { rest = $0 }) }
    func veto(_ action: SQLAction) -> String? { action.isReadOnlyQuery ? nil : "only a SELECT can be built" }
    let statement: Statement
    do throws(SQLFailure) { statement = try connection.authorizing(veto, while: prepare) } catch { throw sqlError(error) }
    guard SQLTokens(rest).isBlank else { throw refusal("there is more than one statement; keep one SELECT") }
    guard statement.columnCount > 0, unsafe sqlite3_stmt_isexplain(statement.handle) == 0 else {
      throw refusal("only a SELECT can be built")
    }
    guard unsafe sqlite3_bind_parameter_count(statement.handle) == 0 else {
      throw refusal("the SELECT has a parameter (?, :name, @name or $name) that nothing gives a value")
    }
    var names: [String] = []
    for i in 0..<statement.columnCount {
      let name = statement.columnName(i)
      if names.contains(where: { sameName($0, name) }) {
        throw refusal("two of its columns are called \"\(name)\"; give one of them another name with AS")
      }
      names.append(name)
    }
    return String(build.select.utf8.dropLast(rest.utf8.count)) ?? build.select
  }

  private func inspect() throws(WarehouseError) -> StoredRelation {
    // A view may be created over what is not there; only its use tells.
    try runUserSQL("select * from \(quoted(build.name)) limit 0")
    return try Schema(connection).existing(build.name)
  }

  private func checkColumns(_ built: StoredRelation) throws(WarehouseError) {
    for name in build.requiredColumns + build.grain + build.typedColumns.map(\.name) where built.column(name) == nil {
      throw .missingBuiltColumn(name, relation: build.name, has: built.relation.columns.map(\.name))
    }
  }

  private func checkGrain(_ built: StoredRelation) throws(WarehouseError) {
    guard !build.grain.isEmpty else { return }
    // Keys are compared by bytes everywhere else, whatever collation a column has.
    let key = build.grain.map { "\(quoted(built.column($0)?.name ?? $0)) collate binary" }.joined(separator: ", ")
    let doubles = "from \(quoted(build.name)) group by \(key) having count(*) > 1"
    let count = try query("select count(*) from (select 1 \(doubles))") { $0.integer(0) }[0]
    guard count > 0 else { return }
    let places = build.grain.indices
    let examples = try query("select count(*), \(key) \(doubles) order by count(*) desc, \(key) limit 5") { row in
      DuplicateGrain.Example(key: places.map { row.text($0 + 1) ?? "null" }, rows: Int(row.integer(0)))
    }
    throw .duplicateGrain(DuplicateGrain(relation: build.name, grain: build.grain, keyCount: Int(count), examples: examples))
  }

  private func checkTypes() throws(WarehouseError) {
    guard !build.typedColumns.isEmpty else { return }
    let outputs = build.typedColumns.map { ScanOutput(.column($0.name), as: .value($0.type)) }
    let request = ScanRequest(relation: build.name, outputs: outputs, zone: build.zone)
    let source = try ScanSource(request, keyColumns: build.grain, connection: connection)
    do throws(ScanError<Never>) { _ = try RelationScan(source, [connection]).run { _ in } } catch {
      switch error {
      case .warehouse(let error): throw error
      }
    }
  }

  private func countRows() throws(WarehouseError) -> Int {
    Int(try query("select count(*) from \(quoted(build.name))") { $0.integer(0) }[0])
  }

  // MARK: SQL of which the user wrote a part

  private func runUserSQL(_ sql: String) throws(WarehouseError) { _ = try query(sql) { _ in () } }

  private func query<Row>(_ sql: String, _ read: (Statement) -> Row) throws(WarehouseError) -> [Row] {
    var rows: [Row] = []
    do throws(SQLFailure) {
      let statement = try Statement(sql, on: connection)
      while try statement.stepOnce() { rows.append(read(statement)) }
    } catch { throw sqlError(error) }
    return rows
  }

  private func sqlError(_ error: SQLFailure) -> WarehouseError {
    error.isOfStatement ? refusal(error.message) : connection.failure(error.code, saying: error.message)
  }

  private func refusal(_ reason: String) -> WarehouseError { .sql(relation: build.name, reason: reason) }
}
