package import Engine

/// Numbers for keys, in the order in which they come first: equal keys have equal numbers.
package struct EntityNumbers {
  package let ofRows: ContiguousArray<Int32>
  package let count: Int

  /// - Parameter keys: without nulls.
  package init(_ keys: KeyColumns, rowCount: Int) {
    var numbers = ContiguousArray<Int32>()
    numbers.reserveCapacity(rowCount)
    // The first row of each key; of keys that share a hash the others are in `more`.
    var first = [UInt64: (row: Int32, number: Int32)](minimumCapacity: rowCount)
    var more: [UInt64: [(row: Int32, number: Int32)]] = [:]
    var count: Int32 = 0
    let hashes = keys.hashes(0..<rowCount)
    for row in 0..<rowCount {
      let hash = hashes[row]
      if let known = first[hash] {
        let candidates = KeyColumns.compare(keys, Int(known.row), keys, row) == 0 ? [known] : more[hash] ?? []
        if let same = candidates.first(where: { KeyColumns.compare(keys, Int($0.row), keys, row) == 0 }) {
          numbers.append(same.number)
          continue
        }
        more[hash, default: []].append((Int32(truncatingIfNeeded: row), count))
      } else {
        first[hash] = (Int32(truncatingIfNeeded: row), count)
      }
      numbers.append(count)
      count += 1
    }
    ofRows = numbers
    self.count = Int(count)
  }
}
