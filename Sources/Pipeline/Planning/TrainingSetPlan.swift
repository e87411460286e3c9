package import Definitions
package import Diagnostics
package import Times
package import Warehouses

/// How a training set's spine is read and what stands beside it. Numbers are indices into ``outputs`` unless they say otherwise.
package struct TrainingSetPlan: Sendable, Codable {
  package let set: TrainingSet
  package let zone: Zone
  /// What people call the spine: `module "x"` or `file x.csv`.
  package let spineName: String
  package let relation: String
  package let outputs: [ScanOutput]
  package let outputLocations: [SourceLocation]
  package let scanPredicate: String?
  /// Decision time; nil: the same for all rows.
  package let asOf: Int?
  /// The columns that come out before the features, in order.
  package let columns: [SpineColumnPlan]
  package let labels: [LabelPlan]
  /// What rows are sorted by before all else; nil is the decision time.
  package let orderBy: [Int?]
  package let selections: [SelectionPlan]
  /// The split entity's key.
  package let splitKeys: [Int]
  /// nil: rows to learn from.
  package let scoring: ScoringPlan?
}

/// How rows to score ask.
package struct ScoringPlan: Sendable, Codable {
  /// When all of them do, microseconds since the epoch, UTC; nil: each at a time of its own.
  package let decidedAt: Int64?
}

package struct SpineColumnPlan: Sendable, Codable {
  package let name: String
  package let role: ColumnRole
  /// nil: the decision time.
  package let output: Int?
  /// What the spine's module says of it.
  package let description: String?
}

/// What a column is to whoever trains a model.
package enum ColumnRole: String, Sendable, Codable {
  case key, time, keep, input, feature, status, label
}

package struct LabelPlan: Sendable, Codable {
  package let name: String
  package let output: Int
  /// Where its known time is read, before any delay; nil: known at once.
  package let knownTime: Int?
  package let delayMicroseconds: Int64
  /// What the spine's module says of it.
  package let description: String?
}

/// One view in one role.
package struct SelectionPlan: Sendable, Codable {
  package let selection: FeatureSelection
  package let view: FeatureView
  package let entity: Entity?
  /// The spine's key, in the order of the entity's; into ``TrainingSetPlan/outputs``.
  package let keys: [Int]
}
