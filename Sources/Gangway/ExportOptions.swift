/// What an export is asked to do beyond the training set's definition.
public struct ExportOptions: Sendable {
  /// `zip`, `tar.zst`, `tar.gz` or `folder`; nil: the definition's.
  public var format: String?
  /// How hard to compress: 1 to 9 for zip and tar.gz, 1 to 19 for tar.zst; nil: 1, the fastest.
  public var level: Int?
  /// The archive's path, or the folder's; nil: a name of its own below the project's exports folder.
  public var out: String?
  /// A CSV file that replaces the spine's rows.
  public var spine: String?
  /// A cutoff of knowledge: an instant, or a date's midnight in the project's zone.
  public var knownBy: String?
  /// Which views are read anew.
  public var reading: Reading
  /// What the rows are for.
  public var purpose: Purpose

  public enum Purpose: Sendable {
    /// To train a model: a version of the training set.
    case training
    /// To be scored by one: no label, no split, no version.
    ///
    /// - Parameter asOf: when every row asks, an instant or a date's midnight in the project's zone; nil: each at its own decision time.
    case scoring(asOf: String? = nil)
  }

  var isForScoring: Bool { if case .scoring = purpose { true } else { false } }

  public enum Reading: Sendable {
    /// Those without a snapshot, or whose definition has changed.
    case whatIsMissing
    /// All that the set uses.
    case everything
    /// None: a missing snapshot is an error.
    case nothing
  }

  public init(
    format: String? = nil, level: Int? = nil, out: String? = nil, spine: String? = nil, knownBy: String? = nil,
    reading: Reading = .whatIsMissing, purpose: Purpose = .training
  ) {
    self.format = format
    self.level = level
    self.out = out
    self.spine = spine
    self.knownBy = knownBy
    self.reading = reading
    self.purpose = purpose
  }
}

/// An archive that was written.
public struct ExportReport: Sendable {
  public let trainingSet: String
  /// The version's number in this store; nil: rows to score are no version.
  public let number: Int?
  public let path: String
  public let bytes: Int
  /// Of the content: a version's name anywhere.
  public let digest: String
  public let columns: Int
  public let parts: [(name: String, rows: Int)]
  public let seconds: Double
}
