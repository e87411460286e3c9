import Columns
import Definitions
import Digests
import Engine

/// The rows of a snapshot that are read again when it is next appended to: of each when it became known, and its digest.
///
/// Derived of the rows, like ends, and in no digest. Without it every append would read the whole snapshot for its last hour.
struct RecentRows: Sendable {
  /// Of more nothing is kept: then the snapshot is read.
  static let limit = 1 << 19

  struct Row: Sendable {
    /// Microseconds since the epoch.
    let knownAt: Int64
    let digest: RowDigest
  }

  /// All that became known later are here.
  private(set) var knownAfter: Int64
  private(set) var rows: ContiguousArray<Row> = []

  init(knownAfter: Int64) { self.knownAfter = knownAfter }

  mutating func append(_ row: Row) { if row.knownAt > knownAfter { rows.append(row) } }

  mutating func append(contentsOf others: ContiguousArray<Row>) { for row in others { append(row) } }

  /// Drops what became known up to a moment.
  mutating func forget(until moment: Int64) {
    if moment <= knownAfter { return }
    knownAfter = moment
    rows.removeAll { $0.knownAt <= moment }
  }

  var isTooMany: Bool { rows.count > Self.limit }
}

// As a segment.
extension RecentRows {
  private static let knownAfter = "gangway.known_after_us"
  private static let fields = [Field("known_time", .timestamp)] + (0..<4).map { Field("digest_\($0)", .int64) }

  var table: Table {
    let words = (0..<4).map { i in Column(.int64(Buffer(ContiguousArray(rows.lazy.map { Int64(bitPattern: $0.digest.bytes[i]) })))) }
    let times = Column(.timestamp(Buffer(ContiguousArray(rows.lazy.map(\.knownAt)))))
    return Table(fields: Self.fields, columns: [times] + words, rowCount: rows.count)
  }

  var metadata: [(String, String)] { [(Self.knownAfter, String(knownAfter))] }

  /// - Returns: nil if a segment is none of recent rows.
  init?(_ table: Table, metadata: [String: String]) {
    guard table.fields == Self.fields, let moment = metadata[Self.knownAfter].flatMap({ Int64($0) }),
      case .timestamp(let times) = table.columns[0].values
    else { return nil }
    let words = table.columns.dropFirst().compactMap { column in
      if case .int64(let buffer) = column.values { buffer } else { nil as Buffer<Int64>? }
    }
    guard words.count == 4 else { return nil }
    knownAfter = moment
    for row in 0..<table.rowCount {
      var bytes: MessageDigests.Digest = [0, 0, 0, 0]
      for (i, word) in words.enumerated() { bytes[i] = UInt64(bitPattern: word.span[row]) }
      rows.append(Row(knownAt: times.span[row], digest: RowDigest(bytes: bytes)))
    }
  }
}

extension SnapshotStore {
  /// Writes recent rows as a segment.
  func segment(of recent: RecentRows?) throws(StoreError) -> [SnapshotSegment] {
    guard let recent, !recent.isTooMany else { return [] }
    return [SnapshotSegment(role: .recent, digest: try write(recent.table, metadata: recent.metadata))]
  }

  /// The rows of a snapshot that became known after a moment, as they were noted when it was made; nil: they were not.
  func recentRows(of snapshot: Snapshot, knownAfter moment: Int64) -> RecentRows? {
    guard let segment = snapshot.segments.first(where: { $0.role == .recent }), let read = try? read(segment.digest),
      var recent = RecentRows(read.table, metadata: read.metadata), recent.knownAfter <= moment
    else { return nil }
    recent.forget(until: moment)
    return recent
  }
}
