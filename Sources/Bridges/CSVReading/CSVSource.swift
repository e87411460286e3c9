internal import Glibc

/// Where a CSV file's bytes come from, once and in order: a file, a member of an archive, another program.
package protocol CSVSource: AnyObject {
  /// Reads some bytes to `place` and behind it.
  ///
  /// - Returns: how many, at most as many as there is room for; 0 at the end.
  func read(into bytes: inout ContiguousArray<UInt8>, at place: Int) throws(UnreadableSource) -> Int
}

/// Bytes do not come any more, in the words of what should give them.
package struct UnreadableSource: Error {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }
}

/// An open file, closed with its last reference.
package final class CSVFile: CSVSource {
  private let descriptor: Int32

  /// - Throws: for anything but a regular file too.
  package init(_ path: String) throws(UnreadableSource) {
    // Not blocking: a pipe without a writer would be waited for.
    descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure() }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      close(descriptor)
      throw UnreadableSource("It is no regular file")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func read(into bytes: inout ContiguousArray<UInt8>, at place: Int) throws(UnreadableSource) -> Int {
    precondition(place <= bytes.count)
    while true {
      // Safe because: the kernel writes only behind `place` and only into the array, during the call.
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress.map { unsafe $0 + place }, $0.count - place)
      }
      if count >= 0 { return count }
      if errno != EINTR { throw Self.failure() }
    }
  }

  private static func failure() -> UnreadableSource { UnreadableSource(unsafe String(cString: strerror(errno))) }
}
