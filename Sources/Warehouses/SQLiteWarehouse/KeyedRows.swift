internal import Warehouses

/// The rows of a relation by their key, compared by bytes whatever collation a column has.
struct KeyedRows {
  let relation: String
  /// Empty: all rows have one key.
  let key: [String]
  /// Keys with a null are left out: they match nothing.
  let leavesOutNulls: Bool

  private var keyColumns: [String] { key.map { "\(quoted($0)) collate binary" } }
  private var grouping: String { key.isEmpty ? "null" : keyColumns.joined(separator: ", ") }
  private var conditions: [String] { leavesOutNulls ? key.map { "\(quoted($0)) is not null" } : [] }

  /// Keys that are there more than once; nil: none.
  func duplicates(_ sql: BuildSQL) throws(WarehouseError) -> DuplicateGrain? {
    try found("select count(*), \(grouping) from \(quoted(relation))\(whereSQL(conditions)) group by \(grouping) having count(*) > 1", sql)
  }

  /// Keys with rows that are valid at one time, and with how many; nil: none.
  func overlaps(_ sql: BuildSQL) throws(WarehouseError) -> DuplicateGrain? {
    let (from, to) = (RelationComposition.validFrom, "ifnull(\(RelationComposition.validTo), \(Int64.max))")
    let partition = key.isEmpty ? "" : "partition by \(grouping) "
    let before = "over (\(partition)order by \(from), \(to) rows between unbounded preceding and 1 preceding)"
    let names = key.indices.map { "k\($0)" }
    let columns = zip(key, names).map { ", \(quoted($0)) as \($1)" }.joined()
    let rows =
      "select \(from) as starts, max(\(to)) \(before) as ended\(columns) from \(quoted(relation))"
      + whereSQL(conditions + ["\(from) < \(to)"])
    let group = key.isEmpty ? "null" : names.map { "\($0) collate binary" }.joined(separator: ", ")
    return try found("select count(*) + 1, \(group) from (\(rows)) where starts < ended group by \(group)", sql)
  }

  /// - Parameter groups: rows of a count and a key.
  private func found(_ groups: String, _ sql: BuildSQL) throws(WarehouseError) -> DuplicateGrain? {
    let count = try sql.count("(\(groups))")
    guard count > 0 else { return nil }
    let places = (0..<max(1, key.count)).map { String($0 + 2) }.joined(separator: ", ")
    let examples = try sql.rows("\(groups) order by 1 desc, \(places) limit 5") { row in
      DuplicateGrain.Example(key: key.indices.map { row.text($0 + 1) ?? "null" }, rows: Int(row.integer(0)))
    }
    return DuplicateGrain(relation: relation, grain: key, keyCount: count, examples: examples)
  }

  private func whereSQL(_ conditions: [String]) -> String {
    conditions.isEmpty ? "" : " where \(conditions.joined(separator: " and "))"
  }
}
