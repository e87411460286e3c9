import Diagnostics
import Snapshots

extension Workspace {
  /// A version of a training set as the store has pinned it; nil where the text names no version, or a kind that has none.
  ///
  /// - Throws: a version that the store lacks.
  func showVersion(_ text: String, _ word: String?) throws -> Showing? {
    if let word, Kind(word: word) != .version, Kind(word: word) != .trainingSet { return nil }
    // Sources may have an `@` in their names.
    if things.contains(where: { $0.name.value == text }) { return nil }
    guard let (name, selector) = try? versionedName(text), let selector else { return nil }
    guard let store = try existingStore(), let version = try store.version(of: name, selector) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "the store has no version \"\(text)\"", rule: "unknown-version", hint: "see what there is with `gangway list versions`")
      ])
    }
    let snapshots = try store.snapshots(of: version).values.sorted { $0.view < $1.view }
    let pinned = snapshots.map { snapshot in
      [
        Fact("view", snapshot.view), Fact("digest", .digest(snapshot.digest)), Fact("rows", snapshot.rowCount),
        Fact("read", .time(snapshot.createdAt)),
      ]
    }
    return Showing(
      kind: .version, name: "\(version.name)@\(version.number)", place: nil,
      facts: [
        Fact("training_set", version.name), Fact("digest", .digest(version.digest)), Fact("rows", version.rowCount),
        Fact("exported", .time(version.createdAt)), Fact("snapshots", .table(pinned)),
      ])
  }
}
