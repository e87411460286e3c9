internal import Glibc

/// A file that is deleted with its last reference.
final class TemporaryFile: Sendable {
  let path: String

  /// - Returns: nil, with the system's words in `errno`, if the folder cannot be written.
  init?(inFolder folder: String) {
    var template = Array("\(folder)/gangway-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { unsafe unlink(path) }
}
