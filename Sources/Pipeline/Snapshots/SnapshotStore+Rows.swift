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
    guard let name = snapshot.segments.first(where: { $0.role == .rows })?.digest else {
      throw .damaged(path: "\(folder)/catalog.sqlite", reason: "snapshot \(snapshot.digest.prefix(8)) of view \(snapshot.view) has no rows")
    }
    return try StoredRows(try open(name), rowCount: snapshot.rowCount, plan: plan)
  }

  func open(_ segment: String) throws(StoreError) -> OpenSegment {
    let record = try catalog.read { database in
      try Row.fetchOne(database, sql: "select * from segment where digest = ?", arguments: [segment]).flatMap(SegmentRecord.init)
    }
    let path = path(ofSegment: segment)
    // Nothing but its name is known of an older one.
    if record == nil { try checkDigest(segment) }
    do throws(ArrowFileError) { return try OpenSegment(path, record) } catch { throw .segment(error) }
  }

  /// A snapshot's key, times and values, for people to look at.
  ///
  /// - Parameter limit: so many rows are enough.
  /// - Precondition: the caller holds the reader lock as long as the columns are in use.
  package func readableColumns(of snapshot: Snapshot, limit: Int = .max) throws(StoreError) -> [SnapshotColumn] {
    var columns: [SnapshotColumn] = []
    for segment in snapshot.segments where segment.role == .rows {
      let opened = try open(segment.digest)
      let names = opened.file.fields.map { SegmentLayout.readableName(of: $0.name) }
      let wanted = Set(names.indices.filter { names[$0] != nil })
      var pieces = [[(column: Columns.Column, rows: Range<Int>)]](repeating: [], count: names.count)
      var rows = 0
      for batch in 0..<opened.file.count where rows < limit {
        do throws(ArrowFileError) {
          let (read, count) = try opened.columns(of: batch, wanted: wanted)
          for i in wanted { if let column = read[i] { pieces[i].append((column, 0..<min(count, limit - rows))) } }
          rows += count
        } catch {
          throw .segment(error)
        }
      }
      for (i, name) in names.enumerated() {
        guard let name else { continue }
        let column = Columns.Column.concatenated(pieces[i], type: opened.file.fields[i].type)
        columns.append(SnapshotColumn(name: name.name, kind: name.kind, column: column))
      }
    }
    return columns
  }
}
