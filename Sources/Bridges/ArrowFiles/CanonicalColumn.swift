import Columns

extension Column {
  /// The same values in the one layout that they are written in: slots of nulls and unused bits are zero, text begins at 0.
  ///
  /// Shares the buffers where they already are so.
  var canonical: Column {
    let bits = validity?.canonical
    switch values {
    case .int64(let buffer): return Column(.int64(buffer.zeroed(where: bits)), validity: bits)
    case .timestamp(let buffer): return Column(.timestamp(buffer.zeroed(where: bits)), validity: bits)
    case .float64(let buffer): return Column(.float64(buffer.zeroed(where: bits)), validity: bits)
    case .date(let buffer): return Column(.date(buffer.zeroed(where: bits)), validity: bits)
    case .boolean(let values): return Column(.boolean(values.canonical(and: bits)), validity: bits)
    case .string(let offsets, let bytes):
      if offsets.span[0] == 0, bits.map({ areEmpty(offsets, whereNot: $0) }) ?? true { return Column(values, validity: bits) }
      let text = canonicalText(offsets, bytes, bits)
      return Column(.string(offsets: text.offsets, bytes: text.bytes), validity: bits)
    }
  }

  /// Hands out the buffers in the order of the format: validity (empty if nothing is null), offsets, values.
  func forEachBuffer<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    if let validity { try body(validity.usedBytes) } else { try body(RawSpan()) }
    switch values {
    case .int64(let buffer), .timestamp(let buffer): unsafe try body(buffer.span.bytes)
    case .float64(let buffer): unsafe try body(buffer.span.bytes)
    case .date(let buffer): unsafe try body(buffer.span.bytes)
    case .boolean(let bits): try body(bits.usedBytes)
    case .string(let offsets, let bytes):
      unsafe try body(offsets.span.bytes)
      unsafe try body(bytes.span.bytes.extracting(first: Int(offsets.span[count])))
    }
  }
}

extension Bitmap {
  fileprivate var canonical: Bitmap { canonical(and: nil) }

  /// Zero beyond the end, and where `mask` is zero.
  fileprivate func canonical(and mask: Bitmap?) -> Bitmap {
    let source = bytes.span
    let used = (count + 7) / 8
    var result = ContiguousArray<UInt8>()
    result.reserveCapacity(used)
    for i in 0..<used { result.append(source[i]) }
    if let mask {
      let maskBytes = mask.bytes.span
      for i in 0..<used { result[i] &= maskBytes[i] }
    }
    if count & 7 != 0 { result[used - 1] &= 1 << UInt8(count & 7) - 1 }
    return Bitmap(bytes: Buffer(result), count: count)
  }

  fileprivate var usedBytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe bytes.span.bytes.extracting(first: (count + 7) / 8) }
  }
}

extension Buffer where Element: ExpressibleByIntegerLiteral {
  /// Zero where a bit is not set.
  fileprivate func zeroed(where bits: Bitmap?) -> Buffer {
    guard let bits else { return self }
    let (source, mask) = (span, bits.bytes.span)
    // Safe because: all of it is initialized.
    let result = unsafe ContiguousArray<Element>(unsafeUninitializedCapacity: count) { target, count in
      for i in source.indices {
        let isValue = mask[i >> 3] >> UInt8(truncatingIfNeeded: i & 7) & 1 == 1
        unsafe target.initializeElement(at: i, to: isValue ? source[i] : 0)
      }
      count = source.count
    }
    return Buffer(result)
  }
}

/// Whether no text stands where a bit is not set.
private func areEmpty(_ offsets: Buffer<Int32>, whereNot bits: Bitmap) -> Bool {
  let (ends, mask) = (offsets.span, bits.bytes.span)
  for row in 0..<ends.count - 1 where ends[row] != ends[row + 1] && mask[row >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 0 {
    return false
  }
  return true
}

private func canonicalText(
  _ offsets: Buffer<Int32>, _ bytes: Buffer<UInt8>, _ validity: Bitmap?
) -> (offsets: Buffer<Int32>, bytes: Buffer<UInt8>) {
  let (from, source) = (offsets.span, bytes.span)
  var newOffsets: ContiguousArray<Int32> = [0]
  newOffsets.reserveCapacity(from.count)
  var text = ContiguousArray<UInt8>()
  text.reserveCapacity(Int(from[from.count - 1] - from[0]))
  for row in 0..<from.count - 1 {
    if validity?[row] ?? true {
      let value = source.extracting(Int(from[row])..<Int(from[row + 1]))
      // Safe because: the pointer does not leave the closure. A copy at a time, not a byte: 10 times faster.
      unsafe value.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    }
    newOffsets.append(Int32(text.count))
  }
  return (Buffer(newOffsets), Buffer(text))
}
