import Definitions
import Diagnostics

// What `publish` puts into the warehouse, as SQL may name it.
extension Project {
  /// - Parameter name: of a relation, `eta__history` or `carrier_service`.
  func publishedRelation(_ name: Located<String>) -> OutsideRelation? {
    if let output = outputs.first(where: { $0.relations.contains(name.value) }) {
      return OutsideRelation(kind: .output, name: output.name.value, relation: name.value, location: name.location)
    }
    let view = published.first { [$0.value, FeatureView.historyRelation(of: $0.value)].contains(name.value) }
    return view.map { OutsideRelation(kind: .view, name: $0.value, relation: name.value, location: name.location) }
  }

  /// Every such name, and where it comes from.
  var publishedNames: [Located<String>] {
    outputs.flatMap { output in output.relations.map { Located($0, at: output.name.location) } }
      + published.flatMap { [$0, Located(FeatureView.historyRelation(of: $0.value), at: $0.location)] }
  }
}

extension ModelOutput {
  fileprivate var relations: [String] { [shownRelation, historyRelation, allRelation] }
}
