package import Diagnostics
import Foundation
import GRDB

// Outputs in the catalog. Nothing is ever changed or removed there but what is known of a model version, to which facts may be added.
extension SnapshotStore {
  /// A batch whose segment is whole.
  package struct NewBatch: Sendable {
    package let output: String
    package let version: String
    package let name: String
    package let written: WrittenBatch
    package let summary: String
    package let scoredFrom: String?

    package init(output: String, version: String, name: String, written: WrittenBatch, summary: String, scoredFrom: String?) {
      self.output = output
      self.version = version
      self.name = name
      self.written = written
      self.summary = summary
      self.scoredFrom = scoredFrom
    }
  }

  /// The names of all outputs of which something was registered.
  package func outputNames() throws(StoreError) -> [String] {
    try catalog.read { try String.fetchAll($0, sql: "select distinct output from output_event order by output") }
  }

  /// When something was last done to each output, by the clock.
  package func newestOutputEvents() throws(StoreError) -> [String: Int64] {
    try catalog.read { database in
      let rows = try Row.fetchAll(database, sql: "select output, max(recorded_at) as newest from output_event group by output")
      return Dictionary(rows.map { ($0["output"], $0["newest"]) }) { first, _ in first }
    }
  }

  package func outputRecord(_ output: String) throws(StoreError) -> OutputRecord {
    try catalog.read { try OutputRecord.fetch(output, $0) }
  }

