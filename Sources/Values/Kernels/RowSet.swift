/// A set of small numbers that knows its ends and the neighbours of each number: a tree of bits with 64 branches at each
/// node, so three steps for a quarter of a million.
struct RowSet: Sendable {
  /// The levels one after the other, the lowest first; a bit above stands for a word that is not zero.
  private var words: ContiguousArray<UInt64> = []
  /// Where each level begins.
  private var levels: ContiguousArray<Int> = []

  /// Empties it, for numbers below `rowCount`.
  mutating func begin(rowCount: Int) {
    levels.removeAll(keepingCapacity: true)
    var (total, size) = (0, max(rowCount, 1))
    repeat {
      size = (size + 63) >> 6
      levels.append(total)
      total += size
    } while size > 1
    words.grow(to: total, filledWith: 0)
    for i in 0..<total { words[i] = 0 }
  }

  mutating func insert(_ row: Int) {
    var (place, level) = (row, 0)
    while level < levels.count {
      let index = levels[level] + place >> 6
      let word = words[index]
      words[index] = word | Self.bit(place)
      if word != 0 { return }
      place >>= 6
      level += 1
    }
  }

  mutating func remove(_ row: Int) {
    var (place, level) = (row, 0)
    while level < levels.count {
      let index = levels[level] + place >> 6
      words[index] &= ~Self.bit(place)
      if words[index] != 0 { return }
      place >>= 6
      level += 1
    }
  }

  /// The least number, or -1.
  var first: Int { words[levels[levels.count - 1]] == 0 ? -1 : least(below: levels.count, 0) }

  /// The greatest number, or -1.
  var last: Int { words[levels[levels.count - 1]] == 0 ? -1 : greatest(below: levels.count, 0) }

  /// The least number above, or -1.
  func after(_ row: Int) -> Int {
    var (place, level) = (row, 0)
    while level < levels.count {
      let above = words[levels[level] + place >> 6] & (~1 << UInt64(place & 63))
      if above != 0 { return least(below: level, place & ~63 + above.trailingZeroBitCount) }
      place >>= 6
      level += 1
    }
    return -1
  }

  /// The greatest number below, or -1.
  func before(_ row: Int) -> Int {
    var (place, level) = (row, 0)
    while level < levels.count {
      let below = words[levels[level] + place >> 6] & (Self.bit(place) - 1)
      if below != 0 { return greatest(below: level, place & ~63 + 63 - below.leadingZeroBitCount) }
      place >>= 6
      level += 1
    }
    return -1
  }

  private static func bit(_ place: Int) -> UInt64 { 1 << UInt64(place & 63) }

  private func least(below level: Int, _ place: Int) -> Int {
    var (place, level) = (place, level)
    while level > 0 {
      level -= 1
      place = place << 6 + words[levels[level] + place].trailingZeroBitCount
    }
    return place
  }

  private func greatest(below level: Int, _ place: Int) -> Int {
    var (place, level) = (place, level)
    while level > 0 {
      level -= 1
      place = place << 6 + 63 - words[levels[level] + place].leadingZeroBitCount
    }
    return place
  }
}
