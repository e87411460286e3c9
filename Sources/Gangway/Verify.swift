import Archives
import Diagnostics
import Exports
import Foundation
import Snapshots

/// What a look over a store or an archive found.
public struct VerifyReport: Sendable {
  /// What was looked at, in words.
  public let looked: String
  /// What is damaged, one line each: empty when all is as it was written.
  public let damages: [String]
}

extension Workspace {
  /// Reads everything in the store and compares it with its digests. Changes nothing.
  public func verifyStore(events: (Event) -> Void = { _ in }) throws(GangwayError) -> VerifyReport {
    try GangwayError.catching {
      let store = try store()
      let lock = try store.lock(.reader, for: "verify")
      defer { withExtendedLifetime(lock) {} }
      let report = try store.verify { events(.progress(work: "verify", done: $0, total: $1)) }
      return VerifyReport(
        looked: "\(grouped(report.segments)) segments, \(grouped(report.snapshots)) snapshots, \(grouped(report.versions)) versions"
          + (report.looks == 0 ? "" : ", \(grouped(report.looks)) looks at observed modules")
          + (report.batches == 0 ? "" : ", \(grouped(report.batches)) batches of outputs"),
        damages: report.damages.map { "\($0.thing): \($0.what)" })
    }
  }
}

/// Reads an archive or an exported folder and compares every member with the manifest, and the whole with the description beside it, if that is there.
/// Needs no project.
public func verifyArchive(_ path: String) throws(GangwayError) -> VerifyReport {
  try GangwayError.catching {
    let check = try checkArchive(path)
    return VerifyReport(looked: "\(check.members) members, \(grouped(check.bytes)) bytes", damages: check.damages)
  }
}
