/// Grows a column value by value. The type is fixed; appending another kind of value is our own mistake and traps.
package struct ColumnBuilder: Sendable {
  package let type: DataType
  private var int64: ContiguousArray<Int64> = []
  private var float64: ContiguousArray<Double> = []
  private var boolean = BitmapBuilder()
  private var offsets: ContiguousArray<Int32> = [0]
  private var bytes: ContiguousArray<UInt8> = []
  private var date: ContiguousArray<Int32> = []
  /// Built from the first null on: a column without nulls has none.
  private var validity: BitmapBuilder?
  package private(set) var count = 0

  package init(_ type: DataType, capacity: Int = 0) {
    self.type = type
    switch type {
    case .int64, .timestamp: int64.reserveCapacity(capacity)
    case .float64: float64.reserveCapacity(capacity)
    case .string: offsets.reserveCapacity(capacity + 1)
    case .date: date.reserveCapacity(capacity)
    case .boolean: break
    }
  }

  package mutating func appendNull() {
    if validity == nil {
      var bits = BitmapBuilder()
      for _ in 0..<count { bits.append(true) }
      validity = bits
    }
    validity?.append(false)
    switch type {
    case .int64, .timestamp: int64.append(0)
    case .float64: float64.append(0)
    case .boolean: boolean.append(false)
    case .string: offsets.append(offsets[count])
    case .date: date.append(0)
    }
    count += 1
  }

  /// An int64, or a timestamp's microseconds.
  package mutating func append(_ value: Int64) {
    precondition(type == .int64 || type == .timestamp)
    int64.append(value)
    appended()
  }

  package mutating func append(_ value: Double) {
    precondition(type == .float64)
    float64.append(value)
    appended()
  }

  package mutating func append(_ value: Bool) {
    precondition(type == .boolean)
    boolean.append(value)
    appended()
  }

  /// A date, in days since 1970-01-01.
  package mutating func append(days: Int32) {
    precondition(type == .date)
    date.append(days)
    appended()
  }

  package mutating func append(utf8 value: Span<UInt8>) {
    precondition(type == .string)
    for i in value.indices { bytes.append(value[i]) }
    offsets.append(Int32(bytes.count))
    appended()
  }

  package mutating func append(_ value: String) {
    precondition(type == .string)
    bytes.append(contentsOf: value.utf8)
    offsets.append(Int32(bytes.count))
    appended()
  }

  /// Bytes that another string may take before the column's 32-bit offsets are used up.
  package var textRoom: Int { Int(Int32.max) - bytes.count }

  private mutating func appended() {
    validity?.append(true)
    count += 1
  }

  package consuming func finish() -> Column {
    let values: Column.Values =
      switch type {
      case .int64: .int64(Buffer(int64))
      case .timestamp: .timestamp(Buffer(int64))
      case .float64: .float64(Buffer(float64))
      case .boolean: .boolean(boolean.finish())
      case .string: .string(offsets: Buffer(offsets), bytes: Buffer(bytes))
      case .date: .date(Buffer(date))
      }
    return Column(values, validity: validity?.finish())
  }
}
