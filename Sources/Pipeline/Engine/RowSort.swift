import Columns
import Planning

/// A lot's rows in the order in which they are kept: by (key hash, key, event time, known time, tie order).
struct RowSort {
  private let table: ViewTable
  private let keys: KeyColumns
  private let hashes: ContiguousArray<UInt64>
  private let eventTime: ContiguousArray<Int64>
  private let knownTime: ContiguousArray<Int64>
  private let ties: LazyTies

  struct Entry: ByHash {
    let hash: UInt64
    let event: Int64
    let row: Int32
  }

  /// - Parameter ties: a table of the same rows with all that settles ties; nil: this one.
  init(_ table: ViewTable, ties: (() -> ViewTable)? = nil) {
    self.table = table
    keys = table.keys
    hashes = keys.hashes(0..<table.rowCount)
    eventTime = table.column(.eventTime)?.microseconds(null: .min) ?? ContiguousArray(repeating: .min, count: table.rowCount)
    knownTime = table.column(.knownTime)?.microseconds(null: .max) ?? []
    self.ties = LazyTies(ties ?? { table })
  }

  /// Made only when two rows agree in key and times, which few views have.
  private final class LazyTies {
    private let table: () -> ViewTable
    private var order: TieOrder?

    init(_ table: @escaping () -> ViewTable) { self.table = table }

    func compare(_ i: Int, _ j: Int) -> Int {
      let known = order ?? TieOrder(table())
      order = known
      return known.compare(i, j)
    }
  }

  /// Rows come as they were read, most often in order of time.
  func order() -> ContiguousArray<Int32> {
    var entries = ContiguousArray<Entry>()
    entries.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount { entries.append(Entry(hash: hashes[row], event: eventTime[row], row: Int32(row))) }
    // Different keys next to never have one hash; then they are told apart at every step.
    entries.sortByHash(isBeforeInHash)
    var order = ContiguousArray(entries.lazy.map(\.row))
    let differs = keys.differences(order.span)
    if entries.indices.dropFirst().contains(where: { entries[$0 - 1].hash == entries[$0].hash && differs[$0] }) {
      entries.sort(by: isBefore)
      order = ContiguousArray(entries.lazy.map(\.row))
    }
    return order
  }

  private func isBefore(_ a: Entry, _ b: Entry) -> Bool {
    if a.hash != b.hash { return a.hash < b.hash }
    let key = KeyColumns.compare(keys, Int(a.row), keys, Int(b.row))
    return key != 0 ? key < 0 : isBeforeInHash(a, b)
  }

  private func isBeforeInHash(_ a: Entry, _ b: Entry) -> Bool {
    if a.hash != b.hash { return a.hash < b.hash }
    if a.event != b.event { return a.event < b.event }
    let (i, j) = (Int(a.row), Int(b.row))
    if !knownTime.isEmpty, knownTime[i] != knownTime[j] { return knownTime[i] < knownTime[j] }
    return ties.compare(i, j) < 0
  }

  /// Rows that agree in key, event time and known time with the row before them.
  func ties(in order: ContiguousArray<Int32>) -> ContiguousArray<Int32> {
    var found: ContiguousArray<Int32> = []
    let differs = keys.differences(order.span)
    for i in order.indices.dropFirst() where !differs[i] {
      let (a, b) = (Int(order[i - 1]), Int(order[i]))
      if eventTime[a] == eventTime[b], knownTime.isEmpty || knownTime[a] == knownTime[b] {
        found.append(order[i])
      }
    }
    return found
  }
}
