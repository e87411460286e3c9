// Digests: what names bytes by their content.
//
// In:  bytes.
// Out: their digests as text.
// Knows nothing of files or of what the bytes mean.

/// Two lower-case hexadecimal digits a byte, as digests are written everywhere.
package func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 0xF))
  }
  return String(decoding: text, as: UTF8.self)
}

private func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
