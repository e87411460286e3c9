/// The rows of a batch so far, as far as it takes to find one again: at most 35 bytes a row.
struct SeenRows {
  private struct Entry {
    /// Of the key.
    let low: UInt64
    /// Of the key, and the moment of prediction. For one key, different moments give different numbers.
    let high: UInt64
    /// What the row is called in its file.
    let place: Int64
  }

  private static let blockBits = 16

  /// Full ones, but for the last: what is there is never moved.
  private var blocks: [ContiguousArray<Entry>] = []
  private var count = 0
  /// Numbers of entries, by hash; ``free`` where there is none.
  private var slots = ContiguousArray<UInt32>(repeating: free, count: 1 << 10)
  private static let free = UInt32.max

  /// The most rows that there can be.
  static let limit = Int(UInt32.max) - 1

  /// - Returns: the number and the place of the row that has the same key and moment; nil: there was none, and now there is this.
  mutating func insert(_ key: KeyDigest, at microseconds: Int64, place: Int64) -> (number: Int, place: Int64)? {
    if count >= slots.count / 4 * 3 { grow() }
    let entry = Entry(low: key.low, high: key.high ^ UInt64(bitPattern: microseconds), place: place)
    var slot = firstSlot(entry)
    while case let number = slots[slot], number != Self.free {
      let other = self.entry(Int(number))
      if other.low == entry.low && other.high == entry.high { return (Int(number), other.place) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(truncatingIfNeeded: count)
    if count & (1 << Self.blockBits - 1) == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(1 << Self.blockBits)
    }
    blocks[blocks.count - 1].append(entry)
    count += 1
    return nil
  }

  /// How many rows there are.
  var rowCount: Int { count }

  /// How many keys they have. Forgets where each is.
  mutating func countKeys() -> Int {
    slots = []
    var keys = ContiguousArray<UInt64>()
    keys.reserveCapacity(count)
    for block in blocks { for entry in block { keys.append(entry.low) } }
    keys.sort()
    var distinct = 0
    for i in keys.indices where i == 0 || keys[i] != keys[i - 1] { distinct += 1 }
    return distinct
  }

  @inline(__always)
  private func entry(_ number: Int) -> Entry { blocks[number >> Self.blockBits][number & (1 << Self.blockBits - 1)] }

  @inline(__always)
  private func firstSlot(_ entry: Entry) -> Int {
    // The moments of one key may follow any pattern.
    var x = entry.low ^ entry.high
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: x ^ x >> 31) & (slots.count - 1)
  }

  private mutating func grow() {
    let size = slots.count * 2
    // The old ones go before the new ones come.
    slots = []
    slots = ContiguousArray(repeating: Self.free, count: size)
    for number in 0..<count {
      var slot = firstSlot(entry(number))
      while slots[slot] != Self.free { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(truncatingIfNeeded: number)
    }
  }
}
