internal import CLibArchive

/// What an archive says of one of its members.
package struct ReadMember: Equatable {
  package var name: String
  package var bytes: [UInt8]
  package var mode: UInt32
  package var time: Int
  package var user: Int64
}

package struct UnreadableArchive: Error { package let code: Int32 }

/// Reads a whole archive with libarchive.
package func readArchive(_ path: String) throws -> [ReadMember] {
  let handle = unsafe archive_read_new()
  defer { unsafe _ = archive_read_free(handle) }
  unsafe archive_read_support_format_all(handle)
  unsafe archive_read_support_filter_all(handle)
  let opened = unsafe archive_read_open_filename(handle, path, 1 << 16)
  guard opened == ARCHIVE_OK else { throw UnreadableArchive(code: opened) }
  var members: [ReadMember] = []
  var entry: OpaquePointer?
  while true {
    let result = unsafe archive_read_next_header(handle, &entry)
    if result == ARCHIVE_EOF { return members }
    guard result == ARCHIVE_OK else { throw UnreadableArchive(code: result) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe archive_read_data(handle, &block, block.count)
      guard count >= 0 else { throw UnreadableArchive(code: Int32(count)) }
      if count == 0 { break }
      bytes += block[..<count]
    }
    let name = unsafe String(cString: archive_entry_pathname(entry))
    let mode = unsafe archive_entry_perm(entry)
    let time = unsafe archive_entry_mtime(entry)
    members.append(ReadMember(name: name, bytes: bytes, mode: UInt32(mode), time: time, user: unsafe archive_entry_uid(entry)))
  }
}
