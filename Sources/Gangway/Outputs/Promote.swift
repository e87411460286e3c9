import Definitions
import Diagnostics
import Outputs
import Snapshots
import Times

/// What was promoted or withdrawn.
public struct OutputChange: Sendable {
  public let output: String
  /// Since when it counts, microseconds since the Unix epoch.
  public let at: Int64
  /// The versions that are live now, the preferred one first.
  public let live: [String]
  /// Batches that were withdrawn.
  public let withdrawn: [String]
  /// Entities of which something is shown now.
  public let shown: Int
  /// False: it was so already.
  public let isNew: Bool
}

extension OutputChange {
  /// `2024-05-01T08:00:00Z`.
  public var atText: String { timestampText(at) }
}

extension Workspace {
  /// Sets the versions of a model whose predictions are shown, in order of preference.
  ///
  /// An entity that none of them has scored keeps what it showed.
  ///
  /// - Parameter time: since when they count, an instant or a date's midnight in the project's zone; nil: now.
  public func promote(
    _ name: String, _ versions: [String], at time: String? = nil, events: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(GangwayError) -> OutputChange {
    try GangwayError.catching {
      let output = try find(name, "output", in: project.outputs) { $0.name.value }
      let store = try store()
      let lock = try store.lock(.writer, for: "promote \(name)")
      defer { withExtendedLifetime(lock) {} }
      let moment = try moment(time)
      if let graduation = output.graduation, moment.effective >= graduation.since {
        throw Diagnostics([.graduated(output, graduation)])
      }
      let record = try store.outputRecord(name)
      try checkOwnPublication(of: output, record)
      try checkVersions(versions, of: record)
      if record.live == versions, time == nil {
        let rows = try OutputRows(output, record, tables: try tables(of: record, store))
        return OutputChange(
          output: name, at: record.promotions.last?.at ?? moment.effective, live: versions, withdrawn: [],
          shown: OutputTables(rows).shownCount, isNew: false)
      }
      let tables = try tables(of: record, store)
      let shown = try publishing(output, record, tables: tables) { publish throws(Diagnostics) in
        try store.promote(name, versions, at: moment.effective, now: moment.recorded, publish: publish)
      }
      return OutputChange(
        output: name, at: moment.effective, live: try store.outputRecord(name).live, withdrawn: [], shown: shown, isNew: true)
    }
  }

  /// Takes back batches that were wrong. What was shown before, was shown before.
  ///
  /// - Parameters:
  ///   - batch: the name of a batch; nil: all of the version.
  ///   - version: a model version; nil: whatever version the batch is of.
  public func withdraw(
    _ name: String, batch: String?, version: String?, at time: String? = nil, events: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(GangwayError) -> OutputChange {
    try GangwayError.catching {
      let output = try find(name, "output", in: project.outputs) { $0.name.value }
      let store = try store()
      let lock = try store.lock(.writer, for: "withdraw \(name)")
      defer { withExtendedLifetime(lock) {} }
      let moment = try moment(time)
      let record = try store.outputRecord(name)
      try checkOwnPublication(of: output, record)
      let meant = try batches(named: batch, version, of: record)
      let doomed = meant.filter { $0.end == nil }
      let tables = try tables(of: record, store)
      if doomed.isEmpty {
        return OutputChange(
          output: name, at: meant.compactMap(\.endedAt).max() ?? moment.effective, live: record.live, withdrawn: [],
          shown: OutputTables(try OutputRows(output, record, tables: tables)).shownCount, isNew: false)
      }
      if let early = doomed.first(where: { moment.effective < $0.effectiveAt }) {
        throw Diagnostics([
          Diagnostic(
            at: nil,
            "batch \(early.name) counts since \(timestampText(early.effectiveAt)), and cannot be withdrawn at "
              + "\(timestampText(moment.effective)), before that",
            rule: "withdrawn-before", hint: "withdraw it as of a later time: that it was there is not forgotten")
        ])
      }
      let shown = try publishing(output, record, tables: tables) { publish throws(Diagnostics) in
        try store.withdraw(doomed, of: name, at: moment.effective, now: moment.recorded, publish: publish)
      }
      return OutputChange(
        output: name, at: moment.effective, live: record.live, withdrawn: doomed.map(\.name), shown: shown, isNew: true)
    }
  }

  /// Now, or a declared moment of the past.
  ///
  /// - Precondition: the caller holds the writer lock. What was done while it waited came before.
  func moment(_ time: String?) throws -> Moment {
    let now = surroundings.now()
    let zone = Zone(project.settings.timezone.value) ?? .utc
    guard let declared = try instant(time, zone: zone) else { return Moment(effective: now, recorded: now) }
    if declared > now {
      throw Diagnostics([
        Diagnostic(
          at: nil, "--at \(timestampText(declared)) is yet to come", rule: "look-ahead",
          hint: "leave --at out to let it count from now on, or name a moment of the past")
      ])
    }
    return Moment(effective: declared, recorded: now)
  }

  private func checkVersions(_ versions: [String], of record: OutputRecord) throws(Diagnostics) {
    if let twice = versions.first(where: { name in versions.filter { $0 == name }.count > 1 }) {
      throw Diagnostics([
        Diagnostic(
          at: nil, "version \"\(twice)\" is named twice", rule: "duplicate-version", hint: "name each once, the preferred one first")
      ])
    }
    let known = record.versions.map(\.name)
    let mistakes = versions.filter { !known.contains($0) }.map { Diagnostic.unknownVersion($0, of: record) }
    if !mistakes.isEmpty { throw Diagnostics(mistakes) }
  }

  private func batches(named batch: String?, _ version: String?, of record: OutputRecord) throws(Diagnostics) -> [OutputBatch] {
    let found = record.batches.filter { (batch == nil || $0.name == batch) && (version == nil || $0.version == version) }
    let what = [batch.map { "batch \"\($0)\"" }, version.map { "model version \"\($0)\"" }].compactMap(\.self).joined(separator: " of ")
    if found.isEmpty {
      let names = Set(batch == nil ? record.batches.map(\.version) : record.batches.map(\.name)).sorted()
      throw Diagnostics([
        Diagnostic(
          at: nil, "output \"\(record.output)\" has no \(what)", rule: "unknown-batch",
          hint: nearestName(to: batch ?? version ?? "", among: names).map { "did you mean \"\($0)\"?" }
            ?? "see `gangway show \(record.output)` for what there is")
      ])
    }
    let versions = Set(found.map(\.version))
    if batch != nil, versions.count > 1 {
      throw Diagnostics([
        Diagnostic(
          at: nil, "several model versions of output \"\(record.output)\" have a \(what): \(versions.sorted().joined(separator: ", "))",
          rule: "ambiguous-batch", hint: "add --model-version")
      ])
    }
    return found
  }
}

extension Diagnostic {
  static func unknownVersion(_ name: String, of record: OutputRecord) -> Diagnostic {
    let known = record.versions.map(\.name)
    return Diagnostic(
      at: nil, "output \"\(record.output)\" has no model version \"\(name)\"", rule: "unknown-version",
      hint: nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" }
        ?? (known.isEmpty
          ? "register its predictions first: `gangway register \(record.output) FILE --model-version \(name)`"
          : "it has: \(known.joined(separator: ", "))"))
  }
}
