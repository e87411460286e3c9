package import ArrowFiles
package import Diagnostics
import Files

/// What can go wrong with the snapshot store.
package enum StoreError: DiagnosableError {
  case unavailable(path: String, reason: String)
  case busy(path: String, holder: String?)
  /// The catalog was written by a newer engine.
  case newer(path: String, schema: Int, known: Int)
  case damaged(path: String, reason: String)
  case segment(ArrowFileError)
  /// Of the log of an observed module: nothing can be read anew.
  case log(module: String, ArrowFileError)
  /// Of a batch of a model's output.
  case batch(output: String, name: String, ArrowFileError)

  package var isBusy: Bool {
    switch self {
    case .busy: true
    case .segment(let error), .log(_, let error), .batch(_, _, let error): error.isBusy
    default: false
    }
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unavailable(let path, let reason):
      [
        Diagnostic(
          at: nil, "the store \(path) cannot be used: \(reason)", rule: "store-unavailable",
          hint: "see that the folder may be written and its disk has room, or correct `store:` in gangway.yml")
      ]
    case .busy(let path, let holder):
      [
        Diagnostic(
          at: nil, "the store \(path) is in use by \(holder ?? "another command")", rule: "store-busy",
          hint: "try again when it has finished")
      ]
    case .newer(let path, let schema, let known):
      [
        Diagnostic(
          at: nil, "the catalog \(path) has schema \(schema), and this gangway knows \(known)", rule: "store-newer",
          hint: "use the newer gangway that wrote it")
      ]
    case .damaged(let path, let reason):
      [
        Diagnostic(
          at: nil, "the store's \(path) is damaged: \(reason)", rule: "store-damaged",
          hint: "move the store's folder away and run `gangway materialize` again")
      ]
    // Of a file that cannot be written the disk is to blame, not what is in it.
    case .segment(.file(let error)) where error.isOfWriting: error.diagnostics
    case .segment(let error):
      error.diagnostics.map {
        Diagnostic(
          at: nil, "a snapshot's segment: \($0.message)", rule: $0.rule, hint: "run `gangway materialize` to read the view anew")
      }
    case .batch(let output, let name, let error):
      error.diagnostics.map {
        Diagnostic(
          at: nil, "batch \(name) of output \"\(output)\": \($0.message)", rule: $0.rule,
          hint: "bring the file back from a copy of the store, or withdraw the batch and register its file again")
      }
    case .log(let module, let error):
      error.diagnostics.map {
        Diagnostic(
          at: nil, "the log of observed module \"\(module)\": \($0.message)", rule: $0.rule,
          hint: "bring the file back from a copy of the store: what was seen then cannot be seen again")
      }
    }
  }
}
