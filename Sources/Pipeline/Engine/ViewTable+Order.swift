import Columns

extension ViewTable {
  /// By key hash, event time and known time.
  var sortPlaces: ContiguousArray<SortPlace> {
    let hashes = keys.hashes(0..<rowCount)
    let events = column(.eventTime)?.microseconds(null: .min)
    let known = column(.knownTime)?.microseconds(null: .max)
    return ContiguousArray((0..<rowCount).lazy.map { SortPlace(hash: hashes[$0], event: events?[$0] ?? .min, known: known?[$0] ?? .max) })
  }

  /// Rows that are no mere ends of others.
  package var servingCount: Int {
    guard let silent = column(.silent), case .boolean(let flags) = silent.values else { return rowCount }
    return rowCount - flags.ones
  }

  /// The order in which the rows are kept.
  ///
  /// - Parameter ties: all that settles ties of equal keys and times (rule R6); asked for only if there are any.
  package func order(ties: @escaping () -> ViewTable) -> ContiguousArray<Int32> { RowSort(self, ties: ties).order() }
}
