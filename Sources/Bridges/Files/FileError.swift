package import Diagnostics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why a file could not be read or written. Every case names the file.
package enum FileError: Error, Hashable, Sendable {
  /// The operating system refused: `code` is its `errno`.
  case system(path: String, action: String, code: Int32)
  /// Another process or task is writing the same file.
  case busy(path: String)
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let path, let action, let code): "cannot \(action) \"\(path)\": \(systemMessage(code))"
    case .busy(let path): "\"\(path)\" is being written by another process"
    }
  }
}

extension FileError: DiagnosableError {
  package var isBusy: Bool { if case .busy = self { true } else { false } }

  package var diagnostics: [Diagnostic] { [Diagnostic(at: nil, description, rule: rule, hint: hint)] }

  /// Whether it came of writing, not of reading.
  package var isOfWriting: Bool { if case .system(_, let action, _) = self { action != "read" && action != "map" } else { false } }

  private var rule: String {
    switch self {
    case .system(_, _, let code) where isFull(code): "disk-full"
    case .system(_, _, EEXIST): "not-replaced"
    case .system: "file-access"
    case .busy: "file-busy"
    }
  }

  private var hint: String? {
    switch self {
    case .system(_, _, let code) where isFull(code): "free some space; nothing was left behind"
    case .system(_, _, EEXIST): "move away what is there: it was not written here"
    case .system(_, "read", ENOENT): "correct the path, or make the file first"
    case .system(_, _, ENOENT): "create the folder first"
    case .system(_, _, EACCES), .system(_, _, EROFS): "check the folder's permissions"
    case .system: nil
    case .busy: "try again"
    }
  }
}

private func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }

// Safe because: the text is copied before the next call may change it.
package func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
