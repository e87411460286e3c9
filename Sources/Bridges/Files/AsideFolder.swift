#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that is filled beside its place and takes it only when it is whole.
///
/// Whoever looks sees the old folder or the new one; where an old one is replaced, for an instant none. If that is the instant of a kill,
/// the next writer puts the old one back. Of the old folder only the files that it should have are removed: what somebody else
/// has put into it moves into the new one.
///
/// What is not committed is removed. A `.partial` left by a killed process is emptied by the next writer; one that is still being filled
/// (it is locked) is an error.
package final class AsideFolder {
  package let path: String
  private let partialPath: String
  /// Where the old folder is while the new one takes its place.
  private let replacedPath: String
  private let files: (String) -> [String]?
  private let lock: Descriptor
  private var isCommitted = false

  /// In a partial folder until it is whole, so that nothing else is taken for one.
  private static let markName = ".gangway-partial"

  /// - Parameters:
  ///   - path: the folder above it must exist; a folder that is there stays until ``commit()``.
  ///   - files: the names of the files that a folder at some path should have, last the one by which it is known; nil: it is none of
  ///     ours, and stays.
  package init(_ path: String, files: @escaping (String) -> [String]?) throws(FileError) {
    self.path = path
    self.files = files
    partialPath = path + ".partial"
    replacedPath = path + ".replaced"
    lock = try Descriptor.fillingAlone(partialPath, for: path)
    let left = try names(inFolder: partialPath)
    guard left.isEmpty || left.contains(Self.markName) || files(partialPath) != nil else {
      // Not ours to remove either.
      isCommitted = true
      throw .occupied(partialPath)
    }
    try Descriptor.writing("\(partialPath)/\(Self.markName)").write(RawSpan())
    for name in left where name != Self.markName { removeTree("\(partialPath)/\(name)") }
    try recover()
  }

  deinit {
    if !isCommitted { removeTree(partialPath) }
  }

  /// Where a file of the folder is to be written.
  package func filePath(_ name: String) -> String { "\(partialPath)/\(name)" }

  /// Makes it the folder at `path`; its files must be on the disk.
  package func commit() throws(FileError) {
    removeFile("\(partialPath)/\(Self.markName)")
    try lock.syncFolder()
    guard fileExists(path) else {
      try renameFile(partialPath, to: path)
      isCommitted = true
      return try syncFolder(of: path)
    }
    guard let old = files(path) else { throw .occupied(path) }
    for name in try names(inFolder: path) where !old.contains(name) && fileExists(filePath(name)) {
      throw .occupied("\(path)/\(name)")
    }
    try renameFile(path, to: replacedPath)
    do throws(FileError) { try renameFile(partialPath, to: path) } catch {
      try renameFile(replacedPath, to: path)
      throw error
    }
    isCommitted = true
    try syncFolder(of: path)
    try remove(replacedPath, old)
  }

  /// Ends what a killed process began.
  private func recover() throws(FileError) {
    guard fileExists(replacedPath) else { return }
    guard fileExists(path) else { return try renameFile(replacedPath, to: path) }
    let isEmpty = try names(inFolder: replacedPath).isEmpty
    guard let old = isEmpty ? [] : files(replacedPath) else { throw .occupied(replacedPath) }
    try remove(replacedPath, old)
    if fileExists(replacedPath) { throw .occupied(replacedPath) }
  }

  /// Removes a folder's own files; the others move into the new one, where their names are free there, else all stays.
  private func remove(_ folder: String, _ own: [String]) throws(FileError) {
    for name in try names(inFolder: folder) where !own.contains(name) && !fileExists("\(path)/\(name)") {
      try renameFile("\(folder)/\(name)", to: "\(path)/\(name)")
    }
    for name in own { removeFile("\(folder)/\(name)") }
    removeEmptyFolder(folder)
  }
}

extension FileError {
  /// What is there is nobody's to remove.
  fileprivate static func occupied(_ path: String) -> FileError { .system(path: path, action: "replace", code: EEXIST) }
}
