package import Diagnostics
package import Files

// ArrowFiles: the Apache Arrow IPC file format, version 5, as far as our columns need it.
//
// In:  `Table`s and text metadata; or the path of a file.
// Out: a file that pyarrow, polars and pandas read as it is; or `Table`s whose buffers lie in the mapped file.
// Knows nothing of snapshots, digests or point-in-time rules. Specification: arrow.apache.org/docs/format/Columnar.html.

/// Why a file could not be written or read. Every case names the file.
package enum ArrowFileError: Error, Hashable, Sendable {
  case file(FileError)
  /// The file is not what the format says, or not what its own numbers say.
  case damaged(path: String, what: String)
  /// A well-formed file that uses what we do not: a type, a compression, dictionaries.
  case unsupported(path: String, what: String)

  package var path: String {
    switch self {
    case .file(.system(let path, _, _)), .file(.busy(let path)), .damaged(let path, _), .unsupported(let path, _): path
    }
  }
}

extension ArrowFileError: DiagnosableError {
  package var isBusy: Bool { if case .file(let error) = self { error.isBusy } else { false } }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .file(let error):
      error.diagnostics
    case .damaged(let path, let what):
      [Diagnostic(at: nil, "\"\(path)\" is damaged or no Arrow file: \(what)", rule: "damaged-arrow-file")]
    case .unsupported(let path, let what):
      [Diagnostic(at: nil, "\"\(path)\" has \(what), which gangway does not read", rule: "unsupported-arrow-file")]
    }
  }
}
