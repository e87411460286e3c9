import Columns
import Foundation
package import Planning

/// Everything that was decided about a training set when it was exported: with its spine's rows and its snapshots it can be
/// computed again, without warehouse and definition files.
package struct ResolvedTrainingSet: Codable, Sendable {
  package let plan: TrainingSetPlan
  /// By name, all that the plan's selections use.
  package let views: [String: ViewPlan]
  /// A cutoff of knowledge, microseconds since the epoch.
  package let knownBy: Int64?

  package init(plan: TrainingSetPlan, views: [String: ViewPlan], knownBy: Int64?) {
    self.plan = plan
    self.views = views
    self.knownBy = knownBy
  }

  /// Equal resolutions give equal text.
  package var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(self), as: UTF8.self) } catch {
      preconditionFailure("a resolved training set holds texts and numbers only")
    }
  }

  /// - Throws: `DecodingError` for a text that another engine wrote in another form.
  package init(text: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }
}
