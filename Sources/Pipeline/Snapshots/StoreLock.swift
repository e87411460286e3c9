import Foundation

/// Who may do what with the store at the same time: one writer; readers beside it, but not beside whoever collects garbage.
///
/// Both are advisory locks of the operating system, so a killed process holds none. Local file systems only.
package final class StoreLock: Sendable {
  package enum Kind: Sendable {
    /// Adds to the store.
    case writer
    /// Relies on segments staying where they are.
    case reader
    /// Removes segments.
    case collector

    fileprivate var fileName: String { self == .writer ? "writer.lock" : "readers.lock" }
    fileprivate var operation: Int32 { self == .reader ? LOCK_SH : LOCK_EX }
  }

  private let descriptor: Int32

  /// Waits for the lock, then gives up.
  ///
  /// - Parameters:
  ///   - folder: the store's, which exists.
  ///   - command: what the holder is doing, for whoever waits.
  /// - Throws: `.busy`, naming the holder.
  package init(_ kind: Kind, in folder: String, command: String, patience: Duration = .seconds(5)) throws(StoreError) {
    let path = "\(folder)/\(kind.fileName)"
    let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard opened >= 0 else { throw .unavailable(path: path, reason: unsafe String(cString: strerror(errno))) }
    descriptor = opened
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while flock(descriptor, kind.operation | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      if clock.now >= deadline {
        let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        throw .busy(path: folder, holder: holder.flatMap { $0.isEmpty ? nil : $0 })
      }
      usleep(50_000)
    }
    if kind != .reader {
      let words = "\(command), process \(getpid()), since \(Date().formatted(.iso8601))\n"
      ftruncate(descriptor, 0)
      // Only for people: a holder that cannot be named is still a holder.
      _ = unsafe words.utf8.withContiguousStorageIfAvailable { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  deinit { close(descriptor) }
}
