// Exports: a training set becomes an archive that explains itself.
//
// In:  a computed training set, and the snapshots that it rests on.
// Out: one archive: CSV members and a manifest; its path, size and digest.
// Knows nothing of how rows were matched.

package import Archives
import Columns
import Definitions
import Diagnostics
package import Engine
import Files
import Foundation
package import Planning
import Times
package import TrainingSets

/// A view as a manifest names it.
package struct ExportedView: Sendable {
  package let plan: ViewPlan
  package let snapshotDigest: String
  package let counts: ViewCounts

  package init(plan: ViewPlan, snapshotDigest: String, counts: ViewCounts) {
    self.plan = plan
    self.snapshotDigest = snapshotDigest
    self.counts = counts
  }
}

/// Where an archive goes.
package enum ExportTarget: Sendable {
  case file(String)
  /// Below this folder, as `<set>/<set>-<newest decision date>-<digest>.<format>`.
  case folder(String)
}

package struct ExportedArchive: Sendable {
  package let path: String
  package let byteCount: Int
  /// Of the manifest: names the content, whatever the archive's format.
  package let digest: String
}

/// A training set on its way into an archive.
package struct TrainingSetExport: Sendable {
  package let plan: TrainingSetPlan
  package let table: TrainingTable
  /// By name.
  package let views: [String: ExportedView]
  /// Microseconds since the epoch.
  package let knownBy: Int64?

  package init(plan: TrainingSetPlan, table: TrainingTable, views: [String: ExportedView], knownBy: Int64?) {
    self.plan = plan
    self.table = table
    self.views = views
    self.knownBy = knownBy
  }

  /// Formats every part into a spool file, then packs them.
  ///
  /// - Parameters:
  ///   - scratch: an existing folder for spool files; the caller removes it.
  ///   - progress: called with the number of rows formatted.
  /// - Throws: whatever keeps a file from being written; nothing is left at the target then.
  package func write(
    to target: ExportTarget, format: ArchiveFormat, scratch: String, progress: (Int) -> Void
  ) throws(ArchiveError) -> ExportedArchive {
    var members: [ArchiveMember] = []
    var formatted = 0
    for part in table.parts {
      let done = formatted
      members.append(try spool(part, in: scratch) { progress(done + $0) })
      formatted += part.rows.count
    }
    let manifest = ArchiveMember(name: "manifest.json", text: manifest(members).text())
    let path = try path(of: target, format, digest: manifest.sha256)
    let written = try writeArchive(members + [manifest], format: format, to: path)
    return ExportedArchive(path: written.path, byteCount: written.byteCount, digest: manifest.sha256)
  }

  private func spool(
    _ part: TrainingTable.Part, in scratch: String, progress: (Int) -> Void
  ) throws(ArchiveError) -> ArchiveMember {
    let file = try SpoolFile(path: "\(scratch)/\(part.name).csv")
    var bytes = ContiguousArray<UInt8>()
    CSVFormatter.appendHeader(table.columns.map(\.name), to: &bytes)
    let columns = table.columns.map { CSVColumn($0.column, rows: $0.rows.map { rows($0, of: part) } ?? part.rows) }
    var formatter = CSVFormatter()
    var start = 0
    while start < part.rows.count {
      let end = min(start + 4_096, part.rows.count)
      formatter.appendRows(start..<end, of: columns, to: &bytes)
      try file.write(bytes)
      bytes.removeAll(keepingCapacity: true)
      start = end
      progress(end)
    }
    try file.write(bytes)
    return try file.finish(as: "\(part.name).csv")
  }

  /// A column's row numbers for the rows of one part.
  private func rows(_ all: Buffer<Int32>, of part: TrainingTable.Part) -> Buffer<Int32> {
    let (from, wanted) = (all.span, part.rows.span)
    var rows = ContiguousArray<Int32>()
    rows.reserveCapacity(wanted.count)
    for i in wanted.indices { rows.append(from[Int(wanted[i])]) }
    return Buffer(rows)
  }

  private func path(of target: ExportTarget, _ format: ArchiveFormat, digest: String) throws(ArchiveError) -> String {
    switch target {
    case .file(let path): return path
    case .folder(let folder):
      let name = plan.set.name.value
      let day = table.report.newestDecision.map { String(timestampText($0).prefix(10)) } ?? "empty"
      let home = "\(folder)/\(name)"
      do {
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
      } catch {
        throw .file(.system(path: home, action: "make the folder", code: (error as? CocoaError)?.posixCode ?? EACCES))
      }
      return "\(home)/\(name)-\(day)-\(digest.prefix(8)).\(format.rawValue)"
    }
  }
}

extension CocoaError {
  fileprivate var posixCode: Int32? { (underlying as? POSIXError)?.code.rawValue }
}
