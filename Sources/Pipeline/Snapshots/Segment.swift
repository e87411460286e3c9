// Snapshots: immutable materialized feature views, and the catalog that says what exists.
//
// In:  a view's resolved rows, and when they were read.
// Out: segments in Arrow IPC files named by their content, a catalog in SQLite; the rows again, memory-mapped.
// Knows nothing of warehouses and of how rows are resolved.

import Columns
import Engine

/// How a view's rows stand in a segment: which columns there are, and what they are called.
///
/// Names say their part (`key.carrier_id`, `value.0 late_minutes`), so a column of the warehouse can be called anything.
/// A null in `serves_until` or `known.…` means never; a timeless view has no times.
enum SegmentLayout {
  static let eventTime = "event_time"
  static let knownTime = "known_time"
  static let servesFrom = "serves_from"
  static let servesUntil = "serves_until"
  static let untyped = "gangway.untyped"

  /// What the rows' columns are called beyond what the rows themselves know.
  struct Names {
    let values: [String]
    let filters: [String]
    let late: [String]
  }

  static func table(_ rows: ViewRows, names: Names, isTimeless: Bool) -> Table {
    var fields: [Field] = []
    var columns: [Column] = []
    func add(_ name: String, _ column: Column) {
      fields.append(Field(name, column.type))
      columns.append(column)
    }
    for (key, column) in zip(rows.keys, rows.keyColumns) { add("key.\(key.name)", column) }
    if !isTimeless {
      add(eventTime, Column(.timestamp(rows.eventTime)))
      add(knownTime, Column(.timestamp(rows.knownTime)))
      add(servesFrom, Column(.timestamp(rows.servesFrom)))
      add(servesUntil, times(rows.servesUntil))
    }
    for (name, known) in zip(names.late, rows.lateKnown) { add("known.\(name)", times(known)) }
    for (i, value) in rows.values.enumerated() { add("value.\(i) \(names.values[i])", value.column) }
    for (i, filter) in rows.filters.enumerated() { add("filter.\(i) \(names.filters[i])", filter) }
    return Table(fields: fields, columns: columns, rowCount: rows.rowCount)
  }

  /// - Parameter untyped: which values have no type of their own.
  /// - Returns: nil if the table lacks what a segment must have.
  static func rows(_ table: Table, untyped: Set<Int>) -> ViewRows? {
    func matching(_ prefix: String) -> [(name: String, column: Column)] {
      zip(table.fields, table.columns).filter { $0.0.name.hasPrefix(prefix) }
        .map { (String($0.0.name.dropFirst(prefix.count)), $0.1) }
    }
    let keys = matching("key.")
    let always = Buffer<Int64>(repeatElement(.min, count: table.rowCount))
    let never = Buffer<Int64>(repeatElement(.max, count: table.rowCount))
    let event = table[eventTime].map(microseconds) ?? always
    let known = table[knownTime].map(microseconds) ?? always
    let from = table[servesFrom].map(microseconds) ?? always
    let until = table[servesUntil].map(microseconds) ?? never
    let late = matching("known.").map { microseconds($0.column) }
    guard let event, let known, let from, let until, !late.contains(where: { $0 == nil }) else { return nil }
    return ViewRows(
      rowCount: table.rowCount, keys: keys.map { Field($0.name, $0.column.type) }, keyColumns: keys.map(\.column),
      eventTime: event, knownTime: known, servesFrom: from, servesUntil: until, lateKnown: late.compactMap(\.self),
      values: matching("value.").enumerated().map { ViewValue(column: $1.column, isUntyped: untyped.contains($0)) },
      filters: matching("filter.").map(\.column))
  }

  /// `Int64.max` becomes null.
  private static func times(_ times: Buffer<Int64>) -> Column {
    let span = times.span
    var never = false
    for i in span.indices where span[i] == .max { never = true }
    if !never { return Column(.timestamp(times)) }
    var builder = ColumnBuilder(.timestamp, capacity: span.count)
    for i in span.indices { if span[i] == .max { builder.appendNull() } else { builder.append(span[i]) } }
    return builder.finish()
  }

  private static func microseconds(_ column: Column) -> Buffer<Int64>? {
    guard case .timestamp(let buffer) = column.values else { return nil }
    if column.nullCount == 0 { return buffer }
    let span = buffer.span
    var times = ContiguousArray<Int64>()
    times.reserveCapacity(span.count)
    for i in span.indices { times.append(column.isNull(i) ? .max : span[i]) }
    return Buffer(times)
  }
}
