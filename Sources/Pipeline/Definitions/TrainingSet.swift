package import Diagnostics
package import Times

/// Spine, features, labels and split: what a model is trained on.
package struct TrainingSet: Sendable, Codable {
  package enum Boundary: String, Sendable, CaseIterable, Codable { case closed, open }
  package enum Knowledge: String, Sendable, CaseIterable, Codable {
    case asKnown = "as_known"
    case asRevised = "as_revised"
  }
  package enum Format: String, Sendable, CaseIterable, Codable {
    case zip
    case tarZst = "tar.zst"
    case tarGz = "tar.gz"
    /// No archive: the same files in a folder.
    case folder
  }

  package let name: Located<String>
  package let spine: Spine
  package let features: [FeatureSelection]
  package let boundary: Boundary
  package let knowledge: Knowledge
  package let statusColumns: Bool
  package let split: Split?
  package let format: Located<Format>
  /// The rows that a model is to score; nil: the spine's.
  package let scoring: Scoring?
  /// Predictions may be features of moments that their model was trained on; nil: they may not.
  package let allowsInSample: Bool?
  package let about: About
}

/// The rows asked about.
package struct Spine: Sendable, Codable {
  package enum Origin: Sendable, Codable {
    case module(Located<String>)
    /// Absolute path of a CSV file.
    case file(Located<String>)

    package var location: SourceLocation {
      switch self {
      case .module(let name): name.location
      case .file(let path): path.location
      }
    }
  }

  package let location: SourceLocation
  package let origin: Origin
  /// Decision time.
  package let asOf: TimeColumn
  /// Per entity that is called otherwise here: the spine's column for each of its key columns, in key order.
  package let entityKeys: [String: [Located<String>]]
  package let predicate: Located<String>?
  /// Half-open bounds on the decision time, microseconds since the epoch, UTC.
  package let fromMicroseconds: Int64?
  package let untilMicroseconds: Int64?
  package let keep: [Located<String>]
  package let inputs: [Located<String>]
  package let labels: [Label]
  package let orderBy: [Located<String>]
}

/// The rows that a model is to score. What it does not say is as in the spine.
package struct Scoring: Sendable, Codable {
  package let location: SourceLocation
  package let origin: Spine.Origin?
  package let asOf: TimeColumn?
  package let predicate: Located<String>?
}

package struct Label: Sendable, Codable {
  package let column: Located<String>
  /// As said here, else as the spine's module says of the column.
  package let knownTime: TimeColumn?
}

/// The columns that a training set takes of one view, in one role.
package struct FeatureSelection: Sendable, Codable {
  package let location: SourceLocation
  package let view: Located<String>
  /// What its columns are called after: the alias, else the view's name. Unique in its set.
  package let alias: String
  /// The spine's column for each of the entity's key columns, in key order; empty for a view without entity.
  package let keyColumns: [Located<String>]
  /// The view's columns taken, by index into ``FeatureView/columns``, in order.
  package let columns: [Int]
}

package struct Split: Sendable, Codable {
  package enum Kind: Sendable, Codable {
    case byDate(validation: SplitDate?, test: SplitDate?)
    /// Back from the newest decision time.
    case bySpan(validation: TimeSpan?, test: TimeSpan?)
    /// By hash of an entity's key; fractions sum to 1.
    case byEntity(Located<String>, keyColumns: [Located<String>], train: Double, validation: Double, test: Double, seed: Int64)
  }

  package let location: SourceLocation
  package let kind: Kind
  package let embargo: TimeSpan?
}

/// Midnight of a date in the project's zone, or an instant as written.
package struct SplitDate: Sendable, Hashable, Codable {
  package let text: String
  package let microseconds: Int64
}
