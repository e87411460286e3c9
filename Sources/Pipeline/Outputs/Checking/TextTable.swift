/// Texts, each once, by bytes, with a number from 0.
struct TextTable: Sendable {
  private var bytes: ContiguousArray<UInt8> = []
  private var ends: ContiguousArray<Int> = [0]
  private var hashes: ContiguousArray<UInt64> = []
  /// Numbers of texts, by hash; −1 where there is none.
  private var slots = ContiguousArray<Int32>(repeating: -1, count: 64)

  var count: Int { hashes.count }

  func text(_ number: Int) -> String {
    String(decoding: bytes[ends[number]..<ends[number + 1]], as: UTF8.self)
  }

  func number(of text: Span<UInt8>) -> Int? {
    let number = slots[slot(text, hash(text))]
    return number < 0 ? nil : Int(number)
  }

  @discardableResult
  mutating func insert(_ text: Span<UInt8>) -> Int {
    let hash = hash(text)
    let slot = slot(text, hash)
    if slots[slot] >= 0 { return Int(slots[slot]) }
    slots[slot] = Int32(truncatingIfNeeded: count)
    for i in text.indices { bytes.append(text[i]) }
    ends.append(bytes.count)
    hashes.append(hash)
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  /// Where it is, or would be.
  private func slot(_ text: Span<UInt8>, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while case let number = Int(slots[slot]), number >= 0 {
      if hashes[number] == hash && isEqual(number, text) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isEqual(_ number: Int, _ text: Span<UInt8>) -> Bool {
    let start = ends[number]
    guard ends[number + 1] - start == text.count else { return false }
    for i in text.indices where bytes[start + i] != text[i] { return false }
    return true
  }

  private mutating func grow() {
    slots = ContiguousArray(repeating: -1, count: slots.count * 2)
    for number in hashes.indices {
      var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: number)
    }
  }

  /// FNV-1a, with its high bits folded into the low ones.
  private func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for i in text.indices { hash = (hash ^ UInt64(text[i])) &* 0x100_0000_01b3 }
    return hash ^ hash >> 32
  }
}
