/// In a match: no row.
package let noRow: Int32 = -1

/// Finds, for each question, the row that wins: the last in order of those whose interval holds the decision time (rules R4, R5).
///
/// A row serves in [enter, leave). Where rows enter in their order and never leave, this is one merge, O(n + m); else
/// a heap of the rows that have entered, those that have left being dropped when they come up, O((n + m) log n).
///
/// - Parameters:
///   - groups: row ranges in (event time, known time, tie order) and question ranges in time order, per entity.
///   - enter: per row, microseconds since the epoch; `Int64.max`: never.
///   - leave: per row, exclusive; `Int64.max`: never.
///   - askTimes: per question in group order, microseconds.
///   - askRows: per question, its slot in `winners`.
///   - winners: receives a row or ``noRow``; slots of questions in no group are left alone.
package func findWinners(
  groups: Span<EntityGroups.Group>, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>, askRows: Span<Int32>,
  into winners: inout MutableSpan<Int32>
) {
  var waiting: ContiguousArray<Int32> = []
  var heap = RowHeap()
  for g in groups.indices {
    let group = groups[g]
    if inOrder(group.rows, enter: enter, leave: leave) {
      var next = group.rows.lowerBound
      for ask in group.asks {
        let time = askTimes[Int(ask)]
        while next < group.rows.upperBound, enter[Int(next)] <= time { next += 1 }
        winners[Int(askRows[Int(ask)])] = next > group.rows.lowerBound ? next - 1 : noRow
      }
      continue
    }
    waiting.removeAll(keepingCapacity: true)
    heap.removeAll()
    for row in group.rows where enter[Int(row)] < leave[Int(row)] { waiting.append(row) }
    sortByTime(&waiting, enter)
    var next = 0
    for ask in group.asks {
      let time = askTimes[Int(ask)]
      while next < waiting.count, enter[Int(waiting[next])] <= time {
        // The greatest row is wanted: the heap's least key.
        heap.insert(key: -Int64(waiting[next]), row: waiting[next])
        next += 1
      }
      while let top = heap.top, leave[Int(top)] <= time { heap.removeTop() }
      winners[Int(askRows[Int(ask)])] = heap.top ?? noRow
    }
  }
}

/// Whether rows enter in their order and none leaves: no late row, no correction.
private func inOrder(_ rows: Range<Int32>, enter: Span<Int64>, leave: Span<Int64>) -> Bool {
  var latest = Int64.min
  for row in rows {
    guard enter[Int(row)] >= latest, leave[Int(row)] == .max else { return false }
    latest = enter[Int(row)]
  }
  return latest < .max
}

/// Sorts rows by time, equal ones by row; does nothing when they are in order already.
func sortByTime(_ rows: inout ContiguousArray<Int32>, _ times: Span<Int64>) {
  var sorted = true
  for i in rows.indices.dropFirst() where times[Int(rows[i - 1])] > times[Int(rows[i])] {
    sorted = false
    break
  }
  if sorted { return }
  // A span cannot be captured: sort pairs.
  var pairs = ContiguousArray<(time: Int64, row: Int32)>()
  pairs.reserveCapacity(rows.count)
  for row in rows { pairs.append((times[Int(row)], row)) }
  pairs.sort { $0.time != $1.time ? $0.time < $1.time : $0.row < $1.row }
  for i in rows.indices { rows[i] = pairs[i].row }
}

/// A binary heap of rows, the least key on top; of equal keys the lowest row.
struct RowHeap {
  private var items: ContiguousArray<(key: Int64, row: Int32)> = []

  var top: Int32? { items.first?.row }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func insert(key: Int64, row: Int32) {
    items.append((key, row))
    var i = items.count - 1
    while i > 0 {
      let parent = (i - 1) / 2
      guard before(items[i], items[parent]) else { break }
      items.swapAt(i, parent)
      i = parent
    }
  }

  mutating func removeTop() {
    let last = items.removeLast()
    if items.isEmpty { return }
    items[0] = last
    var i = 0
    while true {
      var least = i
      for child in (2 * i + 1)...(2 * i + 2) where child < items.count && before(items[child], items[least]) {
        least = child
      }
      if least == i { return }
      items.swapAt(i, least)
      i = least
    }
  }

  private func before(_ a: (key: Int64, row: Int32), _ b: (key: Int64, row: Int32)) -> Bool {
    a.key != b.key ? a.key < b.key : a.row < b.row
  }
}