  /// Adds a batch, what is known of its model version, and, if so wanted, a promotion: all at once.
  ///
  /// A batch of the same version and name is replaced from then on.
  ///
  /// - Parameters:
  ///   - at: since when the batch counts, microseconds since the epoch.
  ///   - promoting: the versions that become live, and since when.
  ///   - publish: is given the record as it will be. If it throws, nothing is written.
  /// - Precondition: the caller holds the writer lock.
  package func register(
    _ batch: NewBatch, facts: ModelVersion.Facts, at: Int64, now: Int64, promoting: (versions: [String], at: Int64)?,
    publish: (OutputRecord) throws -> Void
  ) throws(Diagnostics) {
    try Diagnostics.of { () throws(StoreError) in try batch.written.keep(in: self) }
    try catalog.writeUnlessRefused { database in
      try Self.keep(batch.written.record, database)
      try database.execute(
        sql: """
          insert into model_version (output, version, facts, created_at) values (?, ?, ?, ?)
          on conflict (output, version) do update set facts = excluded.facts
          """,
        arguments: [batch.output, batch.version, jsonText(facts), now])
      let replaced = try Int64.fetchAll(
        database, sql: "select id from output_batch where output = ? and version = ? and name = ?",
        arguments: [batch.output, batch.version, batch.name])
      if !replaced.isEmpty {
        try OutputEvent(output: batch.output, kind: .replace, effectiveAt: at, recordedAt: now, batches: replaced).insert(database)
      }
      let event = try OutputEvent(output: batch.output, kind: .register, effectiveAt: at, recordedAt: now).insert(database)
      try database.execute(
        sql: """
          insert into output_batch (event, output, version, name, digest, segment, row_count, summary, scored_from)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          event, batch.output, batch.version, batch.name, batch.written.digest, batch.written.record.digest, batch.written.rowCount,
          batch.summary, batch.scoredFrom,
        ])
      if let promoting {
        try OutputEvent(
          output: batch.output, kind: .promote, effectiveAt: promoting.at, recordedAt: now, versions: promoting.versions
        ).insert(database)
      }
      try publish(try OutputRecord.fetch(batch.output, database))
    }
  }

  /// Adds to what is known of a model version.
  ///
  /// - Precondition: the caller holds the writer lock.
  package func note(_ facts: ModelVersion.Facts, of version: String, _ output: String) throws(StoreError) {
    try catalog.write { database in
      try database.execute(
        sql: "update model_version set facts = ? where output = ? and version = ?", arguments: [jsonText(facts), output, version])
    }
  }

  /// - Parameter publish: is given the record as it will be. If it throws, nothing is written.
  /// - Precondition: the caller holds the writer lock.
  package func promote(
    _ output: String, _ versions: [String], at: Int64, now: Int64, publish: (OutputRecord) throws -> Void
  ) throws(Diagnostics) {
    try catalog.writeUnlessRefused { database in
      try OutputEvent(output: output, kind: .promote, effectiveAt: at, recordedAt: now, versions: versions).insert(database)
      try publish(try OutputRecord.fetch(output, database))
    }
  }

  /// Lets batches count no longer. They stay in the store, and in what was shown before.
  ///
  /// - Parameter publish: is given the record as it will be. If it throws, nothing is written.
  /// - Precondition: the caller holds the writer lock.
  package func withdraw(
    _ batches: [OutputBatch], of output: String, at: Int64, now: Int64, publish: (OutputRecord) throws -> Void
  ) throws(Diagnostics) {
    try catalog.writeUnlessRefused { database in
      try OutputEvent(output: output, kind: .withdraw, effectiveAt: at, recordedAt: now, batches: batches.map(\.id)).insert(database)
      try publish(try OutputRecord.fetch(output, database))
    }
  }

  static func keep(_ record: SegmentRecord, _ database: Database) throws {
    try database.execute(
      sql: "insert or ignore into segment (digest, byte_count, facts) values (?, ?, ?)",
      arguments: [record.digest, record.byteCount, record.facts])
  }
}

/// One thing that was done to an output.
private struct OutputEvent {
  enum Kind: String { case register, promote, withdraw, replace }

  let output: String
  let kind: Kind
  let effectiveAt: Int64
  let recordedAt: Int64
  /// Of a promotion.
  var versions: [String] = []
  /// That count no longer.
  var batches: [Int64] = []

  private struct Detail: Codable {
    var versions: [String]
    var batches: [Int64]
  }

  /// - Returns: its id.
  @discardableResult
  func insert(_ database: Database) throws -> Int64 {
    try database.execute(
      sql: "insert into output_event (output, kind, effective_at, recorded_at, detail) values (?, ?, ?, ?, ?)",
      arguments: [output, kind.rawValue, effectiveAt, recordedAt, jsonText(Detail(versions: versions, batches: batches))])
    return database.lastInsertedRowID
  }

  init(
    output: String, kind: Kind, effectiveAt: Int64, recordedAt: Int64, versions: [String] = [], batches: [Int64] = []
  ) {
    self.output = output
    self.kind = kind
    self.effectiveAt = effectiveAt
    self.recordedAt = recordedAt
    self.versions = versions
    self.batches = batches
  }

  init(_ row: Row) throws {
    let detail: String = row["detail"]
    let read = try JSONDecoder().decode(Detail.self, from: Data(detail.utf8))
    let kind: String = row["kind"]
    guard let kind = Kind(rawValue: kind) else { throw StoreError.damaged(path: "catalog.sqlite", reason: "an event of an output is none") }
    self.init(
      output: row["output"], kind: kind, effectiveAt: row["effective_at"], recordedAt: row["recorded_at"], versions: read.versions,
      batches: read.batches)
  }
}

extension OutputRecord {
  fileprivate static func fetch(_ output: String, _ database: Database) throws -> OutputRecord {
    var events: [(id: Int64, event: OutputEvent)] = []
    for row in try Row.fetchAll(database, sql: "select * from output_event where output = ? order by id", arguments: [output]) {
      events.append((row["id"], try OutputEvent(row)))
    }
    // A batch can end once; what is declared to have been earlier counts.
    var ends: [Int64: (at: Int64, end: OutputBatch.End)] = [:]
    for (_, event) in events where event.kind == .withdraw || event.kind == .replace {
      let end: OutputBatch.End = event.kind == .withdraw ? .withdrawn : .replaced
      for id in event.batches where ends[id].map({ event.effectiveAt < $0.at }) ?? true { ends[id] = (event.effectiveAt, end) }
    }
    let batches = try Row.fetchAll(
      database,
      sql: """
        select output_batch.*, effective_at, recorded_at from output_batch join output_event on output_event.id = event
        where output_batch.output = ? order by output_batch.id
        """,
      arguments: [output]
    ).map { row in
      let id: Int64 = row["id"]
      return OutputBatch(
        id: id, output: output, version: row["version"], name: row["name"], digest: row["digest"], segment: row["segment"],
        rowCount: row["row_count"], summary: row["summary"], scoredFrom: row["scored_from"], effectiveAt: row["effective_at"],
        recordedAt: row["recorded_at"], endedAt: ends[id]?.at, end: ends[id]?.end)
    }
    let promotions = events.filter { $0.event.kind == .promote }.sorted { ($0.event.effectiveAt, $0.id) < ($1.event.effectiveAt, $1.id) }
      .map { OutputPromotion(at: $0.event.effectiveAt, recordedAt: $0.event.recordedAt, versions: $0.event.versions) }
    let versions = try Row.fetchAll(database, sql: "select * from model_version where output = ? order by id", arguments: [output]).map {
      row in
      let facts: String = row["facts"]
      return ModelVersion(
        output: output, name: row["version"], createdAt: row["created_at"],
        facts: try JSONDecoder().decode(ModelVersion.Facts.self, from: Data(facts.utf8)))
    }
    let store = try String.fetchOne(database, sql: "select id from store") ?? ""
    return OutputRecord(
      output: output, store: store, batches: batches, promotions: promotions, versions: versions, lastEvent: events.last?.id ?? 0)
  }
}
