internal import Columns

/// One column's values as they come in, before and after their type is known; then the same memory for the next batch.
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
  private var validity: PackedBits?
  /// How many cells a batch will hold.
  private let capacity: Int

  init(_ type: DataType?, capacity: Int) {
    self.type = type
    self.capacity = capacity
    makeRoom()
  }

  /// Bytes of text so far.
  var textCount: Int { bytes.count }

  /// Gives the nulls so far, and all that follows, a type.
  mutating func become(_ type: DataType) {
    self.type = type
    makeRoom()
    for _ in 0..<count { appendSlot() }
  }

  mutating func wholeNumbersToReals() {
    type = .float64
    makeRoom()
    for value in wide { reals.append(Double(value)) }
    wide = []
  }

  mutating func appendNull() {
    if validity == nil { validity = PackedBits(ones: count) }
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
  func column() -> Column {
    let values: Column.Values =
      switch type {
      case .int64: .int64(Buffer(wide.fitting))
      case .timestamp: .timestamp(Buffer(wide.fitting))
      case .float64: .float64(Buffer(reals.fitting))
      case .boolean: .boolean(bits.finish())
      case .date: .date(Buffer(days.fitting))
      case .string: .string(offsets: Buffer(offsets.fitting), bytes: Buffer(bytes.fitting))
      case nil: .string(offsets: Buffer(ContiguousArray(repeating: 0, count: count + 1)), bytes: Buffer(ContiguousArray()))
      }
    return Column(values, validity: validity?.bitmap)
  }

  /// Keeps the type, and the memory where nobody else holds it: fresh memory costs more than filling it.
  mutating func removeAll() {
    wide.removeAll(keepingCapacity: true)
    reals.removeAll(keepingCapacity: true)
    days.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    bytes.removeAll(keepingCapacity: true)
    bits = BitmapBuilder()
    validity = nil
    count = 0
    makeRoom()
  }

  private mutating func makeRoom() {
    switch type {
    case .int64, .timestamp: wide.reserveCapacity(capacity)
    case .float64: reals.reserveCapacity(capacity)
    case .string: offsets.reserveCapacity(capacity + 1)
    case .date: days.reserveCapacity(capacity)
    case .boolean, nil: break
    }
  }
}

extension ContiguousArray {
  /// Itself, or a copy where much of its memory would be kept for nothing.
  fileprivate var fitting: Self {
    if count >= capacity / 2 { return self }
    var copy = Self()
    copy.reserveCapacity(count)
    copy.append(contentsOf: self)
    return copy
  }
}

// MARK: Many at once

extension Cells {
  /// Whole numbers or microseconds; 0 where `kinds` has a null.
  mutating func append(_ values: Span<Int64>, kinds: Span<UInt8>, haveNulls: Bool) {
    // Safe because: the buffer is used up before the span goes out of scope.
    unsafe values.withUnsafeBufferPointer { unsafe wide.append(contentsOf: $0) }
    appended(kinds, haveNulls: haveNulls)
  }

  /// Bits of finite reals; −0 becomes 0.
  mutating func append(realBits values: Span<Int64>, kinds: Span<UInt8>, haveNulls: Bool) {
    for i in values.indices { reals.append(Double(bitPattern: UInt64(bitPattern: values[i])) + 0.0) }
    appended(kinds, haveNulls: haveNulls)
  }

  /// Well-formed texts, which begin in `text` where `starts` says; those of length 0 anywhere.
  mutating func append(
    utf8 text: Span<UInt8>, starts: Span<Int64>, lengths: Span<Int32>, kinds: Span<UInt8>, haveNulls: Bool
  ) {
    unsafe text.withUnsafeBufferPointer { text in
      for i in starts.indices {
        if lengths[i] > 0 {
          let start = Int(starts[i])
          // Safe because: slicing checks the bounds, and the copy is made before the span goes out of scope.
          unsafe bytes.append(contentsOf: text[start..<start + Int(lengths[i])])
        }
        offsets.append(Int32(truncatingIfNeeded: bytes.count))
      }
    }
    appended(kinds, haveNulls: haveNulls)
  }

  private mutating func appended(_ kinds: Span<UInt8>, haveNulls: Bool) {
    if haveNulls || validity != nil {
      var bits = validity ?? PackedBits(ones: count)
      validity = nil
      bits.append(kinds: kinds)
      validity = bits
    }
    count += kinds.count
  }
}
