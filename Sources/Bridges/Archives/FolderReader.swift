internal import Crypto
internal import Digests
internal import Files

/// Reads and hashes one member that is a file of a folder.
///
/// - Parameter isKept: whether its bytes are wanted.
/// - Returns: nil if there is no such file.
/// - Throws: `.unsafe` for a name that leaves the folder, for what is no plain file, and for more than the limits allow.
package func readMember(
  _ name: String, ofFolder folder: String, keeping isKept: Bool, limits: ArchiveLimits = ArchiveLimits()
) throws(ArchiveError) -> ReadMember? {
  guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
    throw .unsafe(path: folder, what: "a member called \"\(name)\", and all members stand at the root")
  }
  let path = "\(folder)/\(name)"
  guard let kind = fileKind(path) else { return nil }
  guard kind == .file else { throw .unsafe(path: folder, what: "a member \"\(name)\" that is no plain file") }
  var hash = SHA256()
  var kept: ContiguousArray<UInt8> = []
  var count = 0
  do throws(FileError) {
    let file = try Descriptor.reading(path)
    var block = ContiguousArray<UInt8>(repeating: 0, count: 1 << 18)
    while case let read = try file.read(into: &block), read > 0 {
      count += read
      if count > limits.bytes || (isKept && count > limits.textBytes) { break }
      // Safe because: the pointer does not leave the closure.
      unsafe block.withUnsafeBytes { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<read])) }
      if isKept { kept += block[..<read] }
    }
  } catch {
    throw .file(error)
  }
  guard count <= limits.bytes, !isKept || count <= limits.textBytes else {
    throw .unsafe(path: folder, what: "more bytes than are allowed in member \"\(name)\"")
  }
  return ReadMember(name: name, byteCount: count, sha256: hexadecimalText(hash.finalize()), bytes: isKept ? kept : nil)
}
