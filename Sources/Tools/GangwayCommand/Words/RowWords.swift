import Gangway

extension RowSample {
  /// As a table: numbers right, nulls empty and texts as they are.
  var table: TextTable {
    let headings = columns.indices.map { column in
      TextTable.Heading(title: columns[column], isNumeric: rows.allSatisfy { $0[column].isNumberOrNull })
    }
    return TextTable(headings, rows: rows.map { $0.map(\.text) })
  }
}

extension Cell {
  fileprivate var text: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .boolean(let value): String(value)
    case .text(let value): value
    case .blob(let byteCount): "(\(byteCount) bytes)"
    }
  }

  fileprivate var isNumberOrNull: Bool {
    switch self {
    case .null, .integer, .real: true
    case .boolean, .text, .blob: false
    }
  }
}
