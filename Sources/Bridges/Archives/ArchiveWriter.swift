import CLibArchive
import Crypto
import Digests
import Files

/// The form of an archive, named by its file extension.
package enum ArchiveFormat: String, Sendable, CaseIterable, Hashable {
  case zip
  case tarZstandard = "tar.zst"
  case tarGzip = "tar.gz"

  /// What its codec takes: deflate to 9, zstd to 19 (what comes after needs more memory than readers grant).
  package var levels: ClosedRange<Int> { self == .tarZstandard ? 1...19 : 1...9 }
}

/// An archive that is at its path.
package struct WrittenArchive: Sendable, Hashable {
  package let path: String
  package let byteCount: Int
  /// In lower-case hexadecimal digits.
  package let sha256: String
}

/// Packs members in their order. Equal members give equal bytes, in any folder, time zone and year, with equal versions of libarchive and
/// its codecs: no times, no users, mode 0644.
///
/// It is written aside, synced, and put at its path when it and its companions are whole; whatever goes wrong until then, nothing is
/// left behind.
///
/// - Parameters:
///   - level: the codec's; 1 is the default of all three, since on rows in spine order zstd 1 is faster and smaller than 3,
///     and deflate 1 six times faster than 6.
///   - threads: for zstd only; any number gives the same bytes. (0, which libarchive would take, gives others.)
///   - path: its folder must exist; a file that is there is replaced.
///   - isCancelled: asked now and then; if so, `.cancelled` is thrown.
///   - companions: what is to stand beside the archive once it is there.
@discardableResult
package func writeArchive(
  _ members: [ArchiveMember], format: ArchiveFormat, level: Int = 1, threads: Int = 2, to path: String,
  isCancelled: () -> Bool = { false }, with companions: (WrittenArchive) -> [CompanionFile] = { _ in [] }
) throws(ArchiveError) -> WrittenArchive {
  precondition(threads >= 1 && format.levels.contains(level) && Set(members.map(\.name)).count == members.count)
  let target = try ArchiveTarget(path)
  let writer = try ArchiveWriter(target, format, level: level, threads: threads)
  for member in members { try writer.add(member, isCancelled: isCancelled) }
  try writer.close()
  let written = try target.finish()
  if isCancelled() { throw .cancelled }
  try ArchiveError.catching { () throws(FileError) in
    try commit(with: companions(written)) { () throws(FileError) in try target.commit() }
  }
  return written
}

/// The file that libarchive writes to, and what became of it: a C callback cannot throw.
private final class ArchiveTarget {
  private let file: AsideFile
  private var hash = SHA256()
  private var failure: ArchiveError?

  init(_ path: String) throws(ArchiveError) {
    file = try ArchiveError.catching { () throws(FileError) in try AsideFile(path) }
  }

  /// - Returns: whether all was taken.
  func write(_ bytes: RawSpan) -> Bool {
    if failure != nil { return false }
    do throws(FileError) {
      try file.write(bytes)
    } catch {
      failure = .file(error)
      return false
    }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    return true
  }

  func error(_ message: String) -> ArchiveError { failure ?? .library(path: file.path, message: message) }

  /// Whole, but not yet at its path.
  func finish() throws(ArchiveError) -> WrittenArchive {
    try ArchiveError.catching { () throws(FileError) in try file.seal() }
    return WrittenArchive(path: file.path, byteCount: file.position, sha256: hexadecimalText(hash.finalize()))
  }

  func commit() throws(FileError) { try file.commit() }
}

/// libarchive's handle for writing.
@safe
private final class ArchiveWriter {
  // Safe because: the handle is made in init, used by one thread, freed in deinit; it calls back only until then, and `target`
  // lives as long.
  private let handle: OpaquePointer
  private let target: ArchiveTarget

