import Times

/// Texts of the dates met lately: a column has few, and `formatDate` takes longer than copying.
struct DateTexts: Sendable {
  private static let slots = 1024
  private static let width = 10

  /// Which date a slot holds.
  private var days = ContiguousArray(repeating: Int32.min, count: slots)
  private var text = ContiguousArray(repeating: 0 as UInt8, count: slots * width)

  @inline(__always)
  mutating func write(_ day: Int32, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
    let slot = Int(day) & (Self.slots - 1)
    if days[slot] != day { fill(slot, day) }
    let source = text.span
    for i in 0..<Self.width { cells[position + i] = source[slot * Self.width + i] }
    position += Self.width
  }

  private mutating func fill(_ slot: Int, _ day: Int32) {
    var bytes: ContiguousArray<UInt8> = []
    formatDate(day, into: &bytes)
    for i in 0..<Self.width { text[slot * Self.width + i] = bytes[i] }
    days[slot] = day
  }
}

/// As `formatTimestamp` writes it.
@inline(__always)
func writeTimestamp(_ microseconds: Int64, _ dates: inout DateTexts, to cells: inout MutableSpan<UInt8>, at position: inout Int) {
  let perDay: Int64 = 86_400_000_000
  var (day, ofDay) = microseconds.quotientAndRemainder(dividingBy: perDay)
  if ofDay < 0 {
    day -= 1
    ofDay += perDay
  }
  dates.write(Int32(truncatingIfNeeded: day), to: &cells, at: &position)
  let (seconds, fraction) = UInt64(ofDay).quotientAndRemainder(dividingBy: 1_000_000)
  cells[position] = UInt8(ascii: "T")
  writePair(seconds / 3_600, to: &cells, at: position + 1)
  cells[position + 3] = UInt8(ascii: ":")
  writePair(seconds / 60 % 60, to: &cells, at: position + 4)
  cells[position + 6] = UInt8(ascii: ":")
  writePair(seconds % 60, to: &cells, at: position + 7)
  position += 9
  if fraction != 0 {
    cells[position] = UInt8(ascii: ".")
    writePair(fraction / 10_000, to: &cells, at: position + 1)
    writePair(fraction / 100 % 100, to: &cells, at: position + 3)
    writePair(fraction % 100, to: &cells, at: position + 5)
    position += 7
  }
  cells[position] = UInt8(ascii: "Z")
  position += 1
}
