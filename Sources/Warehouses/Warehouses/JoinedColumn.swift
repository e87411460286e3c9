internal import Columns

/// Grows a column of known size by columns of its type.
struct JoinedColumn {
  private let type: DataType
  private var wide: ContiguousArray<Int64> = []
  private var reals: ContiguousArray<Double> = []
  private var days: ContiguousArray<Int32> = []
  private var offsets: ContiguousArray<Int32> = [0]
  private var bytes: ContiguousArray<UInt8> = []
  private var bits = PackedBits()
  private var validity: PackedBits?
  private var count = 0

  init(_ type: DataType, _ pieces: [Column]) {
    self.type = type
    let total = pieces.reduce(0) { $0 + $1.count }
    switch type {
    case .int64, .timestamp: wide.reserveCapacity(total)
    case .float64: reals.reserveCapacity(total)
    case .date: days.reserveCapacity(total)
    case .string: offsets.reserveCapacity(total + 1)
    case .boolean: break
    }
  }

  mutating func append(_ piece: Column) {
    switch piece.values {
    case .int64(let buffer), .timestamp(let buffer): wide.append(buffer.span)
    case .float64(let buffer): reals.append(buffer.span)
    case .date(let buffer): days.append(buffer.span)
    case .boolean(let more): bits.append(more, count: more.count)
    case .string(let more, let text):
      let start = Int32(truncatingIfNeeded: bytes.count)
      for i in more.span.indices.dropFirst() { offsets.append(start + more.span[i]) }
      bytes.append(text.span)
    }
    appendValidity(piece)
    count += piece.count
  }

  private mutating func appendValidity(_ piece: Column) {
    guard validity != nil || piece.validity != nil else { return }
    if validity == nil { validity = PackedBits(ones: count) }
    validity?.append(piece.validity, count: piece.count)
  }

  func column() -> Column {
    let values: Column.Values =
      switch type {
      case .int64: .int64(Buffer(wide))
      case .timestamp: .timestamp(Buffer(wide))
      case .float64: .float64(Buffer(reals))
      case .boolean: .boolean(bits.bitmap)
      case .date: .date(Buffer(days))
      case .string: .string(offsets: Buffer(offsets), bytes: Buffer(bytes))
      }
    return Column(values, validity: validity?.bitmap)
  }
}

extension ContiguousArray {
  fileprivate mutating func append(_ values: Span<Element>) {
    // Safe because: the buffer is used up before the span goes out of scope.
    unsafe values.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
