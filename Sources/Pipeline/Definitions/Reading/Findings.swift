import Diagnostics

/// The mistakes found so far: one collector that all readers of a run share.
final class Findings {
  private(set) var diagnostics: [Diagnostic] = []
  /// How many mistakes were met, known ones included: whoever meets one again knows that his part is broken.
  private(set) var count = 0
  private var seen: Set<Key> = []

  private struct Key: Hashable {
    let location: SourceLocation?
    let rule: String
  }

  /// Notes a mistake, once: what a YAML alias repeats is one mistake.
  func report(_ diagnostic: Diagnostic) {
    count += 1
    guard seen.insert(Key(location: diagnostic.location, rule: diagnostic.rule)).inserted else { return }
    diagnostics.append(diagnostic)
  }
}
