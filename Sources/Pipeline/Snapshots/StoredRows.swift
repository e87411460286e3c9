import ArrowFiles
import Columns
import Definitions
import Diagnostics
import Engine
import Planning

/// A snapshot's rows, read from its segments batch by batch; what is read is compared with its checksum.
///
/// A segment holds its rows sorted. Where there are several, a batch is what each has of a range of key hashes, merged.
struct StoredRows: ViewRows {
  let rowCount: Int
  let keys: [Field]
  let values: [ViewValue]
  let lowestHashes: ContiguousArray<UInt64>
  private let segments: [OpenSegment]
  /// When versions end that later segments have ended.
  private let ends: [VersionEnds]
  private let plan: ViewPlan
  private let places: [ViewTable.Part: Int]

  /// - Parameters:
  ///   - segments: of equal fields, in the order in which they came.
  ///   - ends: one a segment.
  init(_ segments: [OpenSegment], ends: [VersionEnds], rowCount: Int, plan: ViewPlan) throws(StoreError) {
    guard let first = segments.first else { preconditionFailure("a snapshot has rows, be there none") }
    self.segments = segments
    self.ends = ends
    self.plan = plan
    self.rowCount = rowCount
    let file = first.file
    let places = SegmentLayout.places(file.fields)
    self.places = places
    let untyped = Set((file.metadata[SegmentLayout.untyped] ?? "").split(separator: ",").compactMap { Int($0) })
    var needed: [ViewTable.Part] = plan.keys.indices.map { .key($0) } + plan.values.indices.map { .value($0) }
    needed += plan.filters.indices.map { .filter($0) } + plan.lateColumns.indices.map { .late($0) }
    if plan.eventTime != nil { needed.append(.eventTime) }
    guard needed.allSatisfy({ places[$0] != nil }), segments.allSatisfy({ $0.file.fields == file.fields }) else {
      throw .segment(.damaged(path: file.path, what: "it lacks columns of a feature view"))
    }
    func field(_ part: ViewTable.Part) -> Field { file.fields[places[part] ?? 0] }
    keys = plan.keys.indices.map { i in
      let field = field(.key(i))
      return Field(String(field.name.dropFirst(4)), field.type)
    }
    values = plan.values.indices.map { ViewValue(type: field(.value($0)).type, isUntyped: untyped.contains($0)) }
    // The segment of most rows says where batches begin.
    let largest = segments.max { $0.batchCount < $1.batchCount } ?? first
    lowestHashes = largest.lowestHashes.isEmpty && rowCount > 0 ? [0] : largest.lowestHashes
  }

  // MARK: For the engine

  func batch(_ number: Int, _ wanted: ViewColumns) throws(Diagnostics) -> ViewBatch {
    var parts: [ViewTable.Part] = plan.keys.indices.map { .key($0) } + [.eventTime, .knownTime, .servesUntil, .silent]
    parts += wanted.values.map { .value($0) } + wanted.filters.map { .filter($0) } + wanted.late.map { .late($0) }
    let table = try Diagnostics.of { () throws(StoreError) in try self.table(number, parts.filter { places[$0] != nil }) }
    func times(_ part: ViewTable.Part) -> Buffer<Int64>? { table.column(part).flatMap(\.timesOrNever) }
    let event = times(.eventTime)
    let delayed = plan.delayMicroseconds == 0 ? nil : event?.delayed(by: plan.delayMicroseconds)
    var (late, values, filters): ([Int: Buffer<Int64>], [Int: Column], [Int: Column]) = ([:], [:], [:])
    for i in wanted.late { late[i] = times(.late(i)) }
    for i in wanted.values { values[i] = table.column(.value(i)) }
    for i in wanted.filters { filters[i] = table.column(.filter(i)) }
    var silent: Bitmap?
    if let column = table.column(.silent), case .boolean(let flags) = column.values { silent = flags }
    return ViewBatch(
      rowCount: table.rowCount, keys: plan.keys.indices.compactMap { table.column(.key($0)) }, eventTime: event,
      knownTime: times(.knownTime) ?? delayed, servesUntil: times(.servesUntil), silent: silent, lateKnown: late, values: values,
      filters: filters)
  }

  func release(_ number: Int) {
    for segment in segments {
      for batch in segment.batches(hashes(of: number)) { segment.file.release(batch) }
    }
  }

  // MARK: Rows with all that is kept of them

  var batchCount: Int { lowestHashes.count }

  var fields: [Field] { segments[0].file.fields }

  var segmentCount: Int { segments.count }

  func batchCount(ofSegment segment: Int) -> Int { segments[segment].batchCount }

  func firstRow(ofBatch batch: Int, inSegment segment: Int) -> Int { segments[segment].firstRow(of: batch) }

  /// One segment's batch as it stands in the file.
  func rawTable(_ segment: Int, _ batch: Int, _ parts: [ViewTable.Part]) throws(StoreError) -> ViewTable {
    try table(segments[segment], batch: batch, parts)
  }

  /// Of the plan, which values have no type of their own.
  var untyped: [Int] { values.indices.filter { values[$0].isUntyped } }

