/// A set of small numbers that knows its least and greatest: a tree of bits with 64 branches at each node, so three steps
/// for a quarter of a million.
struct RowSet: Sendable {
  /// The levels one after the other, the lowest first; a bit above stands for a word that is not zero.
  private var words: ContiguousArray<UInt64> = []
  private var levels: ContiguousArray<Int> = []

  /// Empties it, for numbers below `count`.
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
    var place = row
    for first in levels {
      let word = words[first + place >> 6]
      words[first + place >> 6] = word | 1 << UInt64(place & 63)
      if word != 0 { return }
      place >>= 6
    }
  }

  mutating func remove(_ row: Int) {
    var place = row
    for first in levels {
      words[first + place >> 6] &= ~(1 << UInt64(place & 63))
      if words[first + place >> 6] != 0 { return }
      place >>= 6
    }
  }

  func contains(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

  /// The least number, or -1.
  var first: Int { end { $0.trailingZeroBitCount } }

  /// The greatest number, or -1.
  var last: Int { end { 63 - $0.leadingZeroBitCount } }

  @inline(__always)
  private func end(_ bit: (UInt64) -> Int) -> Int {
    var place = 0
    for first in levels.reversed() {
      let word = words[first + place]
      if word == 0 { return -1 }
      place = place << 6 + bit(word)
    }
    return place
  }
}