  init(_ target: ArchiveTarget, _ format: ArchiveFormat, level: Int, threads: Int) throws(ArchiveError) {
    guard let handle = unsafe archive_write_new() else { throw target.error("out of memory") }
    unsafe self.handle = handle
    self.target = target
    try configure(format, level: level, threads: threads)
    // The last block as long as it is: no padding.
    unsafe try check(archive_write_set_bytes_per_block(handle, 1 << 16))
    unsafe try check(archive_write_set_bytes_in_last_block(handle, 1))
    let context = unsafe Unmanaged.passUnretained(target).toOpaque()
    unsafe try check(archive_write_open(handle, context, nil, { unsafe writeBlock($1, $2, $3) }, nil))
  }

  deinit { unsafe _ = archive_write_free(handle) }

  private func configure(_ format: ArchiveFormat, level: Int, threads: Int) throws(ArchiveError) {
    switch format {
    case .zip:
      unsafe try check(archive_write_set_format_zip(handle))
      unsafe try check(archive_write_set_options(handle, "zip:compression=deflate,zip:compression-level=\(level)"))
    case .tarZstandard:
      unsafe try check(archive_write_set_format_pax_restricted(handle))
      unsafe try check(archive_write_add_filter_zstd(handle))
      unsafe try check(archive_write_set_options(handle, "zstd:compression-level=\(level),zstd:threads=\(threads)"))
    case .tarGzip:
      unsafe try check(archive_write_set_format_pax_restricted(handle))
      unsafe try check(archive_write_add_filter_gzip(handle))
      unsafe try check(archive_write_set_options(handle, "gzip:compression-level=\(level),gzip:!timestamp"))
    }
  }

  func add(_ member: ArchiveMember, isCancelled: () -> Bool) throws(ArchiveError) {
    if isCancelled() { throw .cancelled }
    try writeHeader(member)
    switch member.content {
    case .bytes(let bytes): unsafe try write(bytes.span.bytes)
    case .spooled(let path): try member.readSpool(path, isCancelled: isCancelled) { block throws(ArchiveError) in try write(block) }
    }
    unsafe try check(archive_write_finish_entry(handle))
  }

  func close() throws(ArchiveError) { unsafe try check(archive_write_close(handle)) }

  private func writeHeader(_ member: ArchiveMember) throws(ArchiveError) {
    guard let entry = unsafe archive_entry_new() else { throw target.error("out of memory") }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname(entry, member.name)
    unsafe archive_entry_set_filetype(entry, regularFile)
    unsafe archive_entry_set_perm(entry, 0o644)
    unsafe archive_entry_set_uid(entry, 0)
    unsafe archive_entry_set_gid(entry, 0)
    // Always: of a tar entry without, the data is dropped and nothing said.
    unsafe archive_entry_set_size(entry, Int64(member.byteCount))
    unsafe try check(archive_write_header(handle, entry))
  }

  private func write(_ bytes: RawSpan) throws(ArchiveError) {
    var left = bytes
    while !left.isEmpty {
      // Safe because: libarchive reads only the bytes given, during the call.
      let written = unsafe left.withUnsafeBytes { unsafe archive_write_data(handle, $0.baseAddress, $0.count) }
      guard written >= 0 else { throw libraryError() }
      guard written > 0 else { throw target.error("libarchive took none of \(left.byteCount) bytes") }
      left = left.extracting(droppingFirst: written)
    }
  }

  /// Warnings are failures too: whatever libarchive leaves out is missing in the archive.
  private func check(_ result: Int32) throws(ArchiveError) {
    guard result == ARCHIVE_OK else { throw libraryError() }
  }

  private func libraryError() -> ArchiveError {
    let text = unsafe archive_error_string(handle)
    return target.error(unsafe text.map { unsafe String(cString: $0) } ?? "libarchive gives no reason")
  }
}

/// libarchive's write callback.
///
/// - Returns: bytes written, all of them; -1 on failure, whose reason the target keeps.
@unsafe
private func writeBlock(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  guard let context = unsafe context, let bytes = unsafe bytes else { return -1 }
  // Safe because: the context is the target that the writer holds, the bytes are libarchive's during this call.
  let target = unsafe Unmanaged<ArchiveTarget>.fromOpaque(context).takeUnretainedValue()
  let span = unsafe RawSpan(_unsafeStart: bytes, byteCount: count)
  return target.write(span) ? count : -1
}
