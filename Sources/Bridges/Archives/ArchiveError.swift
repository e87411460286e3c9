package import Diagnostics

// Archives: members, spooled to files or in memory, packed by libarchive into one file of fixed bytes.
//
// In:  bytes for members, as they are formatted; the archive's form and path.
// Out: the archive at its path, whole or not at all; the size and SHA-256 of everything written.
// Knows nothing of training sets. libarchive and the operating system's files stay in here.

/// Why an archive, or a member's spool file, could not be written.
package enum ArchiveError: Error, Hashable, Sendable {
  /// The operating system refused: `code` is its `errno`.
  case system(path: String, action: String, code: Int32)
  /// Another process or task is writing the same file.
  case busy(path: String)
  /// A spool file does not have the bytes that were written to it.
  case changedMember(name: String, path: String, expected: Int, found: Int)
  /// libarchive refused, for a reason of its own.
  case library(path: String, message: String)
}

extension ArchiveError: DiagnosableError {
  package var isBusy: Bool { if case .busy = self { true } else { false } }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .system(let path, let action, let code):
      let message = "cannot \(action) \"\(path)\": \(systemMessage(code))"
      return [Diagnostic(at: nil, message, rule: isFull(code) ? "disk-full" : "file-access", hint: hint(code))]
    case .busy(let path):
      return [Diagnostic(at: nil, "\"\(path)\" is being written by another process", rule: "file-busy", hint: "try again")]
    case .changedMember(let name, let path, let expected, let found):
      let message = "member \"\(name)\" changed while it was packed: \"\(path)\" should have \(expected) bytes, and has \(found)"
      return [Diagnostic(at: nil, message, rule: "changed-member", hint: "run the command again")]
    case .library(let path, let message):
      return [Diagnostic(at: nil, "cannot write \"\(path)\": \(message)", rule: "archive-library")]
    }
  }
}

private func hint(_ code: Int32) -> String? {
  if isFull(code) { return "free some space; nothing was left behind" }
  switch code {
  case noSuchFile: return "create the folder first"
  case accessDenied, readOnly: return "check the folder's permissions"
  default: return nil
  }
}
