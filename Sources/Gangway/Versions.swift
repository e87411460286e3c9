import Archives
import Definitions
import Diagnostics
import Exports
import Planning
import Snapshots
import TrainingSets

/// Versions of training sets: pinned when they are exported, made again by name.
extension Workspace {
  /// Whether a name means a version, `eta@3` or an archive's path, and not the set as it is defined now: for that no definition
  /// file has to be read.
  public static func namesVersion(_ name: String) -> Bool { name.contains("@") || name.contains("/") || namesArchive(name) }

  static func namesArchive(_ name: String) -> Bool { ArchiveFormat.allCases.contains { name.hasSuffix(".\($0.rawValue)") } }

  /// Reads `eta`, `eta@3`, `eta@3f9a1c2e`, an archive's path, or an exported folder's with a `/` in it.
  func versionedName(_ text: String) throws -> (name: String, selector: VersionSelector?) {
    if Self.namesArchive(text) || (text.contains("/") && isExportedFolder(text)) {
      let named = try archivedVersion(text)
      if named.isForScoring {
        throw Diagnostics([
          Diagnostic(
            at: nil, "\"\(text)\" holds rows to score, which are no version of training set \"\(named.trainingSet)\"", rule: "bad-version",
            hint: "name an archive to train on, or ask anew: `gangway export \(named.trainingSet) --for scoring`")
        ])
      }
      return (named.trainingSet, .digest(named.digest))
    }
    guard let at = text.firstIndex(of: "@") else { return (text, nil) }
    let name = String(text[..<at])
    if let selector = VersionSelector(String(text[text.index(after: at)...])) { return (name, selector) }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(text)\" names no version", rule: "bad-version",
        hint: "write a number (\(name)@3) or eight or more digits of a digest (\(name)@3f9a1c2e)")
    ])
  }

  /// A training set as it was when a version of it was exported.
  func pinnedSet(_ name: String, _ selector: VersionSelector, _ options: ExportOptions, _ store: SnapshotStore) throws -> ResolvedSet {
    if options.spine != nil || options.knownBy != nil || options.reading != .whatIsMissing || options.isForScoring {
      throw Diagnostics([
        Diagnostic(
          at: nil, "a version of training set \"\(name)\" is made again as it was", rule: "version-options",
          hint: "leave out --for, --spine, --known-by, --fresh and --frozen, or leave out the version")
      ])
    }
    guard let version = try store.version(of: name, selector) else {
      let numbers = try store.versions().filter { $0.name == name }.map { "\(name)@\($0.number)" }
      throw Diagnostics([
        Diagnostic(
          at: nil, "the store has no such version of training set \"\(name)\"", rule: "unknown-version",
          hint: numbers.isEmpty ? "export it first: `gangway export \(name)`" : "it has: \(numbers.suffix(10).joined(separator: ", "))")
      ])
    }
    let resolved: ResolvedTrainingSet
    do { resolved = try ResolvedTrainingSet(text: version.definition) } catch {
      throw Diagnostics([
        Diagnostic(
          at: nil, "version \(version.number) of training set \"\(name)\" was pinned in a form that this gangway does not read",
          rule: "unreadable-version", hint: "make it again with the gangway that exported it")
      ])
    }
    let snapshots = try store.snapshots(of: version)
    let shelf = ColumnShelf(in: try ScratchFolder(in: store.folder))
    let (table, metadata) = try store.spine(of: version, shelf)
    guard let spine = SpineRows(table, metadata: metadata, plan: resolved.plan) else {
      throw StoreError.damaged(path: "training set \(name)@\(version.number)", reason: "its spine is not that of its definition")
    }
    return ResolvedSet(
      resolved: resolved, spine: spine, snapshots: snapshots, rows: try rows(of: snapshots, resolved.views, store), shelf: shelf)
  }

  func pin(_ set: ResolvedSet, digest: String, vintage: Int64?, _ store: SnapshotStore) throws -> TrainingSetVersion {
    let lock = try store.lock(.writer, for: "export \(set.resolved.plan.set.name.value)")
    defer { withExtendedLifetime(lock) {} }
    return try store.pin(
      set.resolved.plan.set.name.value, digest: digest, definition: set.resolved.text, spine: set.spine.table,
      spineMetadata: set.spine.metadata, shelf: set.shelf, snapshots: set.snapshots.keys.sorted().compactMap { set.snapshots[$0] },
      vintage: vintage, now: surroundings.now()
    ).version
  }
}
