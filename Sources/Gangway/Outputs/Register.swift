import Columns
import Definitions
import Diagnostics
import Exports
import Files
import Foundation
import Outputs
import Planning
import Snapshots
import Times
import Warehouses

/// What is said of a batch when it is registered.
public struct RegisterOptions: Sendable {
  public var modelVersion: String
  /// nil: called by its content.
  public var batch: String?
  /// A version of a training set (`eta@3`, `eta@3f9a1c2e`), or the path of its archive.
  public var trainedOn: String?
  /// The path of the archive that was scored.
  public var scoredFrom: String?
  /// Facts of the model version.
  public var meta: [String: String] = [:]
  /// When the predictions were made that do not say so themselves.
  public var predictedAt: String?
  /// Since when they count.
  public var at: String?
  /// Whether the version becomes live, alone.
  public var promotes = false
  /// Where all violations are written.
  public var errors: String?

  public init(modelVersion: String) { self.modelVersion = modelVersion }
}

/// Where predictions come from.
public enum PredictionSource: Sendable, Hashable {
  /// CSV files, packed or not, or archives of such.
  case files([String])
  /// The same as one file comes in.
  case standardInput
  /// A table or view of the warehouse.
  case table(String)
}

/// A batch that was registered.
public struct RegisterReport: Sendable {
  public let output: String
  public let modelVersion: String
  public let batch: String
  public let rows: Int
  /// False: it was there already with the same content.
  public let isNew: Bool
  /// The batch whose name it took, with other content, is replaced.
  public let replaces: Bool
  public let live: [String]
  /// What the model version was trained on, `eta@` and the whole digest, if somebody said so.
  public let trainedOn: String?
  /// Entities of which something is shown now.
  public let shown: Int
  /// A line a column, beside the batch before it.
  public let comparison: [[Fact]]
  public let seconds: Double
}

