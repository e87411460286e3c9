import Files

/// Members as files of a folder.
package struct WrittenFolder: Sendable, Hashable {
  package let path: String
  /// Of all members.
  package let byteCount: Int
}

/// Writes members as the files of a folder: what an archive of them would be if it were extracted.
///
/// It is filled aside, synced, and put at its path when it and its companions are whole; whatever goes wrong until then, nothing is
/// left behind. Spooled members are moved into it: no byte is written twice, unless they are on another file system.
///
/// - Parameters:
///   - path: the folder above it must exist.
///   - files: what a folder at some path should hold if it is one of ours, which alone is replaced: see ``AsideFolder``.
///   - companions: what is to stand beside the folder once it is there.
package func writeFolder(
  _ members: [ArchiveMember], to path: String, replacing files: @escaping (String) -> [String]?, with companions: [CompanionFile] = [],
  isCancelled: () -> Bool = { false }
) throws(ArchiveError) -> WrittenFolder {
  precondition(Set(members.map(\.name)).count == members.count)
  let folder = try ArchiveError.catching { () throws(FileError) in try AsideFolder(path, files: files) }
  for member in members {
    if isCancelled() { throw .cancelled }
    try member.write(to: folder.filePath(member.name), isCancelled: isCancelled)
  }
  if isCancelled() { throw .cancelled }
  try ArchiveError.catching { () throws(FileError) in try commit(with: companions) { () throws(FileError) in try folder.commit() } }
  return WrittenFolder(path: path, byteCount: members.reduce(0) { $0 + $1.byteCount })
}

extension ArchiveMember {
  /// Makes it a file, on the disk. A spooled member's own file may be gone after that.
  fileprivate func write(to path: String, isCancelled: () -> Bool) throws(ArchiveError) {
    switch content {
    case .bytes(let bytes):
      try ArchiveError.catching { () throws(FileError) in
        let file = try Descriptor.writing(path)
        unsafe try file.write(bytes.span.bytes)
        try file.sync()
      }
    case .spooled(let spool):
      let size = try ArchiveError.catching { () throws(FileError) in try fileSize(spool) }
      guard size == byteCount else { throw .changedMember(name: name, path: spool, expected: byteCount, found: size) }
      if try ArchiveError.catching({ () throws(FileError) in try moveFile(spool, to: path) }) {
        try ArchiveError.catching { () throws(FileError) in try Descriptor.reading(path).sync() }
      } else {
        try copy(spool, to: path, isCancelled: isCancelled)
      }
    }
  }

  private func copy(_ spool: String, to path: String, isCancelled: () -> Bool) throws(ArchiveError) {
    let file = try ArchiveError.catching { () throws(FileError) in try Descriptor.writing(path) }
    var done = 0
    try readSpool(spool, isCancelled: isCancelled) { block throws(ArchiveError) in
      try ArchiveError.catching { () throws(FileError) in try file.write(block) }
      file.startSync(of: done..<done + block.byteCount)
      done += block.byteCount
    }
    try ArchiveError.catching { () throws(FileError) in try file.sync() }
  }
}
