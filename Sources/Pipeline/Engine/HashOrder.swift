/// What is sorted by a hash first.
protocol ByHash {
  var hash: UInt64 { get }
}

extension ContiguousArray where Element: ByHash {
  /// Sorts entries of one lot, whose hashes have the same first eight bits.
  ///
  /// Two passes over the hash's bits leave next to nothing to be moved where entries come nearly in order otherwise; else they are sorted as
  /// any others.
  ///
  /// - Parameter isBefore: a total order, of which the hash is the first part.
  mutating func sortByHash(_ isBefore: (Element, Element) -> Bool) {
    if count > 64 {
      self = distributed(shift: 40)
      self = distributed(shift: 48)
    }
    if !sortByMoving(isBefore) { sort(by: isBefore) }
  }

  private func distributed(shift: UInt64) -> ContiguousArray {
    var starts = ContiguousArray<Int>(repeating: 0, count: 257)
    for entry in self { starts[Int(entry.hash >> shift & 0xFF) + 1] += 1 }
    for i in 0..<256 { starts[i + 1] += starts[i] }
    var result = self
    for entry in self {
      let bucket = Int(entry.hash >> shift & 0xFF)
      result[starts[bucket]] = entry
      starts[bucket] += 1
    }
    return result
  }

  /// - Returns: false if it gave up, because entries are far from their places.
  private mutating func sortByMoving(_ isBefore: (Element, Element) -> Bool) -> Bool {
    var moves = 16 * count + 1_024
    for i in indices.dropFirst() where isBefore(self[i], self[i - 1]) {
      let entry = self[i]
      var place = i
      while place > 0, isBefore(entry, self[place - 1]) {
        self[place] = self[place - 1]
        place -= 1
        moves -= 1
        if moves == 0 {
          self[place] = entry
          return false
        }
      }
      self[place] = entry
    }
    return true
  }
}
