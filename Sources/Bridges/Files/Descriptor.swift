#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file, closed when it is dropped.
package struct Descriptor: ~Copyable {
  private let number: Int32
  private let path: String

  private init(_ number: Int32, _ path: String) {
    self.number = number
    self.path = path
  }

  deinit { close(number) }

  package static func reading(_ path: String) throws(FileError) -> Descriptor {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .system(path: path, action: "read", code: errno) }
    return Descriptor(number, path)
  }

  /// What is piped in; it stays open when this is dropped.
  package static func standardInput() throws(FileError) -> Descriptor {
    let number = dup(0)
    guard number >= 0 else { throw .system(path: "standard input", action: "read", code: errno) }
    return Descriptor(number, "standard input")
  }

  /// Creates the file or empties it.
  package static func writing(_ path: String) throws(FileError) -> Descriptor {
    let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw .system(path: path, action: "write", code: errno) }
    return Descriptor(number, path)
  }

  /// Opens `partialPath` for the one writer of `path`: it is locked until it is closed.
  static func writingAlone(_ partialPath: String, for path: String) throws(FileError) -> Descriptor {
    while true {
      let number = unsafe open(partialPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard number >= 0 else { throw .system(path: path, action: "write", code: errno) }
      let descriptor = Descriptor(number, path)
      guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
        throw errno == EWOULDBLOCK ? .busy(path: path) : .system(path: path, action: "lock", code: errno)
      }
      // Between opening and locking, the former writer may have renamed or removed it.
      guard isNamed(number, partialPath) else { continue }
      guard ftruncate(number, 0) == 0 || errno == EINVAL else { throw .system(path: path, action: "write", code: errno) }
      return descriptor
    }
  }

  /// Makes a folder, or opens the one that is there, for the one that fills it to come to `path`: it is locked until it is closed.
  static func fillingAlone(_ partialPath: String, for path: String) throws(FileError) -> Descriptor {
    while true {
      guard unsafe mkdir(partialPath, 0o777) == 0 || errno == EEXIST else { throw .system(path: path, action: "write", code: errno) }
      let number = unsafe open(partialPath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if number < 0, errno == ENOENT { continue }
      guard number >= 0 else { throw .system(path: path, action: "write", code: errno) }
      let descriptor = Descriptor(number, path)
      guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
        throw errno == EWOULDBLOCK ? .busy(path: path) : .system(path: path, action: "lock", code: errno)
      }
      // As above.
      if isNamed(number, partialPath) { return descriptor }
    }
  }

  /// Whether an open file is the one at a path.
  private static func isNamed(_ number: Int32, _ path: String) -> Bool {
    var mine = stat()
    var named = stat()
    return unsafe fstat(number, &mine) == 0 && stat(path, &named) == 0 && mine.st_ino == named.st_ino
  }

  package func write(_ bytes: RawSpan) throws(FileError) {
    var done = 0
    while done < bytes.byteCount {
      // Safe because: the kernel reads only the bytes of the span, during the call. Up to 1 GiB: some systems refuse more than 2.
      let count = unsafe bytes.extracting(droppingFirst: done).withUnsafeBytes {
        #if canImport(Glibc)
          unsafe Glibc.write(number, $0.baseAddress, min($0.count, 1 << 30))
        #else
          unsafe Darwin.write(number, $0.baseAddress, min($0.count, 1 << 30))
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(path: path, action: "write", code: errno) }
      done += count
    }
  }

  /// - Returns: how many bytes were read; fewer than asked for only at the end.
  package func read(into bytes: inout ContiguousArray<UInt8>) throws(FileError) -> Int {
    var done = 0
    while done < bytes.count {
      // Safe because: the kernel writes only into the array, during the call.
      let count = unsafe bytes.withUnsafeMutableBytes {
        #if canImport(Glibc)
          unsafe Glibc.read(number, $0.baseAddress! + done, $0.count - done)
        #else
          unsafe Darwin.read(number, $0.baseAddress! + done, $0.count - done)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(path: path, action: "read", code: errno) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Lets the system begin to bring bytes to the disk, so that ``sync()`` finds little left to do. Waits for nothing and promises nothing.
  package func startSync(of bytes: Range<Int>) {
    #if canImport(Glibc)
      // `sync_file_range` would say it, but Swift does not import it. Linux begins to write what is said to be needed no more, and keeps
      // in memory what it has not yet written.
      _ = posix_fadvise(number, off_t(bytes.lowerBound), off_t(bytes.count), POSIX_FADV_DONTNEED)
    #endif
  }

  /// Brings what was written to the disk.
  package func sync() throws(FileError) {
    guard fsync(number) == 0 else { throw .system(path: path, action: "write", code: errno) }
  }

  /// The same of a folder. Some file systems cannot and say EINVAL; there is nothing more to be done on them.
  func syncFolder() throws(FileError) {
    guard fsync(number) == 0 || errno == EINVAL else { throw .system(path: path, action: "write", code: errno) }
  }
}

/// Gives a file the path of another one in the same folder, which is replaced in the same instant.
package func renameFile(_ from: String, to: String) throws(FileError) {
  guard unsafe rename(from, to) == 0 else { throw .system(path: to, action: "write", code: errno) }
}

/// The same of a file that may come from another folder.
///
/// - Returns: false if it would have to come from another file system, where it stays.
package func moveFile(_ from: String, to: String) throws(FileError) -> Bool {
  if unsafe rename(from, to) == 0 { return true }
  guard errno == EXDEV else { throw .system(path: to, action: "write", code: errno) }
  return false
}

/// Gives a file a second path.
///
/// - Returns: false if there is a file at that path already.
package func linkFile(_ from: String, to: String) throws(FileError) -> Bool {
  if unsafe link(from, to) == 0 { return true }
  guard errno == EEXIST else { throw .system(path: to, action: "write", code: errno) }
  return false
}

/// Whether there is anything at a path.
package func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Whether a path leads to a file on a disk: no folder, no pipe, no terminal.
package func isRegularFile(_ path: String) throws(FileError) -> Bool {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { throw .system(path: path, action: "read", code: errno) }
  if status.st_mode & S_IFMT == S_IFDIR { throw .system(path: path, action: "read", code: EISDIR) }
  return status.st_mode & S_IFMT == S_IFREG
}

/// Removes a file if it is there and may be removed.
package func removeFile(_ path: String) { unsafe _ = unlink(path) }

/// Makes a renaming in the file's folder last.
package func syncFolder(of path: String) throws(FileError) {
  let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
  try Descriptor.reading(folder).syncFolder()
}
