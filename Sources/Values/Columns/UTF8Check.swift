/// Whether bytes are well-formed UTF-8 (Unicode 16, table 3-7): no overlong forms, no surrogates, nothing beyond U+10FFFF.
package func isUTF8(_ text: Span<UInt8>) -> Bool {
  var i = asciiPrefix(text)
  while i < text.count {
    let lead = text[i]
    if lead < 0x80 {
      i += 1
      continue
    }
    let (more, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (more, second) = (1, 0x80...0xBF)
    case 0xE0: (more, second) = (2, 0xA0...0xBF)
    case 0xED: (more, second) = (2, 0x80...0x9F)
    case 0xE1...0xEF: (more, second) = (2, 0x80...0xBF)
    case 0xF0: (more, second) = (3, 0x90...0xBF)
    case 0xF1...0xF3: (more, second) = (3, 0x80...0xBF)
    case 0xF4: (more, second) = (3, 0x80...0x8F)
    default: return false
    }
    guard i + more < text.count, second.contains(text[i + 1]) else { return false }
    for j in 1..<more where text[i + 1 + j] & 0xC0 != 0x80 { return false }
    i += more + 1
  }
  return true
}

/// How many bytes at the beginning are surely ASCII, eight at a time.
private func asciiPrefix(_ text: Span<UInt8>) -> Int {
  var i = 0
  while i &+ 8 <= text.count {
    // Safe because: eight bytes from `i` on are there.
    let eight = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self)
    if eight & 0x8080_8080_8080_8080 != 0 { break }
    i &+= 8
  }
  return i
}

/// Whether all bytes are ASCII.
package func isASCII(_ text: Span<UInt8>) -> Bool {
  for i in asciiPrefix(text)..<text.count where text[i] >= 0x80 { return false }
  return true
}
