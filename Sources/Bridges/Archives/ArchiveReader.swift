internal import CLibArchive
internal import Crypto
internal import Digests
internal import Files

/// What an archive's reader allows: a hostile archive may claim anything.
package struct ArchiveLimits: Sendable {
  package var members = 10_000
  /// Of all members together, unpacked.
  package var bytes = 1 << 40
  /// Of a member that is read into memory.
  package var textBytes = 256 << 20

  package init() {}
}

/// One member as it was read.
package struct ReadMember: Sendable {
  package let name: String
  package let byteCount: Int
  package let sha256: String
  /// Only of members that were asked for.
  package let bytes: ContiguousArray<UInt8>?
}

/// Reads an archive once, front to back, hashing each member; nothing is written to a disk.
///
/// - Parameter isKept: which members' bytes are wanted.
/// - Throws: `.library` for what libarchive cannot read, `.unsafe` for names that leave the archive's root or stand twice, and for more
///   than the limits allow.
package func readArchive(
  _ path: String, limits: ArchiveLimits = ArchiveLimits(), keeping isKept: (String) -> Bool
) throws(ArchiveError) -> [ReadMember] {
  let source = try ArchiveSource(path)
  var members: [ReadMember] = []
  var total = 0
  while let name = try source.nextName() {
    guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
      throw .unsafe(path: path, what: "a member called \"\(name)\", and all members stand at the root")
    }
    guard !members.contains(where: { $0.name == name }) else { throw .unsafe(path: path, what: "two members called \"\(name)\"") }
    guard members.count < limits.members else { throw .unsafe(path: path, what: "more than \(limits.members) members") }
    let keeps = isKept(name)
    var hash = SHA256()
    var kept: ContiguousArray<UInt8> = []
    var count = 0
    while let block = try source.nextBlock() {
      count += block.count
      total += block.count
      guard total <= limits.bytes, !keeps || count <= limits.textBytes else {
        throw .unsafe(path: path, what: "more bytes than are allowed in member \"\(name)\"")
      }
      // Safe because: the pointer does not leave the closure.
      unsafe block.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
      if keeps { kept += block }
    }
    members.append(ReadMember(name: name, byteCount: count, sha256: hexadecimalText(hash.finalize()), bytes: keeps ? kept : nil))
  }
  return members
}

/// libarchive's handle for reading.
@safe
private final class ArchiveSource {
  // Safe because: the handle is made in init, used by one thread, freed in deinit.
  private let handle: OpaquePointer
  private let path: String

  init(_ path: String) throws(ArchiveError) {
    self.path = path
    guard let handle = unsafe archive_read_new() else { throw .library(path: path, message: "out of memory") }
    unsafe self.handle = handle
    unsafe try check(archive_read_support_format_zip_seekable(handle))
    unsafe try check(archive_read_support_format_tar(handle))
    unsafe try check(archive_read_support_filter_gzip(handle))
    unsafe try check(archive_read_support_filter_zstd(handle))
    do throws(FileError) { _ = try Descriptor.reading(path) } catch { throw .file(error) }
    unsafe try check(archive_read_open_filename(handle, path, 1 << 16))
  }

  deinit { unsafe _ = archive_read_free(handle) }

  func nextName() throws(ArchiveError) -> String? {
    var entry: OpaquePointer?
    let result = unsafe archive_read_next_header(handle, &entry)
    if result == ARCHIVE_EOF { return nil }
    try check(result)
    guard let name = unsafe archive_entry_pathname_utf8(entry) else { throw .library(path: path, message: "a member has no readable name") }
    return unsafe String(cString: name)
  }

  func nextBlock() throws(ArchiveError) -> ContiguousArray<UInt8>? {
    var block = ContiguousArray<UInt8>(repeating: 0, count: 1 << 18)
    // Safe because: libarchive writes at most as many bytes as the array has, during the call.
    let count = unsafe block.withUnsafeMutableBytes { unsafe archive_read_data(handle, $0.baseAddress, $0.count) }
    if count < 0 { try check(Int32(truncatingIfNeeded: count)) }
    if count <= 0 { return nil }
    block.removeLast(block.count - count)
    return block
  }

  /// A warning is damage too: nothing of ours causes one.
  private func check(_ result: Int32) throws(ArchiveError) {
    if result == ARCHIVE_OK { return }
    let message = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "error \(result)"
    throw .library(path: path, message: message)
  }
}
