import Crypto
import Digests
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
  private var written = 0
  /// The bytes before it are on their way to the disk.
  private var syncStarted = 0
  private let isKept: Bool

  private static let pendingLimit = 1 << 16
  private static let syncStep = 1 << 23

  /// - Parameter isKept: it will become a file of a folder: the system may begin to bring it to the disk.
  package init(path: String, isKept: Bool = false) throws(ArchiveError) {
    self.path = path
    self.isKept = isKept
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
    return ArchiveMember(name: name, content: .spooled(path: path), byteCount: byteCount, sha256: hexadecimalText(hash.finalize()))
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
    written += bytes.byteCount
    guard isKept, written - syncStarted >= Self.syncStep else { return }
    descriptor.startSync(of: syncStarted..<written)
    syncStarted = written
  }
}

extension ArchiveMember {
  /// Reads its spool file from front to back.
  func readSpool(
    _ path: String, isCancelled: () -> Bool, _ body: (RawSpan) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    let file = try ArchiveError.catching { () throws(FileError) in try Descriptor.reading(path) }
    // Stays in the second-level cache on its way from the system to the codec.
    var block = ContiguousArray<UInt8>(repeating: 0, count: 1 << 18)
    var done = 0
    while true {
      if isCancelled() { throw .cancelled }
      let count = try ArchiveError.catching { () throws(FileError) in try file.read(into: &block) }
      done += count
      if count == 0 || done > byteCount { break }
      unsafe try body(block.span.bytes.extracting(first: count))
    }
    guard done == byteCount else { throw .changedMember(name: name, path: path, expected: byteCount, found: done) }
  }
}
