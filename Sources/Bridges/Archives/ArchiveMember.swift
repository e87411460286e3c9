import Crypto
import Digests

/// One file of an archive, complete before it is packed.
package struct ArchiveMember: Sendable {
  package enum Content: Sendable {
    case bytes(ContiguousArray<UInt8>)
    /// A file of exactly the member's size.
    case spooled(path: String)
  }

  /// ASCII, without `/`: all members are at the archive's root.
  package let name: String
  package let content: Content
  package let byteCount: Int
  /// Of the content, in lower-case hexadecimal digits.
  package let sha256: String

  init(name: String, content: Content, byteCount: Int, sha256: String) {
    precondition(!name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
    self.name = name
    self.content = content
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  package init(name: String, bytes: ContiguousArray<UInt8>) {
    var hash = SHA256()
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    self.init(name: name, content: .bytes(bytes), byteCount: bytes.count, sha256: hexadecimalText(hash.finalize()))
  }

  package init(name: String, text: String) { self.init(name: name, bytes: ContiguousArray(text.utf8)) }
}