  /// Hands out all rows as they stand in the segments, with the ends that later ones have given them, some of them at a time.
  func forEachTable(_ body: (ViewTable) throws(Diagnostics) -> Void) throws(Diagnostics) {
    for (segment, ends) in zip(segments, ends) {
      for batch in 0..<segment.batchCount {
        let whole = try Diagnostics.of { () throws(StoreError) in try table(segment, batch: batch, parts) }
        for start in stride(from: 0, to: whole.rowCount, by: 1 << 16) {
          let some = whole.rows(start..<min(whole.rowCount, start + (1 << 16)))
          try body(ends.isEmpty ? some : some.ended(by: ends, from: segment.firstRow(of: batch) + start))
          segment.file.release(batch)
        }
      }
    }
  }

  /// The parts that segments hold, in their order.
  var parts: [ViewTable.Part] { places.sorted { $0.value < $1.value }.map(\.key) }

  /// A batch's rows in their order.
  func table(_ number: Int, _ parts: [ViewTable.Part]) throws(StoreError) -> ViewTable {
    let hashes = hashes(of: number)
    if segments.count == 1 {
      let table = try table(segments[0], batch: number, parts)
      return ends[0].isEmpty ? table : table.ended(by: ends[0], from: segments[0].firstRow(of: number))
    }
    var table = ViewTable.concatenated(try merged(hashes, parts))
    // Ties between segments are settled by values that may not be wanted otherwise.
    let all = self.parts
    var failure: StoreError?
    let order = table.order { [table] in
      do throws(StoreError) { return ViewTable.concatenated(try self.merged(hashes, all)) } catch {
        failure = error
        return table
      }
    }
    if let failure { throw failure }
    table.arrange(by: order)
    return table
  }

  private func hashes(of number: Int) -> ClosedRange<UInt64> {
    lowestHashes[number]...(number + 1 < lowestHashes.count ? lowestHashes[number + 1] - 1 : .max)
  }

  private func table(_ segment: OpenSegment, batch: Int, _ parts: [ViewTable.Part]) throws(StoreError) -> ViewTable {
    let (columns, count) = try segment.columns(of: batch, wanted: Set(parts.compactMap { places[$0] }))
    return ViewTable(parts: parts, columns: parts.compactMap { places[$0].flatMap { columns[$0] } }, rowCount: count)
  }

  /// What each segment has of a range of hashes.
  private func merged(_ hashes: ClosedRange<UInt64>, _ parts: [ViewTable.Part]) throws(StoreError) -> [ViewTable] {
    var tables: [ViewTable] = []
    for (segment, ends) in zip(segments, ends) {
      for batch in segment.batches(hashes) {
        var table = try table(segment, batch: batch, parts)
        if !ends.isEmpty { table = table.ended(by: ends, from: segment.firstRow(of: batch)) }
        let rows = table.rows(hashes)
        if rows.count < table.rowCount { table = table.gathered(ContiguousArray(rows.lazy.map { Int32($0) }).span) }
        if tables.isEmpty || table.rowCount > 0 { tables.append(table) }
      }
    }
    if tables.isEmpty { tables.append(try empty(parts)) }
    return tables
  }

  private func empty(_ parts: [ViewTable.Part]) throws(StoreError) -> ViewTable {
    let fields = segments[0].file.fields
    return ViewTable(parts: parts, columns: parts.compactMap { places[$0].map { ColumnBuilder(fields[$0].type).finish() } }, rowCount: 0)
  }
}

extension ViewTable {
  fileprivate func rows(_ range: Range<Int>) -> ViewTable {
    ViewTable(parts: parts, columns: columns.map { Column.concatenated([($0, range)], type: $0.type) }, rowCount: range.count)
  }

  /// The rows whose key hashes are in a range: rows are sorted by them.
  fileprivate func rows(_ hashes: ClosedRange<UInt64>) -> Range<Int> {
    func first(notBelow hash: UInt64) -> Int {
      var (low, high) = (0, rowCount)
      while low < high {
        let middle = (low + high) / 2
        if keyHash(ofRow: middle) < hash { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = first(notBelow: hashes.lowerBound)
    return start..<(hashes.upperBound == .max ? rowCount : max(start, first(notBelow: hashes.upperBound + 1)))
  }

  /// With the ends that later segments have given to rows of this one.
  fileprivate func ended(by ends: VersionEnds, from firstRow: Int) -> ViewTable {
    guard let column = column(.servesUntil), var until = column.timesOrNever?.elements(0..<rowCount) else { return self }
    for (row, end) in ends.within(firstRow..<firstRow + rowCount) { until[row - firstRow] = min(until[row - firstRow], end) }
    return replacing(.servesUntil, by: Column(.timestamp(Buffer(until)), validity: Bitmap(until.lazy.map { $0 != .max })))
  }
}

extension Column {
  /// Times of which null means never.
  fileprivate var timesOrNever: Buffer<Int64>? {
    guard case .timestamp(let buffer) = values else { return nil }
    if nullCount == 0 { return buffer }
    let span = buffer.span
    var times = ContiguousArray<Int64>()
    times.reserveCapacity(span.count)
    for i in span.indices { times.append(isNull(i) ? .max : span[i]) }
    return Buffer(times)
  }
}
