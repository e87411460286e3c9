// Exports: a training set becomes an archive that explains itself.
//
// In:  a computed training set, and the snapshots that it rests on.
// Out: one archive: CSV members and the documents that explain them; its path, size and digest.
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
  /// Names the content, whatever the archive's format and the words that describe it.
  package let digest: String
}

/// How an archive is packed. None of it reaches a member.
package struct Packing: Sendable {
  package let format: ArchiveFormat
  package let level: Int
  package let threads: Int

  /// - Precondition: the format has the level, and there is at least one thread.
  package init(_ format: ArchiveFormat, level: Int = 1, threads: Int = 1) {
    precondition(format.levels.contains(level) && threads >= 1)
    self.format = format
    self.level = level
    self.threads = threads
  }
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

  /// Formats every part into a spool file, then packs them with their documents.
  ///
  /// Beside the archive comes its own `<archive>.croissant.json`; in a folder of ours also a notebook, where there is none.
  ///
  /// - Parameters:
  ///   - scratch: an existing folder for spool files; the caller removes it.
  ///   - progress: called with the number of rows formatted.
  /// - Throws: whatever keeps a file from being written; nothing is left at the target then.
  package func write(
    to target: ExportTarget, packing: Packing, scratch: String, progress: (Int) -> Void
  ) throws(ArchiveError) -> ExportedArchive {
    var tables: [ArchiveMember] = []
    var formatted = 0
    for part in table.parts {
      let done = formatted
      tables.append(try spool(part, in: scratch) { progress(done + $0) })
      formatted += part.rows.count
    }
    let facts = facts(tables)
    let (members, digest) = members(tables, facts)
    let path = try path(of: target, packing.format, digest: digest)
    let written = try writeArchive(
      members, format: packing.format, level: packing.level, threads: packing.threads, to: path
    ) { archive in companions(of: archive, packing.format, target, facts) }
    return ExportedArchive(path: written.path, byteCount: written.byteCount, digest: digest)
  }

  /// All members in their order, and the digest that the manifest carries.
  private func members(_ tables: [ArchiveMember], _ facts: ArchiveFacts) -> ([ArchiveMember], digest: String) {
    let described = [
      ArchiveMember(name: "datapackage.json", text: facts.dataPackage),
      ArchiveMember(name: "croissant.json", text: facts.croissant(of: .extractedFiles)),
    ]
    let forPeople = [
      ArchiveMember(name: "README.md", text: facts.dataCard), ArchiveMember(name: "load.py", bytes: loaderScript),
    ]
    let manifest = manifest(tables: tables, documents: described + forPeople)
    let members = tables + described + [ArchiveMember(name: "manifest.json", text: manifest.text())] + forPeople
    let sums = ArchiveMember(name: "SHA256SUMS", text: checksums(members.map(MemberFacts.init)))
    return (members + [sums], manifest.digest)
  }

  private func companions(
    of archive: WrittenArchive, _ format: ArchiveFormat, _ target: ExportTarget, _ facts: ArchiveFacts
  ) -> [CompanionFile] {
    let fileName = archive.path.split(separator: "/").last.map(String.init) ?? archive.path
    let croissant = facts.croissant(
      of: .archive(fileName: fileName, format: format, bytes: archive.byteCount, sha256: archive.sha256))
    var files = [CompanionFile(path: archive.path + ".croissant.json", text: croissant, replaces: true)]
    if case .folder = target {
      let folder = archive.path.dropLast(fileName.utf8.count)
      files.append(CompanionFile(path: "\(folder)\(facts.name).ipynb", text: facts.notebook, replaces: false))
    }
    return files
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
