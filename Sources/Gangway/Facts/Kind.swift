/// The kinds of things that a project has, in the order in which data flows.
public enum Kind: String, Sendable, Hashable, CaseIterable {
  case source
  case entity
  case module
  case mart
  case featureView = "feature-view"
  case trainingSet = "training-set"
  /// Of a model.
  case output
  case snapshot
  /// Of a training set.
  case version
  /// Of an output.
  case batch
  case build

  /// Those that definition files define, and that a name can be looked up among.
  public static let definitions: [Kind] = [.source, .entity, .module, .mart, .featureView, .trainingSet, .output]

  /// - Parameter word: singular or plural, with `-`, `_` or a space, whatever its case: `feature_views`.
  public init?(word: String) {
    let word = word.lowercased().map { "_ ".contains($0) ? "-" : $0 }
    guard let kind = Self.allCases.first(where: { $0.rawValue == String(word) || $0.plural == String(word) }) else { return nil }
    self = kind
  }

  public var plural: String {
    switch self {
    case .entity: "entities"
    case .batch: "batches"
    default: rawValue + "s"
    }
  }

  /// `feature view`.
  public var title: String { rawValue.replacing("-", with: " ") }
}
