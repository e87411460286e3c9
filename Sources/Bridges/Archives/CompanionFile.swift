import Files

/// A small file that belongs beside an archive.
package struct CompanionFile: Sendable {
  package let path: String
  package let text: String
  /// Whether it takes the place of a file that is there.
  package let replaces: Bool

  package init(path: String, text: String, replaces: Bool) {
    self.path = path
    self.text = text
    self.replaces = replaces
  }
}

/// Puts something in its place, and then its companions, which are whole before that.
func commit(with companions: [CompanionFile], _ body: () throws(FileError) -> Void) throws(FileError) {
  var pending: [PendingCompanion] = []
  for companion in companions {
    if let file = try PendingCompanion(companion) { pending.append(file) }
  }
  try body()
  for file in pending { try file.putInPlace() }
}

/// A companion that is written aside.
private struct PendingCompanion {
  private let file: AsideFile
  private let replaces: Bool

  /// - Returns: nil if there is nothing to do: one that is not to be replaced is there, or is being written.
  init?(_ companion: CompanionFile) throws(FileError) {
    if !companion.replaces && fileExists(companion.path) { return nil }
    do throws(FileError) { file = try AsideFile(companion.path) } catch {
      if error.isBusy && !companion.replaces { return nil }
      throw error
    }
    replaces = companion.replaces
    try file.write(ContiguousArray(companion.text.utf8))
    try file.seal()
  }

  func putInPlace() throws(FileError) {
    if replaces { try file.commit() } else { try file.commitUnlessThere() }
  }
}
