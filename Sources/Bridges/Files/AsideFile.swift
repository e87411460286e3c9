// Files: the operating system's files, and the one way in which a file comes to its place.
//
// In:  paths and bytes.
// Out: a file that is whole on the disk before it is seen, or a `FileError` that names it.
// Knows nothing of what the bytes mean.

/// A file that is written beside its place and takes it only when it is whole: whoever looks sees the old file or the new one.
///
/// What is not committed is removed. A `.partial` left by a killed process is written over by the next writer;
/// one that is still being written (it is locked) is an error.
package final class AsideFile {
  package let path: String
  private let partialPath: String
  private let descriptor: Descriptor
  private var isCommitted = false
  private var pending: ContiguousArray<UInt8> = []
  /// Bytes written so far: where the next one goes.
  package private(set) var position = 0

  /// The bytes before it are on their way to the disk.
  private var syncStarted = 0

  private static let pendingLimit = 1 << 16
  private static let syncStep = 1 << 23

  /// Where a file is until it is whole.
  package static func partialPath(of path: String) -> String { path + ".partial" }

  /// - Parameter path: its folder must exist; a file that is there stays until ``commit()``.
  package init(_ path: String) throws(FileError) {
    self.path = path
    partialPath = Self.partialPath(of: path)
    descriptor = try Descriptor.writingAlone(partialPath, for: path)
    pending.reserveCapacity(Self.pendingLimit)
  }

  deinit {
    if !isCommitted { removeFile(partialPath) }
  }

  package func write(_ bytes: RawSpan) throws(FileError) {
    startSync()
    position += bytes.byteCount
    if pending.count + bytes.byteCount > Self.pendingLimit { try flush() }
    if bytes.byteCount >= Self.pendingLimit { return try descriptor.write(bytes) }
    // Safe because: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
  }

  package func write(_ bytes: ContiguousArray<UInt8>) throws(FileError) { unsafe try write(bytes.span.bytes) }

  package func write(zeros count: Int) throws(FileError) { try write(ContiguousArray(repeating: 0, count: count)) }

  /// Brings all that was written to the disk, not yet to its place: what can fail for want of room has failed by then.
  package func seal() throws(FileError) {
    try flush()
    try descriptor.sync()
  }

  /// Makes it the file at `path`, on the disk before it is seen.
  ///
  /// - Parameter isLasting: false: it need not survive a crash.
  package func commit(isLasting: Bool = true) throws(FileError) {
    if isLasting { try seal() } else { try flush() }
    try renameFile(partialPath, to: path)
    isCommitted = true
    if isLasting { try syncFolder(of: path) }
  }

  /// The same, but a file that is there stays.
  package func commitUnlessThere() throws(FileError) {
    try seal()
    if try linkFile(partialPath, to: path) { try syncFolder(of: path) }
  }

  /// A long file should not wait for the disk only when it is whole.
  private func startSync() {
    let written = position - pending.count
    guard written - syncStarted >= Self.syncStep else { return }
    descriptor.startSync(of: syncStarted..<written)
    syncStarted = written
  }

  private func flush() throws(FileError) {
    var taken: ContiguousArray<UInt8> = []
    swap(&taken, &pending)
    unsafe try descriptor.write(taken.span.bytes)
    taken.removeAll(keepingCapacity: true)
    swap(&taken, &pending)
  }
}