extension Workspace {
  /// Checks predictions against their output's contract and keeps them: all, or none.
  ///
  /// - Throws: all that is wrong with them, the first twenty of each kind; then nothing is written but the file of errors, if one is wanted.
  public func register(
    _ name: String, _ source: PredictionSource, _ options: RegisterOptions,
    events: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(GangwayError) -> RegisterReport {
    try GangwayError.catching {
      let output = try find(name, "output", in: project.outputs) { $0.name.value }
      try checkName(options.modelVersion, "--model-version")
      if options.modelVersion == ModelOutput.production { throw Diagnostics([.production]) }
      if let batch = options.batch { try checkName(batch, "--batch") }
      let store = try store()
      let said = try trainedOn(options.trainedOn, ModelVersion.Facts(meta: options.meta), store)
      try checkTraining(of: output, on: said)
      let scoredFrom = try options.scoredFrom.map { try archivedVersion($0).digest }
      // Whoever writes it may take his time, and need the store himself.
      let spool = source == .standardInput ? try spooledStandardInput(in: store) : nil
      defer { withExtendedLifetime(spool) {} }
      let lock = try store.lock(.writer, for: "register \(name)")
      defer { withExtendedLifetime(lock) {} }
      let moment = try moment(options.at)
      if let graduation = output.graduation, moment.effective >= graduation.since {
        throw Diagnostics([.graduated(output, graduation)])
      }
      try completePublications(store, events: events)
      return try register(
        output, inputs(source, spool),
        Registration(
          version: options.modelVersion, batch: options.batch, facts: said, scoredFrom: scoredFrom, moment: moment,
          predictedAt: try options.predictedAt.map { try predictionTime($0, moment) }, promotes: options.promotes,
          isDeclared: options.at != nil, errors: options.errors), store, events: events)
    }
  }

  private func inputs(_ source: PredictionSource, _ spool: ScratchFolder?) -> [BatchInput] {
    switch source {
    case .files(let paths): paths.map { .file(path: $0, displayName: $0) }
    case .standardInput: spool.map { [.file(path: Self.standardInput(in: $0), displayName: "standard input")] } ?? []
    case .table(let relation): [.table(warehouse, relation: relation, columns: [:], displayName: "table \(relation)")]
    }
  }

  private static func standardInput(in folder: ScratchFolder) -> String { "\(folder.path)/standard-input" }

  private func spooledStandardInput(in store: SnapshotStore) throws -> ScratchFolder {
    let folder = try ScratchFolder(in: store.folder)
    let file = try AsideFile(Self.standardInput(in: folder))
    let input = try Descriptor.standardInput()
    var bytes = ContiguousArray<UInt8>(repeating: 0, count: 1 << 20)
    while true {
      let count = try input.read(into: &bytes)
      try checkInterruption()
      unsafe try file.write(bytes.span.bytes.extracting(0..<count))
      if count < bytes.count { break }
    }
    try file.commit(isLasting: false)
    return folder
  }

  private func predictionTime(_ text: String, _ moment: Moment) throws -> Int64 {
    let time = try instant(text, zone: Zone(project.settings.timezone.value) ?? .utc) ?? moment.effective
    if time <= moment.effective { return time }
    throw Diagnostics([
      Diagnostic(
        at: nil, "--predicted-at \(timestampText(time)) is after \(timestampText(moment.effective)), from when on the batch counts",
        rule: "look-ahead", hint: "name a moment before that, or a later --at")
    ])
  }

  /// Names stand in tables, on terminals and in messages.
  private func checkName(_ name: String, _ option: String) throws(Diagnostics) {
    let isShort = name.count <= 200 && name.utf8.count <= 1_000
    if isShort, name.contains(where: { !$0.isWhitespace }), !name.unicodeScalars.contains(where: \.isUnseen) { return }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\(option) is no name: it must have 1 to 200 characters, and none that cannot be seen", rule: "bad-name",
        hint: "write a name like 2024-06-01, or v12")
    ])
  }

  /// A training set of the model's name is what it is trained on.
  private func checkTraining(of output: ModelOutput, on facts: ModelVersion.Facts) throws(Diagnostics) {
    guard let model = output.model, project.trainingSets.contains(where: { $0.name.value == model.value }),
      let trainedOn = facts.trainedOn, !trainedOn.hasPrefix("\(model.value)@")
    else { return }
    throw Diagnostics([
      Diagnostic(
        at: model.location,
        "output \"\(output.name.value)\" is of model \"\(model.value)\", which is trained on the training set of that name, and not on "
          + trainedOn.prefix { $0 != "@" },
        rule: "other-training-set", hint: "name a version of \(model.value), or correct `model:`")
    ])
  }

  /// The facts with what a model version was trained on, by its whole digest, and how far it knows the world.
  private func trainedOn(_ text: String?, _ facts: ModelVersion.Facts, _ store: SnapshotStore) throws -> ModelVersion.Facts {
    guard let text else { return facts }
    var facts = facts
    let (name, selector) = try versionedName(text)
    if let version = try store.version(of: name, selector ?? .newest) {
      facts.trainedOn = "\(name)@\(version.digest)"
      facts.vintage = version.vintage
      if version.vintage == nil {
        throw Diagnostics([
          Diagnostic(
            at: nil, "version \(name)@\(version.number) was exported by an older gangway, which did not note up to when it knows the world",
            rule: "unknown-vintage", hint: "make it again with `gangway export \(name)@\(version.number)`, then register again")
        ])
      }
      return facts
    }
    guard Self.namesArchive(text) || isExportedFolder(text) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "--trained-on \(text): the store has no such version of a training set", rule: "unknown-version",
          hint: "see `gangway list versions`, or name the archive's path")
      ])
    }
    let archived = try archivedVersion(text)
    facts.trainedOn = "\(archived.trainingSet)@\(archived.digest)"
    facts.vintage = try instant(archived.vintage, zone: .utc)
    return facts
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character, ends a line, or changes how others are shown.
  fileprivate var isUnseen: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension Diagnostic {
  fileprivate static var production: Diagnostic {
    Diagnostic(
      at: nil, "the model version \"\(ModelOutput.production)\" stands for the production table of an output that has graduated",
      rule: "reserved-name", hint: "call the version otherwise, as in v12")
  }

  static func graduated(_ output: ModelOutput, _ graduation: Graduation) -> Diagnostic {
    Diagnostic(
      at: graduation.location,
      "output \"\(output.name.value)\" has graduated: since \(timestampText(graduation.since)) it is what \"\(graduation.relation.value)\" says",
      rule: "graduated", hint: "write to that table and run `gangway build`, or remove `graduated:`")
  }
}
