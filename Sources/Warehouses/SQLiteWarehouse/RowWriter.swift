internal import Columns
internal import Times
internal import Warehouses

/// Inserts rows, times as text that people and tools read, all of them in one format.
final class RowWriter {
  private let insert: Statement
  private let connection: Connection
  /// The time that was last written, by column: neighbours are often of one moment.
  private var last: [(time: Int64, text: String)?] = []

  init(_ insert: Statement, _ connection: Connection) {
    self.insert = insert
    self.connection = connection
  }

  func write(_ rows: TableRows) throws(WarehouseError) {
    if last.isEmpty { last = Array(repeating: nil, count: rows.columns.count) }
    for row in 0..<rows.rowCount {
      for (i, column) in rows.columns.enumerated() {
        let place = Int32(truncatingIfNeeded: i + 1)
        guard let column, !column.isNull(row) else {
          insert.bindNull(at: place)
          continue
        }
        switch column.values {
        case .timestamp(let buffer): insert.bind(text(of: buffer.span[row], i, uniformTimestampText), at: place)
        case .date(let buffer): insert.bind(text(of: Int64(buffer.span[row]), i) { dateText(Int32(truncatingIfNeeded: $0)) }, at: place)
        default: insert.bind(column, row, at: place)
        }
      }
      do throws(SQLFailure) { try insert.runAgain() } catch { throw connection.failure(error.code, saying: error.message) }
    }
  }

  private func text(of time: Int64, _ column: Int, _ format: (Int64) -> String) -> String {
    if let known = last[column], known.time == time { return known.text }
    let text = format(time)
    last[column] = (time, text)
    return text
  }
}
