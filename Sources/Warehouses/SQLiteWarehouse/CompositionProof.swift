internal import Times
internal import Warehouses

/// Proves that a composition's joins can neither multiply rows nor meet a time that is none, inside the caller's write transaction.
struct CompositionProof {
  let composition: RelationComposition
  let build: RelationBuild
  let sql: BuildSQL

  func run() throws(WarehouseError) {
    try proveBase()
    try proveMoments()
    for (number, join) in composition.joins.enumerated() { try prove(join, number) }
  }

  private func proveBase() throws(WarehouseError) {
    // The base calls the columns of the grain what the result calls them.
    let rows = KeyedRows(relation: composition.base, key: build.grain, leavesOutNulls: false)
    if !build.grain.isEmpty, let found = try rows.duplicates(sql) { throw .duplicateGrain(found) }
  }

  private func prove(_ join: RelationComposition.Join, _ number: Int) throws(WarehouseError) {
    let rows = KeyedRows(relation: join.relation, key: join.key.map(\.there), leavesOutNulls: true)
    let atOneTime = join.moment != nil
    guard let found = try atOneTime ? rows.overlaps(sql) : rows.duplicates(sql) else { return }
    throw .duplicateJoinKey(found, join: number, atOneTime: atOneTime)
  }

  /// Reads each column with times as everything else reads it, so that an unreadable one is an error that names its row.
  private func proveMoments() throws(WarehouseError) {
    var moments: [RelationComposition.Moment] = []
    for join in composition.joins { if let moment = join.moment, !moments.contains(moment) { moments.append(moment) } }
    guard !moments.isEmpty else { return }
    let outputs = moments.map { ScanOutput(.column($0.column), as: .time($0.reader)) }
    try sql.readAll(ScanRequest(relation: composition.base, outputs: outputs, zone: build.zone), keyColumns: build.grain)
    if build.kind == .view { for moment in moments { try proveWholeNumbers(moment.column) } }
  }

  /// Plain SQL reads whole numbers exactly, and nothing else.
  private func proveWholeNumbers(_ column: String) throws(WarehouseError) {
    let others = "\(quoted(composition.base)) where typeof(\(quoted(column))) not in ('integer', 'null')"
    guard try sql.count("(select 1 from \(others) limit 1)") > 0 else { return }
    throw sql.refusal(
      "column \"\(column)\" of \"\(composition.base)\" holds times that are no whole numbers, which no view can read exactly; "
        + "say `materialized: table`")
  }
}
