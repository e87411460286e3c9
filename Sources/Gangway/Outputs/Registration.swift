import Columns
import Definitions
import Diagnostics
import Foundation
import Outputs
import Planning
import Snapshots
import Times
import Warehouses

/// A batch to be registered, with everything that was said of it.
struct Registration {
  let version: String
  /// nil: called by its content.
  let batch: String?
  let facts: ModelVersion.Facts
  let scoredFrom: String?
  let moment: Moment
  /// When the predictions were made that do not say so themselves; nil: at ``moment``.
  let predictedAt: Int64?
  let promotes: Bool
  /// Somebody said since when the batch counts.
  let isDeclared: Bool
  let errors: String?
}

extension Workspace {
  /// - Precondition: the caller holds the writer lock.
  func register(
    _ output: ModelOutput, _ inputs: [BatchInput], _ registration: Registration, _ store: SnapshotStore,
    events: @escaping @Sendable (Event) -> Void
  ) throws -> RegisterReport {
    let clock = ContinuousClock()
    let start = clock.now
    let name = output.name.value
    let record = try store.outputRecord(name)
    try checkOwnPublication(of: output, record)
    let facts = try record.facts(of: registration.version, with: registration.facts)
    // Whether the definition still fits what was registered is known before anything is read.
    var tables = try tables(of: record, store)
    _ = try OutputLineup(output, record) { tables[$0.segment]?.fields ?? [] }
    let (written, summary) = try read(output, inputs, registration, store, events: events)
    for column in summary.columns where column.nulls == summary.rows && summary.rows > 0 {
      events(.note("no row has a \(column.name): all are null"))
    }
    let batch = registration.batch ?? String(written.digest.prefix(16))
    let before = record.batches.last { $0.version == registration.version && $0.name == batch && $0.end == nil }
    let comparison = summary.comparison(with: (before ?? record.current.last).flatMap { BatchSummary(text: $0.summary) })
    if let before, before.digest == written.digest {
      return try unchanged(
        output, before, registration, record, facts, tables, comparison, store, seconds: (clock.now - start) / .seconds(1))
    }
    let taken = record.batches.filter { $0.version == registration.version && $0.name == batch }
    if let early = taken.first(where: { registration.moment.effective < $0.effectiveAt }) {
      throw Diagnostics([.replacedBefore(early, at: registration.moment.effective)])
    }
    let pending = written.rowCount
    tables[written.segment] = try store.table(of: written)
    let promotion = registration.promotes && record.live != [registration.version]
    let new = SnapshotStore.NewBatch(
      output: name, version: registration.version, name: batch, written: written, summary: summary.text,
      scoredFrom: registration.scoredFrom)
    let promoting = promotion ? ([registration.version], promotedAt(output, registration, tables[written.segment])) : nil
    let shown = try publishing(output, record, tables: tables) { publish throws(Diagnostics) in
      try checkInterruption()
      try store.register(
        new, facts: facts, at: registration.moment.effective, now: registration.moment.recorded, promoting: promoting, publish: publish)
    }
    return RegisterReport(
      output: name, modelVersion: registration.version, batch: batch, rows: pending, isNew: true, replaces: before != nil,
      live: promotion ? [registration.version] : record.live, trainedOn: facts.trainedOn, shown: shown, comparison: comparison,
      seconds: (clock.now - start) / .seconds(1))
  }

  /// The same content under the same name again: nothing is to be done but what else was asked for.
  private func unchanged(
    _ output: ModelOutput, _ batch: OutputBatch, _ registration: Registration, _ record: OutputRecord, _ facts: ModelVersion.Facts,
    _ tables: [String: Table], _ comparison: [[Fact]], _ store: SnapshotStore, seconds: Double
  ) throws -> RegisterReport {
    if facts != record.version(registration.version)?.facts {
      try store.note(facts, of: registration.version, output.name.value)
    }
    var shown = 0
    var live = record.live
    if registration.promotes, live != [registration.version] {
      live = [registration.version]
      let (versions, at) = (live, promotedAt(output, registration, tables[batch.segment]))
      shown = try publishing(output, record, tables: tables) { publish throws(Diagnostics) in
        try store.promote(output.name.value, versions, at: at, now: registration.moment.recorded, publish: publish)
      }
    } else {
      shown = OutputTables(try OutputRows(output, record, tables: tables)).shownCount
    }
    return RegisterReport(
      output: output.name.value, modelVersion: registration.version, batch: batch.name, rows: batch.rowCount, isNew: false, replaces: false,
      live: live, trainedOn: facts.trainedOn, shown: shown, comparison: comparison, seconds: seconds)
  }

