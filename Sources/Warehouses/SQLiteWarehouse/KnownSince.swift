internal import Times
internal import Warehouses

extension KnownSince {
  /// SQL for the rows. Numbers compare in their unit. Texts begin with their date, whatever follows: two days of slack cover every zone and
  /// offset, and dates that mean the end of their day. One comparison a row, since most rows of a table are long known.
  var condition: String {
    if unit != nil { return "((\(name) < \(border)) is not true)" }
    return "((\(name) < \(border) and typeof(\(name)) = 'text') is not true)"
  }

  /// The same rows as stretches of an index: null is below numbers, which are below texts.
  fileprivate var stretches: [String] {
    ["\(name) >= \(border)", "\(name) is null"] + (unit == nil ? ["\(name) < ''"] : [])
  }

  private var name: String { quoted(column) }

  private var border: String {
    guard let unit else {
      let day: Int64 = 86_400_000_000
      let earliest = max(microseconds, -62_135_596_800_000_000 + 2 * day) - 2 * day
      return "'\(timestampText(earliest).prefix(10))'"
    }
    return "\(number(unit))"
  }

  /// Rounded down, so that no row is lost.
  private func number(_ unit: TimeUnit) -> Int64 {
    switch unit {
    case .s: return microseconds / 1_000_000 - 1
    case .ms: return microseconds / 1_000 - 1
    case .us: return microseconds == .min ? .min : microseconds - 1
    case .ns:
      let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
      return overflow ? (microseconds < 0 ? .min : .max) : nanoseconds
    }
  }
}

extension StoredRelation {
  /// Where the rows are that became known since a moment, if an index tells: rising stretches of row ids, with some other rows among them.
  ///
  /// - Parameter all: from the least row id to the greatest.
  /// - Returns: nil if no index tells, or if much of the table would have to be read all the same.
  func rowIDs(
    since: KnownSince, among all: ClosedRange<Int64>, _ connection: Connection
  ) throws(WarehouseError) -> [ClosedRange<Int64>]? {
    guard let rowID, all.span >= 1 << 16, let index = try indexBeginning(with: since.column, connection) else { return nil }
    let limit = Int(min(all.span / 8, 1 << 22))
    let table = "\(quoted(relation.name)) indexed by \(quoted(index))"
    let stretches = since.stretches.map { "select \(rowID) from \(table) where \($0)" }
    let rows = try connection.prepare(stretches.joined(separator: " union all ") + " limit \(limit + 1)")
    var found = ContiguousArray<Int64>()
    while try rows.step() { found.append(rows.integer(0)) }
    if found.count > limit { return nil }
    found.sort()
    let gap = max(1_024, all.span / 1_024)
    var ranges: [ClosedRange<Int64>] = []
    for row in found {
      if let last = ranges.last, (last.upperBound...row).span <= gap {
        ranges[ranges.count - 1] = last.lowerBound...row
      } else {
        ranges.append(row...row)
      }
    }
    return ranges.reduce(0) { $0 + $1.span } > all.span / 2 ? nil : ranges
  }

  /// An index of all rows, in the column's own order.
  private func indexBeginning(with column: String, _ connection: Connection) throws(WarehouseError) -> String? {
    guard let collation = connection.collation(of: column, in: relation.name) else { return nil }
    let statement = try connection.prepare(
      """
      select list.name from pragma_index_list(?1) list, pragma_index_xinfo(list.name) info
      where info.seqno = 0 and info.name = ?2 collate nocase and info.coll = ?3 collate nocase and not list.partial order by list.name
      """)
    statement.bind(collation, at: 3)
    statement.bind(relation.name, at: 1)
    statement.bind(column, at: 2)
    return try statement.step() ? statement.text(0) : nil
  }
}
