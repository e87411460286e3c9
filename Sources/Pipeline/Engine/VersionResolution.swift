import Columns
package import Planning

/// Versions of whole records, put in order of known time: each serves until the next is known (rule R4).
///
/// Only then are `where`, keys and event times looked at: a deleted, rejected or skipped version serves nothing and still ends the
/// one before it.
struct VersionResolution {
  private let plan: ViewPlan
  private let table: ViewTable
  private let states: Bitmap
  private let deletions: Bitmap
  private let records: KeyColumns
  private let eventTime: ContiguousArray<Int64>
  private let knownTime: ContiguousArray<Int64>
  private let order: TieOrder

  /// - Parameters:
  ///   - table: of the plan's unresolved parts.
  ///   - silent: which rows serve nothing.
  ///   - deletions: which rows are deletions.
  init(_ table: ViewTable, silent: Bitmap, deletions: Bitmap, plan: ViewPlan) {
    self.plan = plan
    self.table = table
    states = silent
    self.deletions = deletions
    records = KeyColumns(plan.recordID.indices.compactMap { table.column(.record($0)) })
    eventTime = table.column(.eventTime)?.microseconds(null: .min) ?? []
    // Not delayed where it is the event time: all versions alike, so their order is the same.
    knownTime = table.column(.knownTime)?.microseconds(null: .max) ?? eventTime
    order = TieOrder(table)
  }

  /// Per row the known time of its record's next version; `Int64.max`: none.
  func ends() -> ContiguousArray<Int64> {
    var ends = ContiguousArray<Int64>(repeating: .max, count: table.rowCount)
    let delay = plan.knownTime == nil ? plan.delayMicroseconds : 0
    let hashes = records.recordHashes()
    var versions = ContiguousArray<(hash: UInt64, known: Int64, row: Int32)>()
    versions.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount { versions.append((hashes[row], knownTime[row], Int32(row))) }
    versions.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      let (i, j) = (Int(a.row), Int(b.row))
      let record = KeyColumns.compare(records, i, records, j)
      if record != 0 { return record < 0 }
      if a.known != b.known { return a.known < b.known }
      if deletions[i] != deletions[j] { return deletions[j] }
      return eventTime[i] != eventTime[j] ? eventTime[i] < eventTime[j] : order.compare(i, j) < 0
    }
    for i in versions.indices.dropLast() {
      let (row, next) = (Int(versions[i].row), Int(versions[i + 1].row))
      if versions[i].hash == versions[i + 1].hash, records.isSame(row, next) {
        ends[row] = saturatingAdd(versions[i + 1].known, delay)
      }
    }
    return ends
  }

  func isSilent(_ row: Int) -> Bool { states[row] }

  /// From when on a version would serve.
  func servesFrom(_ row: Int) -> Int64 {
    var from = plan.knownTime == nil ? saturatingAdd(knownTime[row], plan.delayMicroseconds) : knownTime[row]
    for late in plan.servesWhenKnown { from = max(from, lateKnown(late, row)) }
    return from
  }

  private func lateKnown(_ late: Int, _ row: Int) -> Int64 {
    guard let column = table.column(.late(late)), case .timestamp(let times) = column.values, !column.isNull(row) else { return .max }
    return times.span[row]
  }
}

/// Rule R6: equal times are settled by the values in definition order, null lowest; after them by whatever else tells two rows apart, so
/// that equal rows give equal snapshots.
struct TieOrder {
  private let columns: [Column]
  private let ends: Column?

  init(_ table: ViewTable) {
    func all(_ isWanted: (ViewTable.Part) -> Bool) -> [Column] {
      zip(table.parts, table.columns).filter { isWanted($0.0) }.map(\.1)
    }
    columns =
      all { if case .value = $0 { true } else { false } } + all { if case .late = $0 { true } else { false } }.map(\.nullsLast)
      + all { if case .filter = $0 { true } else { false } } + all { if case .record = $0 { true } else { false } }
    ends = table.column(.silent) == nil ? table.column(.servesUntil)?.nullsLast : nil
  }

  func compare(_ i: Int, _ j: Int) -> Int {
    for column in columns {
      let result = compareValues(column, i, column, j)
      if result != 0 { return result }
    }
    return ends.map { compareValues($0, i, $0, j) } ?? 0
  }
}

extension Column {
  /// Times of which null, never, is the greatest.
  fileprivate var nullsLast: Column { nullCount == 0 ? self : Column(.timestamp(Buffer(microseconds(null: .max)))) }
}

extension KeyColumns {
  /// Equal records have equal hashes, whether a batch has them as whole numbers or as float64.
  package func recordHashes() -> ContiguousArray<UInt64> {
    KeyColumns(columns.map(\.hashable)).hashes(0..<(columns.first?.count ?? 0))
  }
}

extension Column {
  /// Whole numbers that a float64 holds exactly, as such a one's bits; nulls, which are mistakes of their own, as anything.
  fileprivate var hashable: Column {
    switch values {
    case .int64(let buffer):
      let span = buffer.span
      var bits = ContiguousArray<Int64>()
      bits.reserveCapacity(count)
      for i in span.indices {
        let real = Double(span[i])
        bits.append(Int64(exactly: real) == span[i] ? Int64(bitPattern: real.bitPattern) : span[i])
      }
      return Column(.int64(Buffer(bits)))
    case .float64(let buffer):
      let span = buffer.span
      var bits = ContiguousArray<Int64>()
      for i in span.indices { bits.append(Int64(bitPattern: span[i].bitPattern)) }
      return Column(.int64(Buffer(bits)))
    default: return self
    }
  }
}

/// When each version of some whole records ends.
///
/// - Parameters:
///   - table: of the plan's resting parts, as kept where rows are appended.
/// - Returns: per row the known time of its record's next version; `Int64.max`: none.
package func versionEnds(_ table: ViewTable, plan: ViewPlan) -> ContiguousArray<Int64> {
  func flags(_ part: ViewTable.Part) -> Bitmap {
    if let column = table.column(part), case .boolean(let flags) = column.values { return flags }
    return Bitmap(repeatElement(false, count: table.rowCount))
  }
  return VersionResolution(table, silent: flags(.silent), deletions: flags(.deletion), plan: plan).ends()
}

extension ViewTable {
  /// Equal records have equal hashes; of a plan whose rows have record ids.
  package var recordHashes: ContiguousArray<UInt64> {
    KeyColumns(zip(parts, columns).compactMap { part, column in if case .record = part { column } else { nil } }).recordHashes()
  }
}
