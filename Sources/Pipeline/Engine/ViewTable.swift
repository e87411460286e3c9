package import Columns
import Planning

/// Rows of a view with all that is kept of them.
package struct ViewTable: Sendable {
  /// What one column of it is; numbers are indices into the plan's lists.
  package enum Part: Sendable, Hashable {
    case key(Int)
    case record(Int)
    /// Microseconds; null of a version that serves nothing.
    case eventTime
    /// Delay included. Only where it is not the event time and a delay.
    case knownTime
    /// Null: for ever. Only where rows have a record id.
    case servesUntil
    /// When a late column's value is known; null: never.
    case late(Int)
    case value(Int)
    /// A boolean.
    case filter(Int)
    /// Whether a version serves nothing and only ends the one before it. Only where rows are appended to their records.
    case silent
    /// Whether it does because its record is deleted.
    case deletion
  }

  package let parts: [Part]
  package private(set) var columns: [Column]
  package let rowCount: Int

  package init(parts: [Part], columns: [Column], rowCount: Int) {
    precondition(parts.count == columns.count)
    self.parts = parts
    self.columns = columns
    self.rowCount = rowCount
  }

  package func column(_ part: Part) -> Column? { parts.firstIndex(of: part).map { columns[$0] } }

  package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

  var keys: KeyColumns {
    KeyColumns(zip(parts, columns).compactMap { part, column in if case .key = part { column } else { nil } })
  }

  package func keyHash(ofRow row: Int) -> UInt64 { keys.hash(row) }

  package func gathered(_ rows: Span<Int32>) -> ViewTable {
    var gathered: [Column] = []
    for column in columns { gathered.append(column.gathered(rows)) }
    return ViewTable(parts: parts, columns: gathered, rowCount: rows.count)
  }

  /// Puts the rows into another order, column by column, so that large ones are not there twice.
  ///
  /// - Parameter order: each row once.
  package mutating func arrange(by order: ContiguousArray<Int32>) {
    precondition(order.count == rowCount)
    for i in columns.indices { columns[i] = columns[i].gathered(order.span) }
  }

  /// The same rows with another column in one part's place.
  package func replacing(_ part: Part, by column: Column) -> ViewTable {
    ViewTable(parts: parts, columns: zip(parts, columns).map { $0 == part ? column : $1 }, rowCount: rowCount)
  }

  package static func concatenated(_ tables: [ViewTable]) -> ViewTable {
    guard let first = tables.first, tables.count > 1 else { return tables[0] }
    let columns = first.columns.indices.map { index in
      Column.concatenated(tables.map { ($0.columns[index], 0..<$0.rowCount) }, type: first.columns[index].type)
    }
    return ViewTable(parts: first.parts, columns: columns, rowCount: tables.reduce(0) { $0 + $1.rowCount })
  }
}

extension ViewPlan {
  /// What is kept of the view's rows, in order, as long as their versions are not resolved.
  var unresolvedParts: [ViewTable.Part] {
    var parts: [ViewTable.Part] = keys.indices.map { .key($0) } + recordID.indices.map { .record($0) }
    if eventTime != nil { parts.append(.eventTime) }
    if knownTime != nil { parts.append(.knownTime) }
    return parts + lateColumns.indices.map { .late($0) } + values.indices.map { .value($0) } + filters.indices.map { .filter($0) }
  }

  /// What is kept at rest.
  var restingParts: [ViewTable.Part] {
    var parts = unresolvedParts
    if hasVersions {
      let place = parts.lastIndex { $0 == .knownTime || $0 == .eventTime }.map { $0 + 1 } ?? parts.count
      parts.insert(.servesUntil, at: place)
      if appends { parts += [.silent, .deletion] }
    }
    return parts
  }

  /// Whether rows can be versions of one record.
  package var hasVersions: Bool { !recordID.isEmpty }

  /// The output that a part is read from.
  func output(of part: ViewTable.Part) -> Int? {
    switch part {
    case .key(let i): keys[i]
    case .record(let i): recordID[i]
    case .eventTime: eventTime
    case .knownTime: knownTime
    case .servesUntil, .silent, .deletion: nil
    case .late(let i): lateColumns[i].output
    case .value(let i): values[i].output
    case .filter(let i): filters[i].output
    }
  }
}
