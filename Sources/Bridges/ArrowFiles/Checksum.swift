import Columns

/// A fast 64-bit checksum against bits that flip on a disk or on the way from it: one changed word always shows.
///
/// Four lanes of multiply and add, about as fast as memory. It is no cryptographic hash: files are named by SHA-256.
struct Checksum {
  private var lanes: InlineArray<4, UInt64> = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89]
  private var byteCount = 0

  private static let factor: UInt64 = 0x9E37_79B1_85EB_CA87

  mutating func add(_ bytes: ContiguousArray<UInt8>) { unsafe add(bytes.span.bytes) }

  mutating func add(_ bytes: RawSpan) {
    feed(bytes)
    end(bytes.byteCount)
  }

  /// Takes a stretch of bytes that are added together; each but the last is a multiple of 32 long.
  mutating func feed(_ bytes: RawSpan) {
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    // Safe because: every load ends at or before the span's end; the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { bytes in
      let count = bytes.count
      var place = 0
      while place + 32 <= count {
        a = unsafe Self.mixed(a, bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        b = unsafe Self.mixed(b, bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
        c = unsafe Self.mixed(c, bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
        d = unsafe Self.mixed(d, bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self))
        place += 32
      }
      while place < count {
        var word: UInt64 = 0
        for shift in 0..<min(8, count - place) { unsafe word |= UInt64(bytes[place + shift]) << UInt64(8 * shift) }
        a = Self.mixed(a, word)
        place += 8
      }
    }
    lanes = [a, b, c, d]
  }

  /// Ends what was fed.
  mutating func end(_ count: Int) {
    lanes[0] = Self.mixed(lanes[0], UInt64(count))
    byteCount += count
  }

  /// Invertible in both arguments, so that no change of one word is lost.
  @inline(__always)
  private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let sum = (state ^ word) &* factor
    return sum << 29 | sum >> 35
  }

  var value: UInt64 {
    var result = UInt64(byteCount)
    for lane in lanes.indices {
      result = Self.mixed(result, lanes[lane])
      result ^= result >> 32
    }
    return result
  }
}

extension Column {
  /// Of the values as they are written: of equal columns equal, whatever memory they lie in.
  ///
  /// - Precondition: it was written or is about to be: slots of nulls are zero.
  var checksum: UInt64 { checksum {} }

  /// - Parameter read: called now and then: what was looked at is not needed in memory any more.
  func checksum(read: () -> Void) -> UInt64 {
    let stretch = 8 << 20
    var sum = Checksum()
    forEachBuffer { (bytes: RawSpan) in
      for start in stride(from: 0, to: bytes.byteCount, by: stretch) {
        sum.feed(bytes.extracting(start..<min(bytes.byteCount, start + stretch)))
        read()
      }
      sum.end(bytes.byteCount)
    }
    return sum.value
  }
}