  /// Old predictions that were known when they were made are shown from the first of them on, unless somebody says otherwise.
  private func promotedAt(_ output: ModelOutput, _ registration: Registration, _ table: Table?) -> Int64 {
    guard output.isKnownWhenPredicted, !registration.isDeclared,
      case .timestamp(let times)? = table?[ModelOutput.predictedAtColumn]?.values
    else { return registration.moment.effective }
    let span = times.span
    var first = registration.moment.effective
    for i in span.indices { first = min(first, span[i]) }
    return first
  }

  /// Reads and checks a batch, and writes its segment aside.
  private func read(
    _ output: ModelOutput, _ inputs: [BatchInput], _ registration: Registration, _ store: SnapshotStore,
    events: @escaping @Sendable (Event) -> Void
  ) throws -> (WrittenBatch, BatchSummary) {
    let zone = Zone(project.settings.timezone.value) ?? .utc
    let fields = output.fields
    // The same predictions that say nothing of their time are the same batch, whenever they are registered.
    let tellTime = output.predictedAt != nil || registration.predictedAt != nil
    let writer = try BatchWriter(
      store, fields: fields, counted: fields.count - (tellTime ? 0 : 1), output: output.name.value, version: registration.version)
    let reader = BatchReader(
      output: output, zone: zone, predictedAt: registration.predictedAt ?? registration.moment.effective,
      latest: output.isKnownWhenPredicted ? registration.moment.recorded : registration.moment.effective,
      known: try knownEntities(of: output, zone))
    let summary = try reader.read(
      inputs, errorFile: registration.errors,
      progress: { rows in events(.progress(work: "register \(output.name.value)", done: rows, total: 0, unit: "rows")) },
      warn: { events(.note($0.message)) },
      take: { table throws(Diagnostics) in
        try checkInterruption()
        try inStore { () throws(StoreError) in try writer.add(table) }
      })
    return (try writer.finish(), summary)
  }

  private func knownEntities(of output: ModelOutput, _ zone: Zone) throws -> KnownEntities? {
    guard let entity = project.entity(output.entity.value), let name = entity.module, let module = project.module(name.value) else {
      return nil
    }
    var planner = self.planner
    let relation = try planner.relation(of: module)
    return try KnownEntities(
      scanning: warehouse, relation: relation.name, key: entity.key.map { Field($0.name.value, $0.type ?? .string) }, zone: zone)
  }
}

extension OutputRecord {
  /// What is known of a model version, with what is said now.
  ///
  /// - Throws: a contradiction.
  fileprivate func facts(of name: String, with said: ModelVersion.Facts) throws(Diagnostics) -> ModelVersion.Facts {
    guard let known = version(name)?.facts else { return said }
    var facts = known
    var contradictions: [(what: String, was: String, now: String)] = []
    if let now = said.trainedOn {
      if let was = known.trainedOn, was != now { contradictions.append(("was trained on", was, now)) }
      facts.trainedOn = now
      facts.vintage = said.vintage
    }
    for (key, now) in said.meta.sorted(by: { $0.key < $1.key }) {
      if let was = known.meta[key], was != now { contradictions.append(("has \(key) =", was, now)) }
      facts.meta[key] = now
    }
    if contradictions.isEmpty { return facts }
    throw Diagnostics(
      contradictions.map { what, was, now in
        Diagnostic(
          at: nil, "model version \"\(name)\" of output \"\(output)\" \(what) \(was), as was said before, and not \(now)",
          rule: "contradiction", hint: "leave it out, or give what is another model another version")
      })
  }
}

extension Diagnostic {
  fileprivate static func replacedBefore(_ batch: OutputBatch, at time: Int64) -> Diagnostic {
    Diagnostic(
      at: nil,
      "batch \(batch.name) counts since \(timestampText(batch.effectiveAt)), and cannot be replaced at \(timestampText(time)), before that",
      rule: "replaced-before", hint: "replace it as of a later time, or give the new batch a name of its own")
  }
}

extension BatchSummary {
  /// As the store keeps it.
  fileprivate var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  fileprivate init?(text: String) {
    guard let read = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
    self = read
  }

  /// A line for the batch, and one a column, beside those of the batch before.
  fileprivate func comparison(with before: BatchSummary?) -> [[Fact]] {
    func line(_ column: ColumnSummary, _ was: ColumnSummary?) -> [Fact] {
      var facts = [Fact("column", column.name), Fact("nulls", column.nulls), Fact("mean", column.mean), Fact("median", column.median)]
      if before != nil {
        facts += [
          Fact("nulls_before", was?.nulls), Fact("mean_before", was?.mean), Fact("median_before", was?.median),
        ]
      }
      return facts
    }
    return columns.map { column in line(column, before?.columns.first { $0.name == column.name }) }
  }
}
