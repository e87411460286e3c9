// ArrowFiles: the Apache Arrow IPC file format, version 5, as far as our columns need it.
//
// In:  `Table`s and text metadata; or the path of a file.
// Out: a file that pyarrow, polars and pandas read as it is; or `Table`s whose buffers lie in the mapped file.
// Knows nothing of snapshots, digests or point-in-time rules. Specification: arrow.apache.org/docs/format/Columnar.html.

/// Why a file could not be written or read. Every case names the file.
package enum ArrowFileError: Error, Hashable, Sendable {
  /// The operating system refused: `code` is its `errno`.
  case system(path: String, action: String, code: Int32)
  /// Another process or task is writing the same file.
  case busy(path: String)
  /// The file is not what the format says, or not what its own numbers say.
  case damaged(path: String, what: String)
  /// A well-formed file that uses what we do not: a type, a compression, dictionaries.
  case unsupported(path: String, what: String)

  package var path: String {
    switch self {
    case .system(let path, _, _), .busy(let path), .damaged(let path, _), .unsupported(let path, _): path
    }
  }

  /// Whether the same may succeed later without any change.
  package var isBusy: Bool { if case .busy = self { true } else { false } }

  /// Kebab case, for a diagnostic.
  package var rule: String {
    switch self {
    case .system(_, _, let code): isFull(code) ? "disk-full" : "file-access"
    case .busy: "file-busy"
    case .damaged: "damaged-arrow-file"
    case .unsupported: "unsupported-arrow-file"
    }
  }
}

extension ArrowFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let path, let action, let code): "cannot \(action) \"\(path)\": \(systemMessage(code))"
    case .busy(let path): "\"\(path)\" is being written by another process"
    case .damaged(let path, let what): "\"\(path)\" is damaged or no Arrow file: \(what)"
    case .unsupported(let path, let what): "\"\(path)\" has \(what), which gangway does not read"
    }
  }
}
