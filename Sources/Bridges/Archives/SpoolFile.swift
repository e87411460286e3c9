import Crypto
import Files

/// Takes a member's bytes as they come, counts them and hashes them: tar needs the size, and the manifest the hash, before packing starts.
///
/// The file is removed unless it is finished; after that it is its owner's to remove. Nothing is synced: a spool file survives no crash.
package final class SpoolFile {
  package let path: String
  private let descriptor: Descriptor
  private var hash = SHA256()
  private var pending: ContiguousArray<UInt8> = []
  private var isFinished = false
  package private(set) var byteCount = 0

  private static let pendingLimit = 1 << 16

  package init(path: String) throws(ArchiveError) {
    self.path = path
    descriptor = try ArchiveError.catching { () throws(FileError) in try Descriptor.writing(path) }
  }

  deinit {
    if !isFinished { removeFile(path) }
  }

  /// Best called with some 100 kB at a time.
  package func write(_ bytes: borrowing ContiguousArray<UInt8>) throws(ArchiveError) {
    unsafe try write(bytes.span.bytes)
  }

  package func write(_ bytes: RawSpan) throws(ArchiveError) {
    byteCount += bytes.byteCount
    if pending.count + bytes.byteCount > Self.pendingLimit { try flush() }
    if bytes.byteCount > Self.pendingLimit { return try writeNow(bytes) }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
  }

  /// Ends the file.
  package func finish(as name: String) throws(ArchiveError) -> ArchiveMember {
    precondition(!isFinished)
    try flush()
    isFinished = true
    return ArchiveMember(name: name, content: .spooled(path: path), byteCount: byteCount, sha256: hash.finalize().hex)
  }

  private func flush() throws(ArchiveError) {
    var taken: ContiguousArray<UInt8> = []
    swap(&taken, &pending)
    unsafe try writeNow(taken.span.bytes)
    taken.removeAll(keepingCapacity: true)
    swap(&taken, &pending)
  }

  private func writeNow(_ bytes: RawSpan) throws(ArchiveError) {
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    do throws(FileError) { try descriptor.write(bytes) } catch { throw .file(error) }
  }
}

extension SHA256Digest {
  var hex: String {
    var text = ""
    for byte in self { text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16) }
    return text
  }
}
