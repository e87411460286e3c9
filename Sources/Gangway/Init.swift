import Diagnostics
import Foundation

/// Starts a project: a small one that passes `check` and says at each place what to change.
///
/// - Parameter folder: made if it is not there.
/// - Returns: the files that were written, relative to the folder.
/// - Throws: a folder that is a project already or whose files would be overwritten, one that cannot be written; nothing is left of it then.
public func startProject(in folder: String) throws(GangwayError) -> [String] {
  try GangwayError.catching {
    let files = StarterProject(folder: folder).files
    try refuseToOverwrite(files, in: folder)
    let manager = FileManager.default
    var made: [String] = []
    do {
      for file in files {
        let path = "\(folder)/\(file.name)"
        for missing in missingFolders(of: path) {
          try manager.createDirectory(atPath: missing, withIntermediateDirectories: false)
          made.append(missing)
        }
        // A run that was killed may have written it already.
        if manager.fileExists(atPath: path) { continue }
        // Whole or not there, and never over a file that has come meanwhile: moving refuses that.
        made.append("\(path).part")
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: "\(path).part"))
        try manager.moveItem(atPath: "\(path).part", toPath: path)
        made[made.count - 1] = path
      }
    } catch {
      for path in made.reversed() { try? manager.removeItem(atPath: path) }
      throw Diagnostics([
        Diagnostic(
          at: nil, "the project cannot be written in \(folder): \(error.localizedDescription)", rule: "project-not-written",
          hint: "see that the folder may be written and its disk has room")
      ])
    }
    return files.map(\.name)
  }
}

private func refuseToOverwrite(_ files: [StarterFile], in folder: String) throws(Diagnostics) {
  let manager = FileManager.default
  if manager.fileExists(atPath: "\(folder)/gangway.yml") {
    throw Diagnostics([
      Diagnostic(
        at: nil, "\(folder) is a project already: it has a gangway.yml", rule: "project-exists",
        hint: "name another folder: gangway init DIR")
    ])
  }
  let taken = files.filter { file in
    let path = "\(folder)/\(file.name)"
    return manager.fileExists(atPath: path) && manager.contents(atPath: path) != Data(file.text.utf8)
  }
  if taken.isEmpty { return }
  throw Diagnostics([
    Diagnostic(
      at: nil, "files of \(folder) would be overwritten: \(taken.map(\.name).joined(separator: ", "))", rule: "files-exist",
      hint: "move them away, or name another folder: gangway init DIR")
  ])
}

/// The folders above a path that are not there, outermost first.
private func missingFolders(of path: String) -> [String] {
  var missing: [String] = []
  var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
  while !FileManager.default.fileExists(atPath: folder.path) {
    missing.insert(folder.path, at: 0)
    folder.deleteLastPathComponent()
  }
  return missing
}
