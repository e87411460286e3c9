internal import Columns

/// One column's values as they come in, before and after their type is known.
///
/// ``ColumnBuilder`` has a fixed type; here it may follow from the values. Cells are appended millions of times: plain arrays, no
/// checks of types, one switch for nulls only.
struct Cells: Sendable {
  private(set) var type: DataType?
  private(set) var count = 0
  private var wide: ContiguousArray<Int64> = []
  private var reals: ContiguousArray<Double> = []
  private var days: ContiguousArray<Int32> = []
  private var offsets: ContiguousArray<Int32> = [0]
  private var bytes: ContiguousArray<UInt8> = []
  private var bits = BitmapBuilder()
  /// From the first null on.
  private var validity: BitmapBuilder?

  init(_ type: DataType?) { self.type = type }

  /// Gives the nulls so far, and all that follows, a type.
  mutating func become(_ type: DataType) {
    self.type = type
    for _ in 0..<count { appendSlot() }
  }

  mutating func wholeNumbersToReals() {
    type = .float64
    reals.reserveCapacity(wide.count + 1)
    for value in wide { reals.append(Double(value)) }
    wide = []
  }

  mutating func appendNull() {
    if validity == nil {
      var bits = BitmapBuilder()
      for _ in 0..<count { bits.append(true) }
      validity = bits
    }
    validity?.append(false)
    appendSlot()
    count += 1
  }

  private mutating func appendSlot() {
    switch type {
    case nil: break
    case .int64, .timestamp: wide.append(0)
    case .float64: reals.append(0)
    case .boolean: bits.append(false)
    case .date: days.append(0)
    case .string: offsets.append(offsets[offsets.count - 1])
    }
  }

  mutating func append(_ value: Int64) {
    wide.append(value)
    appended()
  }

  mutating func append(_ value: Double) {
    reals.append(value)
    appended()
  }

  mutating func append(_ value: Bool) {
    bits.append(value)
    appended()
  }

  mutating func append(days value: Int32) {
    days.append(value)
    appended()
  }

  /// - Returns: false, and nothing is appended, if the column's 32-bit offsets are used up.
  mutating func append(utf8 value: Span<UInt8>) -> Bool {
    guard value.count <= Int(Int32.max) - bytes.count else { return false }
    // Safe because: the buffer is used up before the span goes out of scope.
    unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    appended()
    return true
  }

  private mutating func appended() {
    if validity != nil { validity?.append(true) }
    count += 1
  }

  /// - Returns: a string column of nulls if no value ever told a type.
  consuming func column() -> Column {
    if type == nil { become(.string) }
    let values: Column.Values =
      switch type ?? .string {
      case .int64: .int64(Buffer(wide))
      case .timestamp: .timestamp(Buffer(wide))
      case .float64: .float64(Buffer(reals))
      case .boolean: .boolean(bits.finish())
      case .date: .date(Buffer(days))
      case .string: .string(offsets: Buffer(offsets), bytes: Buffer(bytes))
      }
    return Column(values, validity: validity?.finish())
  }
}
