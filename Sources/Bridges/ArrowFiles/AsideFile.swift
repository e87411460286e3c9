#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written beside its place and takes it only when it is whole: whoever looks sees the old file or the new one.
///
/// What is not committed is removed. A `.partial` left by a killed process is written over by the next writer;
/// one that is still being written (it is locked) is an error.
final class AsideFile {
  let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isCommitted = false
  private var pending: ContiguousArray<UInt8> = []
  /// Bytes written so far: where the next one goes.
  private(set) var position = 0

  private static let pendingLimit = 1 << 16

  init(_ path: String) throws(ArrowFileError) {
    self.path = path
    partialPath = path + ".partial"
    descriptor = try Self.openLocked(partialPath, for: path)
    pending.reserveCapacity(Self.pendingLimit)
  }

  deinit {
    if !isCommitted { unsafe unlink(partialPath) }
    close(descriptor)
  }

  private static func openLocked(_ partialPath: String, for path: String) throws(ArrowFileError) -> Int32 {
    while true {
      let descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .system(path: path, action: "write", code: errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        throw code == EWOULDBLOCK ? .busy(path: path) : .system(path: path, action: "lock", code: code)
      }
      // Between opening and locking, the former writer may have renamed or removed it.
      var mine = stat()
      var named = stat()
      if unsafe fstat(descriptor, &mine) == 0, unsafe stat(partialPath, &named) == 0, mine.st_ino == named.st_ino {
        if mine.st_size == 0 || ftruncate(descriptor, 0) == 0 { return descriptor }
        let code = errno
        close(descriptor)
        throw .system(path: path, action: "write", code: code)
      }
      close(descriptor)
    }
  }

  func write(_ bytes: RawSpan) throws(ArrowFileError) {
    position += bytes.byteCount
    if pending.count + bytes.byteCount > Self.pendingLimit { try flush() }
    if bytes.byteCount > Self.pendingLimit { return try writeNow(bytes) }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
  }

  func write(_ bytes: ContiguousArray<UInt8>) throws(ArrowFileError) { unsafe try write(bytes.span.bytes) }

  func write(zeros count: Int) throws(ArrowFileError) { try write(ContiguousArray(repeating: 0, count: count)) }

  /// Makes it the file at `path`, on the disk before it is seen.
  func commit() throws(ArrowFileError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw failure("write") }
    guard unsafe rename(partialPath, path) == 0 else { throw failure("write") }
    isCommitted = true
    try syncFolder()
  }

  private func syncFolder() throws(ArrowFileError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let folderDescriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard folderDescriptor >= 0 else { throw failure("write") }
    defer { close(folderDescriptor) }
    // Some file systems cannot sync a folder and say EINVAL; there is nothing more to be done on them.
    guard fsync(folderDescriptor) == 0 || errno == EINVAL else { throw failure("write") }
  }

  private func flush() throws(ArrowFileError) {
    var taken: ContiguousArray<UInt8> = []
    swap(&taken, &pending)
    unsafe try writeNow(taken.span.bytes)
    taken.removeAll(keepingCapacity: true)
    swap(&taken, &pending)
  }

  private func writeNow(_ bytes: RawSpan) throws(ArrowFileError) {
    var done = 0
    while done < bytes.byteCount {
      // Safe because: the kernel reads only the bytes of the span, during the call.
      let count = unsafe bytes.extracting(droppingFirst: done).withUnsafeBytes {
        unsafe Self.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write")
      }
      done += count
    }
  }

  /// Up to 1 GiB a call: some systems refuse more than 2.
  @unsafe
  private static func write(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, base, min(count, 1 << 30))
    #else
      unsafe Darwin.write(descriptor, base, min(count, 1 << 30))
    #endif
  }

  private func failure(_ action: String) -> ArrowFileError { .system(path: path, action: action, code: errno) }
}

func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
