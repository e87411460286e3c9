import Columns
import Definitions
import Diagnostics
import Outputs
import SQLiteWarehouse
import Snapshots
import Warehouses

/// What feature views over an output read: a row at each change of what is shown of an entity, and one where nothing is shown any more.
struct OutputLog {
  private let rows: OutputRows
  /// Of each row of the log the registered row that tells its key.
  private var keyRows = ContiguousArray<Int32>()
  /// The same, or −1 where nothing is shown any more.
  private var valueRows = ContiguousArray<Int32>()
  private var from = ContiguousArray<Int64>()

  init(_ rows: OutputRows) {
    self.rows = rows
    let history = rows.history
    for i in 0..<history.count {
      let row = history.rows[i]
      keyRows.append(row)
      valueRows.append(row)
      from.append(history.from[i])
      let goesOn =
        i + 1 < history.count && history.from[i + 1] == history.until[i]
        && rows.registered.entities[Int(history.rows[i + 1])] == rows.registered.entities[Int(row)]
      if history.until[i] < .max, !goesOn {
        keyRows.append(row)
        valueRows.append(-1)
        from.append(history.until[i])
      }
    }
  }

  /// Lays the log out in a private database, so that expressions mean there what they mean in a warehouse.
  func laidOut(in folder: String) throws -> any Warehouse {
    var start = 0
    return try SQLiteWarehouse.temporary(
      rows.output.logRelation, displayName: "what was shown of \(rows.output.name.value)", folder: folder
    ) {
      if start >= from.count { return nil }
      let range = start..<min(from.count, start + 1 << 16)
      start = range.upperBound
      return step(range)
    }
  }

  private func step(_ range: Range<Int>) -> TableRows {
    let (keyRows, valueRows) = (ContiguousArray(self.keyRows[range]), ContiguousArray(self.valueRows[range]))
    return TableRows(
      columns: rows.logColumns(keyRows: keyRows, valueRows: valueRows, from: Buffer(from[range])), rowCount: range.count)
  }
}

extension OutputRows {
  /// The columns of ``ModelOutput/logRelation``.
  ///
  /// - Parameters:
  ///   - keyRows: of each row of the log the registered row that tells its key.
  ///   - valueRows: the same, or −1 where nothing is shown any more.
  ///   - from: since when, microseconds since the epoch.
  func logColumns(keyRows: ContiguousArray<Int32>, valueRows: ContiguousArray<Int32>, from: Buffer<Int64>) -> [Column] {
    var columns = columns.enumerated().map { place, column in
      column.gathered((place < output.key.count ? keyRows : valueRows).span)
    }
    columns[columns.count - 1] = columns[columns.count - 1].asNumbers
    var withdrawn = ColumnBuilder(.boolean, capacity: valueRows.count)
    for row in valueRows { withdrawn.append(row < 0) }
    let sources = sources(ContiguousArray(keyRows.map { batches[Int($0)] }))
    return columns + [Column(.int64(from))] + sources + [withdrawn.finish()]
  }
}

extension ModelOutput {
  /// What can be known of the log without the store.
  func emptyLog(in folder: String) throws -> any Warehouse {
    try SQLiteWarehouse.temporary(logRelation, displayName: "output \(name.value)", folder: folder) { nil }
  }

  /// The log's columns. Its own times are microseconds since 1970.
  var logRelation: Relation {
    func column(_ name: String, _ type: DataType) -> RelationColumn {
      RelationColumn(name: name, declaredText: type.publishedName, declaredType: type)
    }
    let own = fields.dropLast().map { column($0.name, $0.type) }
    return Relation(
      name: name.value, kind: .table,
      columns: own + [
        column(Self.predictedAtColumn, .int64), column("valid_from", .int64), column("model_version", .string), column("batch", .string),
        column(Self.withdrawnColumn, .boolean),
      ])
  }
}
