internal import Columns
internal import GRDBSQLite
internal import Warehouses

/// Replaces one relation and checks what it declares, inside the caller's write transaction.
struct RelationBuilder {
  let build: RelationBuild
  let connection: Connection

  private var sql: BuildSQL { BuildSQL(relation: build.name, connection: connection) }

  func run() throws(WarehouseError) -> BuiltRelation {
    let select = try checkedSelect(try provenContent())
    try Marks(connection).replace(build.name, by: givenSQL)
    let kind = build.kind == .view ? "view" : "table"
    try sql.run("create \(kind) \(quoted(build.name)) as \(select)")
    let built = try inspect()
    try checkColumns(built)
    try checkGrain(built)
    try checkTypes()
    let rowCount = try sql.count(quoted(build.name))
    try checkRowCount(rowCount)
    if build.indexesGrain, kind == "table", !build.grain.isEmpty { try indexGrain(built) }
    try WarehouseCatalog(connection).note(try entry(built.relation), at: build.about.builtAt)
    return BuiltRelation(relation: built.relation, rowCount: rowCount, idleJoins: try idleJoins())
  }

  private var givenSQL: String? { if case .select(let select) = build.content { select } else { nil } }

  private func idleJoins() throws(WarehouseError) -> [Int] {
    guard case .composition(let composition) = build.content else { return [] }
    func hasRows(_ rows: String) throws(WarehouseError) -> Bool { try sql.count("(\(rows) limit 1)") > 0 }
    guard try hasRows("select 1 from \(quoted(composition.base))") else { return [] }
    let rendered = CompositionSQL(composition, kind: build.kind)
    var idle: [Int] = []
    for (number, join) in composition.joins.enumerated() where try hasRows("select 1 from \(quoted(join.relation))") {
      if try !hasRows(rendered.partners(ofJoin: number)) { idle.append(number) }
    }
    return idle
  }

  private func entry(_ relation: Relation) throws(WarehouseError) -> CatalogEntry {
    let about = build.about
    var versions: [String] = []
    if case .composition(let composition) = build.content {
      versions = try WarehouseCatalog(connection).modelVersions(of: composition.joins.map(\.relation))
    }
    return CatalogEntry(
      relation: relation.name, description: about.description, owner: about.owner, grain: build.grain,
      columns: relation.columns.map { .init($0.name, about.types[$0.name] ?? $0.declaredType, about.descriptions[$0.name]) },
      modelVersions: versions)
  }

  /// The SELECT; of a composition, once it is proven that it keeps its base's rows.
  private func provenContent() throws(WarehouseError) -> String {
    switch build.content {
    case .select(let select): return select
    case .composition(let composition):
      try CompositionProof(composition: composition, build: build, sql: sql).run()
      let rendered = CompositionSQL(composition, kind: build.kind)
      try connection.defineTimes(rendered.readers)
      return rendered.select
    }
  }

  /// The SELECT without what may stand after it.
  ///
  /// - Throws: unless it is one statement that only reads and whose columns have different names.
  private func checkedSelect(_ select: String) throws(WarehouseError) -> String {
    guard !select.utf8.contains(0) else { throw sql.refusal("the SQL holds a NUL character") }
    var rest = ""
    func prepare() throws(SQLFailure) -> Statement { try Statement(select, on: connection, tail: { rest = $0 }) }
    func veto(_ action: SQLAction) -> String? { action.isReadOnlyQuery ? nil : "only a SELECT can be built" }
    let statement: Statement
    do throws(SQLFailure) { statement = try connection.authorizing(veto, while: prepare) } catch { throw sql.error(error) }
    guard SQLTokens(rest).isBlank else { throw sql.refusal("there is more than one statement; keep one SELECT") }
    guard statement.columnCount > 0, unsafe sqlite3_stmt_isexplain(statement.handle) == 0 else {
      throw sql.refusal("only a SELECT can be built")
    }
    guard unsafe sqlite3_bind_parameter_count(statement.handle) == 0 else {
      throw sql.refusal("the SELECT has a parameter (?, :name, @name or $name) that nothing gives a value")
    }
    var names: [String] = []
    for i in 0..<statement.columnCount {
      let name = statement.columnName(i)
      if names.contains(where: { sameName($0, name) }) {
        throw sql.refusal("two of its columns are called \"\(name)\"; give one of them another name with AS")
      }
      names.append(name)
    }
    return String(select.utf8.dropLast(rest.utf8.count)) ?? select
  }

  private func inspect() throws(WarehouseError) -> StoredRelation {
    // A view may be created over what is not there; only its use tells.
    try sql.run("select * from \(quoted(build.name)) limit 0")
    return try Schema(connection).existing(build.name)
  }

  private func checkColumns(_ built: StoredRelation) throws(WarehouseError) {
    for name in build.requiredColumns + build.grain + build.typedColumns.map(\.name) where built.column(name) == nil {
      throw .missingBuiltColumn(name, relation: build.name, has: built.relation.columns.map(\.name))
    }
  }

  private func checkGrain(_ built: StoredRelation) throws(WarehouseError) {
    guard !build.grain.isEmpty else { return }
    let rows = KeyedRows(relation: build.name, key: build.grain.map { built.column($0)?.name ?? $0 }, leavesOutNulls: false)
    guard let found = try rows.duplicates(sql) else { return }
    throw .duplicateGrain(
      DuplicateGrain(relation: build.name, grain: build.grain, keyCount: found.keyCount, examples: found.examples))
  }

  private func checkTypes() throws(WarehouseError) {
    guard !build.typedColumns.isEmpty else { return }
    let outputs = build.typedColumns.map { ScanOutput(.column($0.name), as: .value($0.type)) }
    let request = ScanRequest(relation: build.name, outputs: outputs, zone: build.zone)
    try sql.readAll(request, keyColumns: build.grain)
  }

  private func checkRowCount(_ count: Int) throws(WarehouseError) {
    guard case .composition(let composition) = build.content else { return }
    let base = try sql.count(quoted(composition.base))
    if base != count { throw .rowCountChanged(relation: build.name, base: base, found: count) }
  }

  /// The index goes with its table.
  private func indexGrain(_ built: StoredRelation) throws(WarehouseError) {
    let columns = build.grain.map { quoted(built.column($0)?.name ?? $0) }.joined(separator: ", ")
    try sql.run("create unique index \(quoted("\(build.name)__grain")) on \(quoted(build.name)) (\(columns))")
  }
}
