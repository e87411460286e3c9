import Times

/// Texts of the dates met lately, each with the "T" of a time behind it: a column has few, and `formatDate` takes longer than copying.
struct DateTexts: Sendable {
  private static let slots = 1024

  /// Which date a slot holds.
  private var days = ContiguousArray(repeating: Int32.min, count: slots)
  private var texts = ContiguousArray(repeating: SIMD2<UInt64>(), count: slots)

  @inline(__always)
  mutating func text(_ day: Int32) -> SIMD2<UInt64> {
    let slot = Int(day) & (Self.slots - 1)
    if days[slot] != day { fill(slot, day) }
    return texts[slot]
  }

  @inline(never)
  private mutating func fill(_ slot: Int, _ day: Int32) {
    var bytes: ContiguousArray<UInt8> = []
    formatDate(day, into: &bytes)
    bytes.append(UInt8(ascii: "T"))
    var text = SIMD16<UInt8>()
    for i in bytes.indices { text[i] = bytes[i] }
    // Safe because: both are sixteen bytes.
    texts[slot] = unsafe unsafeBitCast(text, to: SIMD2<UInt64>.self)
    days[slot] = day
  }
}

@inline(__always)
func writeDate(_ day: Int32, _ dates: inout DateTexts, to cell: inout CSVCell) {
  cell.write(dates.text(day), count: 10)
}

/// As `formatTimestamp` writes it.
@inline(__always)
func writeTimestamp(_ microseconds: Int64, _ dates: inout DateTexts, to cell: inout CSVCell) {
  let perDay: Int64 = 86_400_000_000
  var (day, ofDay) = microseconds.quotientAndRemainder(dividingBy: perDay)
  if ofDay < 0 {
    day -= 1
    ofDay += perDay
  }
  cell.write(dates.text(Int32(truncatingIfNeeded: day)), count: 11)
  let (seconds, fraction) = UInt64(ofDay).quotientAndRemainder(dividingBy: 1_000_000)
  let minutes = seconds / 60
  let hours = minutes / 60
  // Three pairs of digits, a byte apart: as in `digits8`, and `:` between.
  let pairs = hours | (minutes &- hours &* 60) << 24 | (seconds &- minutes &* 60) << 48
  let tens = ((pairs &* 103) >> 10) & 0x000F_0000_0F00_000F
  cell.write((tens | (pairs &- tens &* 10) << 8) | 0x3030_3A30_303A_3030, count: 8)
  if fraction != 0 {
    cell.write(UInt8(ascii: "."))
    // Six digits, all of them.
    cell.write((digits8(fraction) | zeros8) >> 16, count: 6)
  }
  cell.write(UInt8(ascii: "Z"))
}
