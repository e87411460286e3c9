// Columns of chosen rows. Typed loops over spans: a row costs a load and a store.

extension Column {
  package static func nulls(_ type: DataType, count: Int) -> Column {
    var column = ColumnBuilder(type, capacity: count)
    for _ in 0..<count { column.appendNull() }
    return column.finish()
  }

  /// The values of these rows, in their order; a negative row gives null.
  package func gathered(_ rows: Span<Int32>) -> Column {
    let bits = gatheredValidity(rows)
    switch values {
    case .int64(let buffer): return Column(.int64(Buffer(gather(buffer.span, rows, 0))), validity: bits)
    case .timestamp(let buffer): return Column(.timestamp(Buffer(gather(buffer.span, rows, 0))), validity: bits)
    case .float64(let buffer): return Column(.float64(Buffer(gather(buffer.span, rows, 0))), validity: bits)
    case .date(let buffer): return Column(.date(Buffer(gather(buffer.span, rows, 0))), validity: bits)
    case .boolean(let flags):
      let source = flags.bytes.span
      let picked = bitmap(count: rows.count) { i in
        let row = Int(rows[i])
        return row >= 0 && source[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1
      }
      return Column(.boolean(picked), validity: bits)
    case .string(let offsets, let bytes):
      let text = gatherText(offsets.span, bytes.span, rows)
      return Column(.string(offsets: Buffer(text.offsets), bytes: Buffer(text.bytes)), validity: bits)
    }
  }

  private func gatheredValidity(_ rows: Span<Int32>) -> Bitmap? {
    guard let validity else {
      var hasNegative = false
      for i in rows.indices where rows[i] < 0 { hasNegative = true }
      return hasNegative ? bitmap(count: rows.count) { rows[$0] >= 0 } : nil
    }
    let source = validity.bytes.span
    return bitmap(count: rows.count) { i in
      let row = Int(rows[i])
      return row >= 0 && source[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1
    }
  }

  /// Stretches of columns of one type, one after the other.
  package static func concatenated(_ pieces: [(column: Column, rows: Range<Int>)], type: DataType) -> Column {
    concatenated(pieces.map(\.column), rows: pieces.map(\.rows), type: type)
  }

  /// - Parameter rows: those that are wanted of each column.
  package static func concatenated(_ columns: [Column], rows: [Range<Int>], type: DataType) -> Column {
    precondition(columns.count == rows.count)
    if columns.count == 1, rows[0] == 0..<columns[0].count { return columns[0] }
    let count = rows.reduce(0) { $0 + $1.count }
    var bits: BitmapBuilder?
    if columns.indices.contains(where: { !rows[$0].isEmpty && columns[$0].validity != nil }) {
      bits = BitmapBuilder()
      for (i, rows) in rows.enumerated() where !rows.isEmpty {
        if let validity = columns[i].validity {
          bits?.append(contentsOf: validity, rows)
        } else {
          bits?.append(repeating: true, count: rows.count)
        }
      }
    }
    let values: Values =
      switch type {
      case .int64: .int64(Buffer(joined(columns, rows, count) { if case .int64(let buffer) = $0.values { buffer } else { nil } }))
      case .timestamp:
        .timestamp(Buffer(joined(columns, rows, count) { if case .timestamp(let buffer) = $0.values { buffer } else { nil } }))
      case .float64: .float64(Buffer(joined(columns, rows, count) { if case .float64(let buffer) = $0.values { buffer } else { nil } }))
      case .date: .date(Buffer(joined(columns, rows, count) { if case .date(let buffer) = $0.values { buffer } else { nil } }))
      case .boolean: .boolean(joinedFlags(columns, rows))
      case .string: joinedText(columns, rows, count)
      }
    return Column(values, validity: bits?.finish())
  }
}

private func gather<Element: BitwiseCopyable>(_ values: Span<Element>, _ rows: Span<Int32>, _ zero: Element) -> ContiguousArray<Element> {
  // Safe because: all of it is initialized.
  unsafe ContiguousArray(unsafeUninitializedCapacity: rows.count) { target, count in
    for i in rows.indices {
      // Safe because: `i` is one of the span's indices, and the target has room for as many.
      let row = unsafe Int(rows[unchecked: i])
      unsafe target.initializeElement(at: i, to: row < 0 ? zero : values[row])
    }
    count = rows.count
  }
}

@inline(__always)
private func bitmap(count: Int, _ isSet: (Int) -> Bool) -> Bitmap {
  var bytes = ContiguousArray<UInt8>(repeating: 0, count: (count + 7) / 8)
  // Of eight at a time the compiler makes straight code.
  for place in 0..<count >> 3 {
    var byte: UInt8 = 0
    for bit in 0..<8 { byte |= (isSet(place << 3 + bit) ? 1 : 0) << UInt8(truncatingIfNeeded: bit) }
    bytes[place] = byte
  }
  for i in count & ~7..<count where isSet(i) { bytes[i >> 3] |= 1 << UInt8(truncatingIfNeeded: i & 7) }
  return Bitmap(bytes: Buffer(bytes), count: count)
}

private func gatherText(
  _ offsets: Span<Int32>, _ bytes: Span<UInt8>, _ rows: Span<Int32>
) -> (offsets: ContiguousArray<Int32>, bytes: ContiguousArray<UInt8>) {
  var ends = ContiguousArray<Int32>()
  ends.reserveCapacity(rows.count + 1)
  ends.append(0)
  var total = 0
  for i in rows.indices {
    let row = Int(rows[i])
    if row >= 0 { total += Int(offsets[row + 1] - offsets[row]) }
    ends.append(Int32(total))
  }
  // Eight bytes at a time, of which the last ones are written over by what follows.
  let text = unsafe ContiguousArray<UInt8>(unsafeUninitializedCapacity: total + 8) { target, count in
    unsafe bytes.withUnsafeBytes { bytes in
      let target = UnsafeMutableRawBufferPointer(target)
      var place = 0
      for i in rows.indices where rows[i] >= 0 {
        let (start, end) = (Int(offsets[Int(rows[i])]), Int(offsets[Int(rows[i]) + 1]))
        precondition(start >= 0 && end <= bytes.count)
        var k = start
        // Safe because: the lengths were summed up above, with room for eight bytes more; reading stays within `bytes`.
        while k < end, k + 8 <= bytes.count {
          unsafe target.storeBytes(
            of: bytes.loadUnaligned(fromByteOffset: k, as: UInt64.self), toByteOffset: place + k - start, as: UInt64.self)
          k += 8
        }
        while k < end {
          unsafe target[place + k - start] = bytes[k]
          k += 1
        }
        place += end - start
      }
      count = place
    }
  }
  return (ends, text)
}

private func joined<Element: BitwiseCopyable & Sendable>(
  _ columns: [Column], _ rows: [Range<Int>], _ count: Int, _ buffer: (Column) -> Buffer<Element>?
) -> ContiguousArray<Element> {
  var result = ContiguousArray<Element>()
  result.reserveCapacity(count)
  for (i, rows) in rows.enumerated() where !rows.isEmpty {
    guard let buffer = buffer(columns[i]) else { preconditionFailure("pieces are of one type") }
    // Safe because: the pointer does not leave the closure.
    unsafe buffer.span.extracting(rows).withUnsafeBufferPointer { unsafe result.append(contentsOf: $0) }
  }
  return result
}

private func joinedFlags(_ columns: [Column], _ rows: [Range<Int>]) -> Bitmap {
  var bits = BitmapBuilder()
  for (i, rows) in rows.enumerated() where !rows.isEmpty {
    guard case .boolean(let flags) = columns[i].values else { preconditionFailure("pieces are of one type") }
    bits.append(contentsOf: flags, rows)
  }
  return bits.finish()
}

private func joinedText(_ columns: [Column], _ rows: [Range<Int>], _ count: Int) -> Column.Values {
  var ends = ContiguousArray<Int32>()
  ends.reserveCapacity(count + 1)
  ends.append(0)
  var text = ContiguousArray<UInt8>()
  for (i, rows) in rows.enumerated() where !rows.isEmpty {
    guard case .string(let offsets, let bytes) = columns[i].values else { preconditionFailure("pieces are of one type") }
    let from = offsets.span
    let shift = Int32(text.count) - from[rows.lowerBound]
    for row in rows { ends.append(from[row + 1] + shift) }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.span.extracting(Int(from[rows.lowerBound])..<Int(from[rows.upperBound])).withUnsafeBufferPointer {
      unsafe text.append(contentsOf: $0)
    }
  }
  return .string(offsets: Buffer(ends), bytes: Buffer(text))
}

extension BitmapBuilder {
  /// Bits of another bitmap, eight at a time.
  package mutating func append(contentsOf bitmap: Bitmap, _ range: Range<Int>) {
    let source = bitmap.bytes.span
    var bit = range.lowerBound
    while bit < range.upperBound {
      let width = min(8, range.upperBound - bit)
      let (byte, shift) = (bit >> 3, UInt8(truncatingIfNeeded: bit & 7))
      var bits = source[byte] >> shift
      if shift > 0, byte + 1 < source.count { bits |= source[byte + 1] << (8 - shift) }
      append(bits: bits, width)
      bit += width
    }
  }

  package mutating func append(repeating value: Bool, count: Int) {
    var left = count
    while left > 0 {
      append(bits: value ? 0xFF : 0, min(8, left))
      left -= 8
    }
  }

  /// The lowest `width` bits, 1 to 8.
  @inline(__always)
  private mutating func append(bits: UInt8, _ width: Int) {
    let kept = width == 8 ? bits : bits & (1 << UInt8(truncatingIfNeeded: width) - 1)
    let shift = UInt8(truncatingIfNeeded: count & 7)
    if shift == 0 {
      bytes.append(kept)
    } else {
      bytes[bytes.count - 1] |= kept << shift
      if Int(shift) + width > 8 { bytes.append(kept >> (8 - shift)) }
    }
    count += width
  }
}

extension Column {
  /// The same values as another type: whole numbers as float64, nothing but nulls as anything.
  ///
  /// - Precondition: one of these, or it is of that type already. Whole numbers must be exact as float64.
  package func converted(to type: DataType) -> Column {
    if type == self.type { return self }
    if case .int64(let buffer) = values, type == .float64 {
      let span = buffer.span
      var reals = ContiguousArray<Double>()
      reals.reserveCapacity(count)
      for i in span.indices { reals.append(Double(span[i])) }
      return Column(.float64(Buffer(reals)), validity: validity)
    }
    precondition(nullCount == count, "\(self.type) is no \(type)")
    var nulls = ColumnBuilder(type, capacity: count)
    for _ in 0..<count { nulls.appendNull() }
    return nulls.finish()
  }

  /// Bytes in memory, about.
  package var byteCount: Int { byteCount(0..<count) }

  /// Those of some rows.
  package func byteCount(_ rows: Range<Int>) -> Int {
    let flags = (rows.count + 7) / 8
    let bits = validity == nil ? 0 : flags
    return switch values {
    case .int64, .timestamp, .float64: bits + 8 * rows.count
    case .date: bits + 4 * rows.count
    case .boolean: bits + flags
    case .string(let offsets, _): bits + 4 * (rows.count + 1) + Int(offsets.span[rows.upperBound] - offsets.span[rows.lowerBound])
    }
  }
}
