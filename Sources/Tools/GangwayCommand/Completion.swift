import ArgumentParser
import Foundation
import Gangway

extension CompletionKind {
  /// The names of the project's definitions.
  ///
  /// - Parameter kinds: none: all kinds.
  static func names(of kinds: Kind...) -> CompletionKind {
    .custom { words, _, _ in projectNames(kinds, words) }
  }
}

/// Silent whatever is wrong: a shell that completes is no place for errors.
private func projectNames(_ kinds: [Kind], _ words: [String]) -> [String] {
  let asked = words.lastIndex(of: "-C").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
  let folder = asked ?? FileManager.default.currentDirectoryPath
  guard let workspace = try? Workspace(startingAt: folder) else { return [] }
  // Sources may be called anything, and shells take some characters for themselves.
  return workspace.names(of: kinds).filter { name in
    name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
  }
}
