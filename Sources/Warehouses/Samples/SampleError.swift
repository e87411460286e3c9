package import Diagnostics
import GRDB

/// Why a sample was not written.
package enum SampleError: DiagnosableError, Hashable {
  /// The file has tables that no sample made.
  case foreign(path: String, tables: [String])
  /// Somebody else is writing it.
  case busy(path: String)
  case notSQLite(path: String)
  case failed(path: String, reason: String)

  init(_ error: any Error, path: String) {
    if let error = error as? SampleError {
      self = error
    } else if let error = error as? DatabaseError {
      self =
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
        case .SQLITE_NOTADB: .notSQLite(path: path)
        default: .failed(path: path, reason: error.message ?? "\(error)")
        }
    } else {
      self = .failed(path: path, reason: "\(error)")
    }
  }

  package var isBusy: Bool {
    if case .busy = self { true } else { false }
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .foreign(let path, let tables):
      [
        Diagnostic(
          at: nil, "\"\(path)\" has tables that are not of a sample: \(shortList(tables))", rule: "not-a-sample",
          hint: "name a file that is not there yet; this one stays as it is")
      ]
    case .busy(let path):
      [Diagnostic(at: nil, "\"\(path)\" is locked by another program", rule: "file-busy", hint: "try again when that has finished")]
    case .notSQLite(let path):
      [
        Diagnostic(
          at: nil, "\"\(path)\" is no SQLite file", rule: "not-sqlite",
          hint: "name a file that is not there yet; this one stays as it is")
      ]
    case .failed(let path, let reason):
      [
        Diagnostic(
          at: nil, "\"\(path)\" cannot be written: \(reason)", rule: "sample-not-written",
          hint: "see that its folder is there, may be written, and its disk has room")
      ]
    }
  }
}

private func shortList(_ names: [String]) -> String {
  let shown = names.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
}
