internal import Crypto
internal import Digests

/// The SHA-256 of a file's bytes, in 64 lower-case hexadecimal digits.
package func sha256(ofFile path: String) throws(FileError) -> String {
  let file = try Descriptor.reading(path)
  var hash = SHA256()
  var block = ContiguousArray<UInt8>(repeating: 0, count: 1 << 20)
  while case let count = try file.read(into: &block), count > 0 {
    // Safe because: the pointer does not leave the closure.
    unsafe block.withUnsafeBytes { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
  return hexadecimalText(hash.finalize())
}
