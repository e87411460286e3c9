/// Writes FlatBuffers, the encoding of Arrow's metadata: from the end to the beginning, as the format wants it.
///
/// Every value is written, also one that equals its default, so that there is one encoding of everything.
/// Specification: flatbuffers.dev/internals.
struct FlatBufferBuilder {
  /// A place, counted from the buffer's end.
  struct Offset { fileprivate let fromEnd: Int }

  enum Value {
    case byte(UInt8)
    case short(Int16)
    case int(Int32)
    case long(Int64)
    case offset(Offset)
  }

  /// The bytes in reverse order.
  private var reversed: ContiguousArray<UInt8> = []

  mutating func string(_ text: String) -> Offset {
    align(4, before: text.utf8.count + 1)
    reversed.append(0)
    reversed.append(contentsOf: text.utf8.reversed())
    push(Int32(text.utf8.count))
    return here
  }

  mutating func vector(_ elements: [Offset]) -> Offset {
    align(4)
    for element in elements.reversed() { push(reference(to: element)) }
    push(Int32(elements.count))
    return here
  }

  /// A vector of structs that consist of 64-bit words.
  mutating func vector(structs: [[Int64]]) -> Offset {
    align(8, before: structs.reduce(0) { $0 + $1.count * 8 })
    for words in structs.reversed() {
      for word in words.reversed() { push(word) }
    }
    push(Int32(structs.count))
    return here
  }

  /// A table whose slots are the values in their order; nil leaves a slot out.
  mutating func table(_ values: [Value?]) -> Offset {
    align(4)
    let end = here.fromEnd
    var places: [Int] = []
    for value in values {
      guard let value else {
        places.append(0)
        continue
      }
      push(value)
      places.append(here.fromEnd)
    }
    align(4)
    // The offset to the vtable, which stands right before.
    let vtableSize = 4 + 2 * values.count
    push(Int32(vtableSize))
    let start = here
    for place in places.reversed() { push(Int16(place == 0 ? 0 : start.fromEnd - place)) }
    push(Int16(start.fromEnd - end))
    push(Int16(vtableSize))
    return start
  }

  /// - Returns: the buffer, a multiple of 8 long.
  consuming func finish(_ root: Offset) -> ContiguousArray<UInt8> {
    align(8, before: 4)
    push(reference(to: root))
    return ContiguousArray(reversed.reversed())
  }

  private var here: Offset { Offset(fromEnd: reversed.count) }

  private mutating func push(_ value: Value) {
    switch value {
    case .byte(let byte): reversed.append(byte)
    case .short(let short):
      align(2)
      push(short)
    case .int(let int):
      align(4)
      push(int)
    case .long(let long):
      align(8)
      push(long)
    case .offset(let offset):
      align(4)
      push(reference(to: offset))
    }
  }

  private mutating func push(_ value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      reversed.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// What stands in the next four bytes to point at `target`.
  private func reference(to target: Offset) -> Int32 { Int32(reversed.count + 4 - target.fromEnd) }

  /// Pads so that what follows `count` further bytes begins at a multiple of `alignment`.
  private mutating func align(_ alignment: Int, before count: Int = 0) {
    while (reversed.count + count) % alignment != 0 { reversed.append(0) }
  }
}
