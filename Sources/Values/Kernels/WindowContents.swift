/// What is inside a window as rows come and go, one entity after the other.
protocol WindowContents {
  associatedtype Term
  associatedtype Answer

  /// Empties it for an entity with so many rows.
  mutating func begin(rowCount: Int)
  /// - Parameter row: counted from the entity's first.
  mutating func enter(_ row: Int, _ term: Term)
  mutating func leave(_ row: Int, _ term: Term)
  mutating func answer() -> Answer
}

/// What a row brings into a window.
protocol WindowTerms: ~Escapable {
  associatedtype Term

  func term(_ row: Int) -> Term
}

extension Span: WindowTerms {
  @inline(__always)
  func term(_ row: Int) -> Element { self[row] }
}

/// Where rows alone matter.
struct NoTerms: WindowTerms {
  func term(_ row: Int) {}
}

extension WindowContents {
  /// Lets a group's counted rows come and go, and answers its questions: O(1) steps a row.
  @inline(__always)
  mutating func slide<Terms: WindowTerms & ~Escapable>(
    over group: EntityGroups.Group, _ order: WindowRuns.Order, _ runs: borrowing WindowRuns, _ terms: borrowing Terms,
    _ counted: borrowing CountedRows, into results: inout MutableSpan<Answer>
  ) where Terms.Term == Term, Answer: BitwiseCopyable {
    begin(rowCount: group.rows.count)
    switch order {
    case .byRow: slideInOrder(over: group, runs, terms, counted, into: &results)
    case .byTime(let places): slideByTime(over: group, from: Int(places.lowerBound), runs, terms, counted, into: &results)
    }
  }

  @inline(__always)
  private mutating func slideInOrder<Terms: WindowTerms & ~Escapable>(
    over group: EntityGroups.Group, _ runs: borrowing WindowRuns, _ terms: borrowing Terms, _ counted: borrowing CountedRows,
    into results: inout MutableSpan<Answer>
  ) where Terms.Term == Term, Answer: BitwiseCopyable {
    let base = Int(group.rows.lowerBound)
    var nextIn = counted.place(base)
    var nextOut = nextIn
    for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
      let low = counted.place(Int(runs.left[ask]))
      let high = counted.place(Int(runs.entered[ask]))
      while nextOut < min(low, nextIn) {
        let row = counted.row(nextOut)
        leave(row - base, terms.term(row))
        nextOut += 1
      }
      // What came and went since the last question needs no look.
      if nextIn < low { nextIn = low }
      nextOut = low
      while nextIn < high {
        let row = counted.row(nextIn)
        enter(row - base, terms.term(row))
        nextIn += 1
      }
      results[ask] = answer()
    }
  }

  @inline(__always)
  private mutating func slideByTime<Terms: WindowTerms & ~Escapable>(
    over group: EntityGroups.Group, from first: Int, _ runs: borrowing WindowRuns, _ terms: borrowing Terms,
    _ counted: borrowing CountedRows, into results: inout MutableSpan<Answer>
  ) where Terms.Term == Term, Answer: BitwiseCopyable {
    let base = Int(group.rows.lowerBound)
    var (nextIn, nextOut) = (first, first)
    for ask in Int(group.asks.lowerBound)..<Int(group.asks.upperBound) {
      while nextIn < Int(runs.entered[ask]) {
        let row = Int(runs.entering[nextIn])
        if counted.contains(row) { enter(row - base, terms.term(row)) }
        nextIn += 1
      }
      // After the rows that enter: a row that came and went between two questions has to come first.
      while nextOut < Int(runs.left[ask]) {
        let row = Int(runs.leaving[nextOut])
        if counted.contains(row) { leave(row - base, terms.term(row)) }
        nextOut += 1
      }
      results[ask] = answer()
    }
  }
}
