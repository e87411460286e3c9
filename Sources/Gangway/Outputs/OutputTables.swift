import Columns
import Definitions
import Diagnostics
import Outputs
import Planning
import Snapshots
import Warehouses

/// The three relations of an output, as the warehouse gets them.
struct OutputTables {
  private let rows: OutputRows
  private let history: ShownHistory
  /// Places in the history that are shown still.
  private let shown: ContiguousArray<Int32>
  private var next = [0, 0, 0]

  /// Rows of one step.
  private static let step = 1 << 16

  init(_ rows: OutputRows) {
    self.rows = rows
    history = rows.history
    shown = ContiguousArray(history.until.indices.lazy.filter { [until = history.until] in until[$0] == .max }.map { Int32($0) })
  }

  var shownCount: Int { shown.count }

  func publication(refreshedAt: Int64) -> Publication {
    let output = rows.output
    let own = output.columns.map { CatalogEntry.Column($0.name.value, $0.type, $0.description) }
    // Readers of a column's earlier name go on.
    let earlier = output.columns.flatMap { column in
      column.earlierNames.map { CatalogEntry.Column($0.value, column.type, "As \(column.name.value), which it is called now.") }
    }
    let key = output.key.map { CatalogEntry.Column($0.name.value, $0.type, $0.description) }
    let columns = key + own + earlier + [CatalogEntry.Column(ModelOutput.predictedAtColumn, .timestamp, "When the model said so.")]
    let source = [
      CatalogEntry.Column("model_version", .string, "The version of the model."),
      CatalogEntry.Column("batch", .string, "The rows that were registered together."),
    ]
    func table(
      _ name: String, _ what: String, grain: [String], _ columns: [CatalogEntry.Column], index: [String], versions: [String]
    ) -> Publication.Table {
      let description = [output.about.description, what].compactMap(\.self).joined(separator: " ")
      return Publication.Table(
        entry: CatalogEntry(
          relation: name, description: description, owner: output.about.owner, grain: grain, columns: columns, modelVersions: versions),
        index: index)
    }
    let names = output.key.map(\.name.value)
    let versions = rows.record.versions.map(\.name)
    return Publication(
      name: output.name.value, state: output.publishedState(rows.record),
      tables: [
        table(
          output.shownRelation, "What is shown now.", grain: names,
          columns + [CatalogEntry.Column("valid_from", .timestamp, "Since when it is shown.")] + source, index: names,
          versions: versions.filter(Set(shownVersions).contains)),
        table(
          output.historyRelation, "What was shown when.", grain: names + ["valid_from"],
          columns + [
            CatalogEntry.Column("valid_from", .timestamp, "Since when it was shown."),
            CatalogEntry.Column("valid_to", .timestamp, "Until when it was shown; null: it still is."),
            CatalogEntry.Column("valid_from_us", .int64, "The same in microseconds since 1970, for joins."),
            CatalogEntry.Column("valid_to_us", .int64, "The same in microseconds since 1970, for joins."),
          ] + source, index: names + ["valid_from_us"], versions: versions),
        table(
          output.allRelation, "Every row that was registered.", grain: [],
          columns + [
            CatalogEntry.Column("known_at", .timestamp, "Since when it was known."),
            CatalogEntry.Column("withdrawn_at", .timestamp, "Since when it counts no longer; null: it still does."),
          ] + source, index: names, versions: versions),
      ], refreshedAt: refreshedAt)
  }

  private var shownVersions: [String] {
    var found = Set<Int32>()
    for place in shown { found.insert(rows.batches[Int(history.rows[Int(place)])]) }
    return found.map { rows.record.batches[Int($0)].version }
  }

  /// The next rows of a table, by its place; nil: there are no more.
  mutating func step(_ table: Int) -> TableRows? {
    let total = [shown.count, history.count, rows.rowCount][table]
    let start = next[table]
    if start >= total { return nil }
    let end = min(total, start + Self.step)
    next[table] = end
    switch table {
    case 0: return stretch(shown[start..<end].map { Int($0) }, withEnd: false)
    case 1: return stretch(Array(start..<end), withEnd: true)
    default: return registered(start..<end)
    }
  }

  private func stretch(_ places: [Int], withEnd: Bool) -> TableRows {
    let picked = ContiguousArray(places.map { history.rows[$0] })
    let from = Column(.timestamp(Buffer(places.map { history.from[$0] })))
    var columns = common(picked) + [from]
    if withEnd {
      let until = timesOrNull(places.map { history.until[$0] })
      columns += [until, from.asNumbers, until.asNumbers]
    }
    return TableRows(columns: columns + source(picked), rowCount: places.count)
  }

  private func registered(_ range: Range<Int>) -> TableRows {
    let picked = ContiguousArray(range.map { Int32($0) })
    let known = Column(.timestamp(Buffer(range.map { rows.registered.knownAt[$0] })))
    return TableRows(
      columns: common(picked) + [known, timesOrNull(range.map { rows.registered.endedAt[$0] })] + source(picked), rowCount: range.count)
  }

  /// Key, columns, earlier names and the time of the prediction.
  private func common(_ picked: ContiguousArray<Int32>) -> [Column] {
    let output = rows.output
    let all = rows.columns.map { $0.gathered(picked.span) }
    let keyed = output.key.count
    let earlier = output.columns.indices.flatMap { place in output.columns[place].earlierNames.map { _ in all[keyed + place] } }
    return Array(all.dropLast()) + earlier + all.suffix(1)
  }

  private func source(_ picked: ContiguousArray<Int32>) -> [Column] {
    rows.sources(ContiguousArray(picked.map { rows.batches[Int($0)] }))
  }
}

extension OutputRows {
  /// The model versions and the names of batches.
  func sources(_ batches: ContiguousArray<Int32>) -> [Column] {
    func texts(_ name: (OutputBatch) -> String) -> Column {
      var builder = ColumnBuilder(.string, capacity: record.batches.count)
      for batch in record.batches { builder.append(name(batch)) }
      return builder.finish().gathered(batches.span)
    }
    return [texts(\.version), texts(\.name)]
  }
}

/// Times of which one, the last of all if not said, means that there is none.
func timesOrNull(_ times: [Int64], none: Int64 = .max) -> Column {
  var builder = ColumnBuilder(.timestamp, capacity: times.count)
  for time in times { if time == none { builder.appendNull() } else { builder.append(time) } }
  return builder.finish()
}

extension Column {
  /// The microseconds of times.
  var asNumbers: Column {
    guard case .timestamp(let buffer) = values else { return self }
    return Column(.int64(buffer), validity: validity)
  }
}

extension ModelOutput {
  /// Names the store that the published relations are of, unless nothing is in them, and all that they are made of.
  func publishedState(_ record: OutputRecord) -> String {
    let columns = columns.map { column in
      "\(column.name.value) \(column.type.rawValue) \(column.earlierNames.map(\.value)) \(column.description ?? "")"
    }
    let key = key.map { "\($0.name.value) \($0.type?.rawValue ?? "")" }
    let parts = [
      "outputs 2", "\(record.lastEvent)", "\(record.batches.map { [$0.recordedAt, $0.endedAt] })",
      "\(record.promotions.map(\.recordedAt))", "\(key)", "\(columns)", "\(isKnownWhenPredicted)", about.description ?? "",
      about.owner ?? "",
    ]
    let store = record.lastEvent == 0 ? "" : record.store
    return "\(store) \(sha256Hex(parts.joined(separator: "\n")))"
  }
}
