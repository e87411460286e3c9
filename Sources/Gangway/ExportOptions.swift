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
    reading: Reading = .whatIsMissing
  ) {
    self.format = format
    self.level = level
    self.out = out
    self.spine = spine
    self.knownBy = knownBy
    self.reading = reading
  }
}

/// An archive that was written.
public struct ExportReport: Sendable {
  public let trainingSet: String
  /// The version's number in this store.
  public let number: Int
  public let path: String
  public let bytes: Int
  /// Of the content: the version's name anywhere.
  public let digest: String
  public let columns: Int
  public let parts: [(name: String, rows: Int)]
  public let seconds: Double
}
