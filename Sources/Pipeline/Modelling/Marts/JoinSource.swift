import Definitions
import Diagnostics

/// What a join reads: names that its source's definition gives to relation, key and columns.
struct JoinSource {
  let relation: String
  let subject: String
  /// Of an output or a view: the key of its entity.
  let ownKey: [String]?
  /// Beside the key: taken only if listed.
  let unlisted: [String]
  /// What `publish` is to be given, where that makes the relation.
  let publishing: String?
  private let defaultKey: [String]

  /// What a relation has beside key and columns that says since when a row is shown.
  private static let validity = ["valid_from", "valid_to", "valid_from_us", "valid_to_us"]

  init(_ join: MartJoin, martKey: [String], in project: Project) {
    switch join.source {
    case .module(let name):
      relation = project.module(name.value)?.relation ?? name.value
      subject = project.subject(ofModule: name.value)
      (ownKey, unlisted, publishing) = (nil, [], nil)
      defaultKey = martKey
    case .output(let name):
      let output = project.output(name.value)
      relation = (join.asOf == nil ? output?.shownRelation : output?.historyRelation) ?? name.value
      subject = "output \"\(name.value)\""
      ownKey = output?.key.map(\.name.value) ?? []
      unlisted = ModelOutput.reservedColumns + Self.validity
      publishing = name.value
      defaultKey = ownKey ?? []
    case .view(let name):
      let entity = project.featureView(name.value)?.entity.flatMap { project.entity($0.value) }
      relation = join.asOf == nil ? name.value : FeatureView.historyRelation(of: name.value)
      subject = "feature view \"\(name.value)\""
      ownKey = entity?.key.map(\.name.value) ?? []
      unlisted = Self.validity
      publishing = name.value
      defaultKey = ownKey ?? []
    }
  }

  /// An output and a view have one key, of which the definition may rename parts; a module is joined on whatever is said.
  func keyPairs(_ join: MartJoin) -> [MartJoin.KeyPair] {
    if ownKey == nil, !join.key.isEmpty { return join.key }
    let said = join.key.map(\.there.value)
    let place = join.location
    let unsaid = defaultKey.filter { !said.contains($0) }.map { Located($0, at: place) }
    return join.key + unsaid.map { MartJoin.KeyPair(there: $0, here: $0) }
  }
}

extension FeatureView {
  /// Of a published view: its values in the course of time.
  package static func historyRelation(of view: String) -> String { "\(view)__history" }
}
