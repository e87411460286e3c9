/// The kinds of things that a project has, in the order in which data flows.
public enum Kind: String, Sendable, Hashable, CaseIterable {
  case source
  case entity
  case module
  case featureView = "feature-view"
  case trainingSet = "training-set"
  case snapshot
  /// Of a training set.
  case version
  case build

  /// Those that definition files define, and that a name can be looked up among.
  public static let definitions: [Kind] = [.source, .entity, .module, .featureView, .trainingSet]

  /// - Parameter word: singular or plural, with `-`, `_` or a space, whatever its case: `feature_views`.
  public init?(word: String) {
    let word = word.lowercased().map { "_ ".contains($0) ? "-" : $0 }
    guard let kind = Self.allCases.first(where: { $0.rawValue == String(word) || $0.plural == String(word) }) else { return nil }
    self = kind
  }

  public var plural: String { self == .entity ? "entities" : rawValue + "s" }

  /// `feature view`.
  public var title: String { rawValue.replacing("-", with: " ") }
}
