// Exports: a training set becomes an archive that explains itself.
//
// In:  a computed training set, and the snapshots that it rests on.
// Out: one archive or folder: CSV members and the documents that explain them; its path, size and digest.
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

/// Where an export goes.
package enum ExportTarget: Sendable {
  /// An archive, or a folder, of this path.
  case file(String)
  /// Below this folder, as `<set>/<set>-<newest decision date>-<digest>.<format>`; a plain folder without the format; rows to score as
  /// `<set>/scoring/<set>-scoring-…`.
  case folder(String)
}

package struct ExportedArchive: Sendable {
  package let path: String
  /// The archive's, or all files' of a plain folder.
  package let byteCount: Int
  /// Names the content, whatever the archive's format and the words that describe it.
  package let digest: String
}

/// What becomes of the members. None of it reaches a member.
package struct Packing: Sendable {
  package enum Form: Sendable {
    case archive(ArchiveFormat, level: Int)
    /// Files in a folder, as an archive would give them when it is extracted.
    case folder
  }

  package let form: Form
  /// For formatting as for packing.
  package let threads: Int

  /// - Precondition: the format has the level, and there is at least one thread.
  package init(_ form: Form, threads: Int = 1) {
    if case .archive(let format, let level) = form { precondition(format.levels.contains(level)) }
    precondition(threads >= 1)
    self.form = form
    self.threads = threads
  }
}

/// What an archive's rows are for, as its manifest says it.
package enum ExportPurpose: String, Sendable, Codable { case training, scoring }

/// A training set, or rows to score, on its way into an archive.
package struct TrainingSetExport: Sendable {
  package let plan: TrainingSetPlan
  package let table: TrainingTable
  let spooled: SpooledTable
  package let report: TrainingReport
  /// By name.
  package let views: [String: ExportedView]
  /// Microseconds since the epoch.
  package let knownBy: Int64?

  /// - Parameters:
  ///   - spooled: the table's files.
  ///   - report: what it rests on.
  package init(
    plan: TrainingSetPlan, table: TrainingTable, spooled: SpooledTable, report: TrainingReport, views: [String: ExportedView],
    knownBy: Int64?
  ) {
    self.plan = plan
    self.table = table
    self.spooled = spooled
    self.report = report
    self.views = views
    self.knownBy = knownBy
  }

  var purpose: ExportPurpose { plan.scoring == nil ? .training : .scoring }

  /// Packs the parts' files with their documents, or moves them into a folder.
  ///
  /// Beside an archive comes its own `<archive>.croissant.json` (a folder's is inside); in a folder of ours also a notebook, where there
  /// is none and the rows are to learn from.
  ///
  /// - Parameter isCancelled: asked on this thread while members are packed.
  /// - Throws: whatever keeps a file from being written, `.cancelled` if so; nothing is left at the target then.
  package func write(
    to target: ExportTarget, packing: Packing, isCancelled: () -> Bool = { false }
  ) throws(ArchiveError) -> ExportedArchive {
    let tables = spooled.members
    let facts = facts(tables)
    let (members, digest) = members(tables, facts)
    let path = try path(of: target, packing.form, digest: digest)
    switch packing.form {
    case .archive(let format, let level):
      let written = try writeArchive(
        members, format: format, level: level, threads: packing.threads, to: path, isCancelled: isCancelled
      ) { archive in [croissant(of: archive, format, facts)] + notebook(beside: path, target, facts) }
      return ExportedArchive(path: written.path, byteCount: written.byteCount, digest: digest)
    case .folder:
      let written = try writeFolder(
        members, to: path, replacing: filesOfExport, with: notebook(beside: path, target, facts), isCancelled: isCancelled)
      return ExportedArchive(path: written.path, byteCount: written.byteCount, digest: digest)
    }
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

  /// What describes an archive with its own hash.
  private func croissant(of archive: WrittenArchive, _ format: ArchiveFormat, _ facts: ArchiveFacts) -> CompanionFile {
    let fileName = archive.path.split(separator: "/").last.map(String.init) ?? archive.path
    let croissant = facts.croissant(
      of: .archive(fileName: fileName, format: format, bytes: archive.byteCount, sha256: archive.sha256))
    return CompanionFile(path: archive.path + ".croissant.json", text: croissant, replaces: true)
  }

  private func notebook(beside path: String, _ target: ExportTarget, _ facts: ArchiveFacts) -> [CompanionFile] {
    guard purpose == .training, case .folder = target, let slash = path.lastIndex(of: "/") else { return [] }
    return [CompanionFile(path: "\(path[...slash])\(facts.name).ipynb", text: facts.notebook, replaces: false)]
  }

  private func path(of target: ExportTarget, _ form: Packing.Form, digest: String) throws(ArchiveError) -> String {
    switch target {
    case .file(let path): return path
    case .folder(let folder):
      let name = plan.set.name.value
      let day = report.newestDecision.map { String(timestampText($0).prefix(10)) } ?? "empty"
      // Apart from the training set's, of which people take the newest.
      let home = purpose == .scoring ? "\(folder)/\(name)/scoring" : "\(folder)/\(name)"
      do {
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
      } catch {
        throw .file(.system(path: home, action: "make the folder", code: (error as? CocoaError)?.posixCode ?? EACCES))
      }
      let path = "\(home)/\(name)\(purpose == .scoring ? "-scoring" : "")-\(day)-\(digest.prefix(8))"
      if case .archive(let format, _) = form { return "\(path).\(format.rawValue)" }
      return path
    }
  }
}

extension CocoaError {
  fileprivate var posixCode: Int32? { (underlying as? POSIXError)?.code.rawValue }
}
