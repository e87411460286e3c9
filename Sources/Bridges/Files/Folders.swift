#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is in a folder, in no order.
package func names(inFolder path: String) throws(FileError) -> [String] {
  guard let folder = unsafe opendir(path) else { throw .system(path: path, action: "read", code: errno) }
  defer { unsafe _ = closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    // Safe because: the entry is the system's until the next call, and its name ends with a zero.
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// What stands at a path, links not followed.
package enum FileKind: Sendable { case file, folder, other }

/// - Returns: nil if there is nothing, or nothing that can be seen.
package func fileKind(_ path: String) -> FileKind? {
  var status = stat()
  guard unsafe lstat(path, &status) == 0 else { return nil }
  switch status.st_mode & S_IFMT {
  case S_IFREG: return .file
  case S_IFDIR: return .folder
  default: return .other
  }
}

package func fileSize(_ path: String) throws(FileError) -> Int {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { throw .system(path: path, action: "read", code: errno) }
  return Int(status.st_size)
}

/// Removes a folder if there is nothing in it.
func removeEmptyFolder(_ path: String) { unsafe _ = rmdir(path) }

/// Removes a file, or a folder with all that is in it, as far as may be.
func removeTree(_ path: String) {
  if unsafe unlink(path) == 0 { return }
  for name in (try? names(inFolder: path)) ?? [] { removeTree("\(path)/\(name)") }
  removeEmptyFolder(path)
}
