import CLibArchive
import Files

/// A file from outside, opened for what is in it: its own bytes, unpacked if they are packed, or those of an archive's members.
///
/// Read once, front to back. gzip, zstd, zip and tar are known by their bytes, whatever the file is called. Nothing is written to a disk.
@safe
package final class PackedFile {
  /// What a file has bytes of.
  package enum Content: Sendable, Hashable {
    /// The file itself.
    case whole
    case member(String)
  }

  // Safe because: the handle is made in init, used by one thread, freed in deinit.
  private let handle: OpaquePointer
  private let path: String
  private let limits: ArchiveLimits
  private var names: Set<String> = []
  private var byteCount = 0
  /// Whether it has members. Known once ``next(where:)`` was called.
  package private(set) var isArchive = false

  package init(_ path: String, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
    self.path = path
    self.limits = limits
    guard let handle = unsafe archive_read_new() else { throw .library(path: path, message: "out of memory") }
    unsafe self.handle = handle
    unsafe try check(archive_read_support_format_tar(handle))
    unsafe try check(archive_read_support_format_raw(handle))
    unsafe try check(archive_read_support_format_empty(handle))
    unsafe try check(archive_read_support_filter_gzip(handle))
    unsafe try check(archive_read_support_filter_zstd(handle))
    // Only of what begins like one: a table may end with what would else be an archive's directory.
    if try Self.isZip(path) { unsafe try check(archive_read_support_format_zip_seekable(handle)) }
    unsafe try check(archive_read_open_filename(handle, path, 1 << 18))
  }

  deinit { unsafe _ = archive_read_free(handle) }

  private static func isZip(_ path: String) throws(ArchiveError) -> Bool {
    try ArchiveError.catching { () throws(FileError) in
      var start = ContiguousArray<UInt8>(repeating: 0, count: 4)
      // What is no regular file (a pipe) can be read only once.
      guard try isRegularFile(path), try Descriptor.reading(path).read(into: &start) == 4 else { return false }
      return start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6]
    }
  }

  /// Goes on to the next bytes that are wanted; members that are not are passed over, as are folders and hidden files.
  ///
  /// - Returns: nil if there are none.
  /// - Throws: `.unsafe` for names that leave the archive's root or stand twice, for links among what is wanted, and for more than the
  ///   limits allow.
  package func next(where isWanted: (_ member: String) -> Bool) throws(ArchiveError) -> Content? {
    while true {
      var entry: OpaquePointer?
      let result = unsafe archive_read_next_header(handle, &entry)
      if result == ARCHIVE_EOF { return nil }
      // Other programs' archives may say of a member what is not understood here, and is of no concern: whose it was, say.
      if result != ARCHIVE_WARN { try check(result) }
      if unsafe archive_format(handle) == ARCHIVE_FORMAT_RAW { return .whole }
      isArchive = true
      guard let pointer = unsafe archive_entry_pathname_utf8(entry) else {
        throw .library(path: path, message: "a member has no readable name")
      }
      let name = unsafe String(cString: pointer)
      try checkName(name)
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." }
      if name.hasSuffix("/") || isHidden || !isWanted(name) { continue }
      let isFile = unsafe archive_entry_filetype(entry) == regularFile && archive_entry_hardlink(entry) == nil
      guard isFile else { throw .unsafe(path: path, what: "a member \"\(name)\" that is no file") }
      return .member(name)
    }
  }

  private func checkName(_ name: String) throws(ArchiveError) {
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw .unsafe(path: path, what: "a member called \"\(name)\", which leaves its root")
    }
    guard names.insert(name).inserted || name.hasSuffix("/") else { throw .unsafe(path: path, what: "two members called \"\(name)\"") }
    guard names.count <= limits.members else { throw .unsafe(path: path, what: "more than \(limits.members) members") }
  }

  /// Reads bytes of what ``next(where:)`` went to, to `place` in an array and behind it.
  ///
  /// - Returns: how many, at most as many as there is room for; 0 at the end.
  package func read(into bytes: inout ContiguousArray<UInt8>, at place: Int) throws(ArchiveError) -> Int {
    precondition(place <= bytes.count)
    // Safe because: libarchive writes only behind `place` and only into the array, during the call.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe archive_read_data(handle, $0.baseAddress.map { unsafe $0 + place }, $0.count - place)
    }
    if count < 0 {
      try check(Int32(truncatingIfNeeded: count))
      throw .library(path: path, message: "error \(count)")
    }
    byteCount += count
    guard byteCount <= limits.bytes else { throw .unsafe(path: path, what: "more bytes than are allowed") }
    return count
  }

  private func check(_ result: Int32) throws(ArchiveError) {
    if result == ARCHIVE_OK { return }
    let message = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "error \(result)"
    throw .library(path: path, message: message)
  }
}

/// `AE_IFREG`: a macro with a cast, which Swift does not import.
let regularFile: UInt32 = 0o100000
