/// Reads FlatBuffers that nobody has verified: every offset is checked before it is followed.
struct FlatBuffer {
  /// Something points outside the buffer: `what` is the part that was being read.
  struct Damage: Error { let what: String }

  /// A table's slots, as places in the buffer; 0 is a slot left out.
  struct Table {
    fileprivate let slots: [Int]
    fileprivate let what: String
  }

  /// `count` elements from `start` on, all within the buffer.
  struct Vector {
    let start: Int
    let count: Int
  }

  /// No table of Arrow's that we read has more; so a damaged one costs no more time than a sound one.
  private static let slotLimit = 8

  private let bytes: ContiguousArray<UInt8>

  init(_ bytes: ContiguousArray<UInt8>) { self.bytes = bytes }

  func root(_ what: String) throws(Damage) -> Table { try table(at: follow(0, what), what) }

  func byte(_ table: Table, _ slot: Int, default value: UInt8) throws(Damage) -> UInt8 {
    guard let place = place(table, slot) else { return value }
    return try integer(UInt8.self, at: place, table.what)
  }

  func short(_ table: Table, _ slot: Int, default value: Int16) throws(Damage) -> Int16 {
    guard let place = place(table, slot) else { return value }
    return try integer(Int16.self, at: place, table.what)
  }

  func int(_ table: Table, _ slot: Int, default value: Int32) throws(Damage) -> Int32 {
    guard let place = place(table, slot) else { return value }
    return try integer(Int32.self, at: place, table.what)
  }

  func long(_ table: Table, _ slot: Int, default value: Int64) throws(Damage) -> Int64 {
    guard let place = place(table, slot) else { return value }
    return try integer(Int64.self, at: place, table.what)
  }

  func has(_ table: Table, _ slot: Int) -> Bool { place(table, slot) != nil }

  func table(_ table: Table, _ slot: Int, _ what: String) throws(Damage) -> Table {
    guard let place = place(table, slot) else { throw Damage(what: "\(what) is missing") }
    return try self.table(at: follow(place, what), what)
  }

  func string(_ table: Table, _ slot: Int, _ what: String) throws(Damage) -> String {
    guard let place = place(table, slot) else { return "" }
    let content = try vector(at: follow(place, what), elementSize: 1, what)
    let text = String(validating: bytes[content.start..<content.start + content.count], as: UTF8.self)
    guard let text else { throw Damage(what: "\(what) is no UTF-8") }
    return text
  }

  /// An absent vector is an empty one.
  func vector(_ table: Table, _ slot: Int, elementSize: Int, _ what: String) throws(Damage) -> Vector {
    guard let place = place(table, slot) else { return Vector(start: 0, count: 0) }
    return try vector(at: follow(place, what), elementSize: elementSize, what)
  }

  func tables(_ table: Table, _ slot: Int, _ what: String) throws(Damage) -> [Table] {
    let elements = try vector(table, slot, elementSize: 4, what)
    var tables: [Table] = []
    for i in 0..<elements.count { tables.append(try self.table(at: follow(elements.start + 4 * i, what), what)) }
    return tables
  }

  /// Structs that consist of 64-bit words.
  func structs(_ table: Table, _ slot: Int, words: Int, _ what: String) throws(Damage) -> [[Int64]] {
    let elements = try vector(table, slot, elementSize: 8 * words, what)
    var structs: [[Int64]] = []
    for i in 0..<elements.count {
      var values: [Int64] = []
      for word in 0..<words { values.append(try integer(Int64.self, at: elements.start + 8 * (i * words + word), what)) }
      structs.append(values)
    }
    return structs
  }

  private func place(_ table: Table, _ slot: Int) -> Int? {
    guard slot < table.slots.count, table.slots[slot] != 0 else { return nil }
    return table.slots[slot]
  }

  private func table(at start: Int, _ what: String) throws(Damage) -> Table {
    let vtable = start - Int(try integer(Int32.self, at: start, what))
    let size = Int(try integer(UInt16.self, at: vtable, what))
    var slots: [Int] = []
    for slot in stride(from: 4, to: min(size - 1, 4 + 2 * Self.slotLimit), by: 2) {
      let relative = Int(try integer(UInt16.self, at: vtable + slot, what))
      slots.append(relative == 0 ? 0 : start + relative)
    }
    return Table(slots: slots, what: what)
  }

  private func vector(at start: Int, elementSize: Int, _ what: String) throws(Damage) -> Vector {
    let count = Int(try integer(UInt32.self, at: start, what))
    guard count <= (bytes.count - start - 4) / elementSize else { throw Damage(what: "\(what) reaches beyond the metadata") }
    return Vector(start: start + 4, count: count)
  }

  private func follow(_ place: Int, _ what: String) throws(Damage) -> Int {
    place + Int(try integer(UInt32.self, at: place, what))
  }

  private func integer<Value: FixedWidthInteger>(_ type: Value.Type, at place: Int, _ what: String) throws(Damage) -> Value {
    let size = MemoryLayout<Value>.size
    guard place >= 0, place <= bytes.count - size else { throw Damage(what: "\(what) reaches beyond the metadata") }
    var value: Value = 0
    for i in (0..<size).reversed() { value = value << 8 | Value(truncatingIfNeeded: bytes[place + i]) }
    return value
  }
}
