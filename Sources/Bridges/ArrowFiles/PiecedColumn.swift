import Columns
import Files

/// A column that lies in several pieces, written as if it were one: never more than one piece is looked at.
struct PiecedColumn {
  let count: Int
  let nullCount: Int
  private let pieces: [Column]
  private let type: DataType

  init(_ pieces: [Column], type: DataType) {
    self.pieces = pieces
    self.type = type
    count = pieces.reduce(0) { $0 + $1.count }
    nullCount = pieces.reduce(0) { $0 + $1.nullCount }
  }

  /// Bytes of its buffers, in the order of the format.
  var bufferLengths: [Int] {
    let bits = (count + 7) / 8
    let validity = nullCount == 0 ? 0 : bits
    switch type {
    case .int64, .float64, .timestamp: return [validity, 8 * count]
    case .date: return [validity, 4 * count]
    case .boolean: return [validity, bits]
    case .string: return [validity, 4 * (count + 1), pieces.reduce(0) { $0 + $1.textLength }]
    }
  }

  /// - Parameters:
  ///   - write: takes a buffer's bytes, stretch by stretch; each but its last is a multiple of 32 bytes long.
  ///   - end: called after each buffer.
  ///   - read: called after each piece that was looked at.
  func forEachBuffer<Failure: Error>(
    _ write: (RawSpan) throws(Failure) -> Void, end: () throws(Failure) -> Void, read: () -> Void
  ) throws(Failure) {
    if nullCount > 0 {
      try bits(read) { column, builder in
        if let validity = column.validity {
          builder.append(contentsOf: validity, 0..<column.count)
        } else {
          builder.append(repeating: true, count: column.count)
        }
      }.forEachValueBuffer(write)
    }
    try end()
    switch type {
    case .boolean:
      try bits(read) { column, builder in
        if case .boolean(let values) = column.canonical.values { builder.append(contentsOf: values, 0..<column.count) }
      }.forEachValueBuffer(write)
    case .string:
      try writeOffsets(write, read)
      try end()
      try writeValues(write, read)
    default: try writeValues(write, read)
    }
    try end()
  }

  private func bits(_ read: () -> Void, _ append: (Column, inout BitmapBuilder) -> Void) -> Column {
    var builder = BitmapBuilder()
    for piece in pieces {
      append(piece, &builder)
      read()
    }
    return Column(.boolean(builder.finish())).canonical
  }

  private func writeValues<Failure: Error>(_ write: (RawSpan) throws(Failure) -> Void, _ read: () -> Void) throws(Failure) {
    var stretch = Stretch()
    for piece in pieces {
      try piece.canonical.forEachValueBuffer { (bytes: RawSpan) throws(Failure) in try stretch.append(bytes, write) }
      read()
    }
    try stretch.finish(write)
  }

  private func writeOffsets<Failure: Error>(_ write: (RawSpan) throws(Failure) -> Void, _ read: () -> Void) throws(Failure) {
    var stretch = Stretch()
    var end: Int32 = 0
    unsafe try stretch.append(ContiguousArray<Int32>([0]).span.bytes, write)
    for piece in pieces {
      guard case .string(let offsets, _) = piece.canonical.values else { preconditionFailure("pieces are of one type") }
      let span = offsets.span
      var ends = ContiguousArray<Int32>()
      ends.reserveCapacity(span.count)
      for i in 1..<span.count { ends.append(end + span[i]) }
      end = ends.last ?? end
      unsafe try stretch.append(ends.span.bytes, write)
      read()
    }
    try stretch.finish(write)
  }
}

/// Bytes that are handed on when they are many.
private struct Stretch {
  private static let size = 1 << 16
  private var bytes: ContiguousArray<UInt8> = []

  init() { bytes.reserveCapacity(Self.size) }

  mutating func append<Failure: Error>(_ source: RawSpan, _ write: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    var start = 0
    while start < source.byteCount {
      let end = min(source.byteCount, start + Self.size - bytes.count)
      // Safe because: the pointer does not leave the closure.
      unsafe source.extracting(start..<end).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
      start = end
      if bytes.count == Self.size { try finish(write) }
    }
  }

  mutating func finish<Failure: Error>(_ write: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    if bytes.isEmpty { return }
    unsafe try write(bytes.span.bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

extension Column {
  /// Bytes of its texts.
  fileprivate var textLength: Int {
    guard case .string(let offsets, _) = values else { return 0 }
    let span = offsets.span
    if nullCount == 0 { return Int(span[count]) - Int(span[0]) }
    var length = 0
    for row in 0..<count where !isNull(row) { length += Int(span[row + 1]) - Int(span[row]) }
    return length
  }

  /// The last of its buffers: values, or text.
  fileprivate func forEachValueBuffer<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    var left = type == .string ? 3 : 2
    try forEachBuffer { (bytes: RawSpan) throws(Failure) in
      left -= 1
      if left == 0 { try body(bytes) }
    }
  }
}
