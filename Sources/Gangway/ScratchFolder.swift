import Diagnostics
import Foundation

/// A folder for files on their way, beside the store, so that they are on a disk of the project's choosing.
struct ScratchFolder {
  let path: String

  /// - Parameter folder: made if it is not there.
  init(near folder: String) throws(Diagnostics) {
    let scratch = "\(folder)/scratch-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    } catch {
      throw Diagnostics([
        Diagnostic(
          at: nil, "the store's folder \(folder) cannot be written: \(error.localizedDescription)", rule: "store-unavailable",
          hint: "see that it may be written and its disk has room, or correct `store:` in gangway.yml")
      ])
    }
    path = scratch
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
