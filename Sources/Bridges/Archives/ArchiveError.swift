package import Diagnostics
package import Files

// Archives: members, spooled to files or in memory, packed by libarchive into one file of fixed bytes.
//
// In:  bytes for members, as they are formatted; the archive's form and path.
// Out: the archive at its path, whole or not at all; the size and SHA-256 of everything written.
// Knows nothing of training sets. libarchive stays in here.

/// Why an archive, or a member's spool file, could not be written.
package enum ArchiveError: Error, Hashable, Sendable {
  case file(FileError)
  /// A spool file does not have the bytes that were written to it.
  case changedMember(name: String, path: String, expected: Int, found: Int)
  /// An archive from outside that holds what none of ours does.
  case unsafe(path: String, what: String)
  /// libarchive refused, for a reason of its own.
  case library(path: String, message: String)
  /// Whoever asked for it wants it no more.
  case cancelled
}

extension ArchiveError {
  /// Does what only files can make fail.
  static func catching<Value: ~Copyable>(_ body: () throws(FileError) -> Value) throws(ArchiveError) -> Value {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}

extension ArchiveError: DiagnosableError {
  package var isBusy: Bool { if case .file(let error) = self { error.isBusy } else { false } }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .file(let error):
      return error.diagnostics
    case .changedMember(let name, let path, let expected, let found):
      let message = "member \"\(name)\" changed while it was packed: \"\(path)\" should have \(expected) bytes, and has \(found)"
      return [Diagnostic(at: nil, message, rule: "changed-member", hint: "run the command again")]
    case .unsafe(let path, let what):
      return [
        Diagnostic(
          at: nil, "archive \"\(path)\" has \(what)", rule: "unsafe-archive", hint: "open it only if you trust where it comes from")
      ]
    case .library(let path, let message):
      return [
        Diagnostic(
          at: nil, "libarchive cannot work on \"\(path)\": \(message)", rule: "archive-library",
          hint: "see that it is a whole archive, and name one that `gangway export` wrote")
      ]
    case .cancelled:
      return [Diagnostic(at: nil, "cancelled", rule: "cancelled", hint: "nothing was left behind")]
    }
  }
}
