import ArrowFiles
import Columns
package import Engine
import GRDB
package import Planning

extension SnapshotStore {
  /// A snapshot's rows, mapped from its segments.
  ///
  /// - Parameter plan: by which it was read.
  /// - Precondition: the caller holds the reader lock as long as the rows are in use.
  package func rows(of snapshot: Snapshot, plan: ViewPlan) throws(StoreError) -> any ViewRows {
    try storedRows(of: snapshot, plan: plan)
  }

  func storedRows(of snapshot: Snapshot, plan: ViewPlan) throws(StoreError) -> StoredRows {
    let names = snapshot.segments.filter { $0.role == .rows }.map(\.digest)
    if names.isEmpty {
      throw .damaged(path: "\(folder)/catalog.sqlite", reason: "snapshot \(snapshot.digest.prefix(8)) of view \(snapshot.view) has no rows")
    }
    var segments: [OpenSegment] = []
    for name in names { segments.append(try open(name)) }
    return try StoredRows(segments, ends: try ends(of: snapshot), rowCount: snapshot.rowCount, plan: plan)
  }

  /// Per segment of rows, which of them later ones have ended.
  func ends(of snapshot: Snapshot) throws(StoreError) -> [VersionEnds] {
    let count = snapshot.segments.filter { $0.role == .rows }.count
    var pairs = [[(row: Int, end: Int64)]](repeating: [], count: count)
    for segment in snapshot.segments where segment.role == .ends {
      let table = try read(segment.digest).table
      guard table.columns.count == 3, case .int64(let places) = table.columns[0].values, case .int64(let rows) = table.columns[1].values,
        case .timestamp(let ends) = table.columns[2].values
      else { throw .segment(.damaged(path: path(ofSegment: segment.digest), what: "it lacks columns of a list of ends")) }
      for i in 0..<table.rowCount where places.span[i] >= 0 && places.span[i] < count {
        pairs[Int(places.span[i])].append((Int(rows.span[i]), ends.span[i]))
      }
    }
    return pairs.map(VersionEnds.init)
  }

  func open(_ segment: String) throws(StoreError) -> OpenSegment {
    let record = try catalog.read { database in
      try Row.fetchOne(database, sql: "select * from segment where digest = ?", arguments: [segment]).flatMap(SegmentRecord.init)
    }
    // Nothing but its name is known of an older one.
    if record == nil { try checkDigest(segment) }
    return try OpenSegment(path(ofSegment: segment), record)
  }

  /// A snapshot's key, times and values, for people to look at.
  ///
  /// - Parameter limit: so many rows are enough.
  /// - Precondition: the caller holds the reader lock as long as the columns are in use.
  package func readableColumns(of snapshot: Snapshot, limit: Int = .max) throws(StoreError) -> [SnapshotColumn] {
    var segments: [OpenSegment] = []
    for segment in snapshot.segments where segment.role == .rows { segments.append(try open(segment.digest)) }
    guard let fields = segments.first?.file.fields else { return [] }
    let names = fields.map { SegmentLayout.readableName(of: $0.name) }
    let wanted = Set(names.indices.filter { names[$0] != nil })
    var pieces = [[(column: Columns.Column, rows: Range<Int>)]](repeating: [], count: names.count)
    var rows = 0
    for opened in segments {
      for batch in 0..<opened.file.count where rows < limit {
        let (read, count) = try opened.columns(of: batch, wanted: wanted)
        for i in wanted { if let column = read[i] { pieces[i].append((column, 0..<min(count, limit - rows))) } }
        rows += count
      }
    }
    let delay = segments.first?.file.metadata[SegmentLayout.delay].flatMap { Int64($0) }
    return names.indices.flatMap { i -> [SnapshotColumn] in
      guard let name = names[i] else { return [] }
      let column = Columns.Column.concatenated(pieces[i], type: fields[i].type)
      let found = SnapshotColumn(name: name.name, kind: name.kind, column: column)
      guard let delay, name.name == "event_time" else { return [found] }
      return [found, SnapshotColumn(name: "known_time", kind: .time, column: column.delayed(by: delay))]
    }
  }
}
