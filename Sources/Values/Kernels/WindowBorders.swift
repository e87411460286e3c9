/// What happens at one border of a window, packed into 32 bits: the kind in the lowest two, a row or a question's slot above.
package struct Border: Sendable {
  package enum Kind: UInt32 { case enter, leave, ask, nextEntity }

  let code: UInt32

  init(_ kind: Kind, _ index: Int32) { code = UInt32(index) << 2 | kind.rawValue }

  var kind: Kind { Kind(rawValue: code & 3)! }
  var index: Int { Int(code >> 2) }

  /// Rows and questions that one sweep can number.
  package static let limit = 1 << 30
}

/// Lays out everything that happens inside one window length, in order of time: rows enter, rows leave, questions are asked.
///
/// A row is inside in [enter, leave). All functions over the same rows and the same window read the same borders.
/// Rows that enter after an entity's last question are left out. O(n + m) where rows come and go in order, else O(n log n + m).
///
/// - Parameters: as in ``findWinners``; `leave` already holds the window's end.
package func windowBorders(
  groups: Span<EntityGroups.Group>, enter: Span<Int64>, leave: Span<Int64>, askTimes: Span<Int64>, askRows: Span<Int32>
) -> ContiguousArray<Border> {
  var borders: ContiguousArray<Border> = []
  var entering: ContiguousArray<Int32> = []
  var leaving: ContiguousArray<Int32> = []
  for g in groups.indices {
    let group = groups[g]
    guard let lastAsk = group.asks.last else { continue }
    let lastTime = askTimes[Int(lastAsk)]
    entering.removeAll(keepingCapacity: true)
    for row in group.rows where enter[Int(row)] < leave[Int(row)] && enter[Int(row)] <= lastTime { entering.append(row) }
    leaving.removeAll(keepingCapacity: true)
    for row in entering where leave[Int(row)] <= lastTime { leaving.append(row) }
    sortByTime(&entering, enter)
    sortByTime(&leaving, leave)

    borders.append(Border(.nextEntity, 0))
    var (nextIn, nextOut) = (0, 0)
    for ask in group.asks {
      let time = askTimes[Int(ask)]
      while nextIn < entering.count, enter[Int(entering[nextIn])] <= time {
        borders.append(Border(.enter, entering[nextIn]))
        nextIn += 1
      }
      // After the rows that enter: a row that came and went between two questions has to come first.
      while nextOut < leaving.count, leave[Int(leaving[nextOut])] <= time {
        borders.append(Border(.leave, leaving[nextOut]))
        nextOut += 1
      }
      borders.append(Border(.ask, askRows[Int(ask)]))
    }
  }
  return borders
}
