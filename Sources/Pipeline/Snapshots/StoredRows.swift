import ArrowFiles
import Columns
import Definitions
import Diagnostics
import Engine
import Foundation
import Planning

/// A segment that is open, with what the catalog knows of it.
struct OpenSegment: Sendable {
  let file: ArrowBatches
  let record: SegmentRecord?

  /// - Parameter isTrusted: whether its bytes were compared with its digest already.
  init(_ path: String, _ record: SegmentRecord?) throws(ArrowFileError) {
    file = try ArrowBatches(mapping: path)
    self.record = record
    guard let record else { return }
    try file.checkFrame(record.frame)
    guard file.count == record.batches.count, file.byteCount == record.byteCount else {
      throw .damaged(path: path, what: "it has \(file.count) record batches, not \(record.batches.count)")
    }
  }

  func columns(of batch: Int, wanted: Set<Int>) throws(ArrowFileError) -> (columns: [Column?], rowCount: Int) {
    guard let record else { return try file.columns(of: batch, wanted: wanted, checksums: nil) }
    let facts = record.batches[batch]
    let (columns, rowCount) = try file.columns(of: batch, wanted: wanted, checksums: facts.checksums.span)
    guard rowCount == facts.rowCount else {
      throw .damaged(path: file.path, what: "record batch \(batch) has \(rowCount) rows, not \(facts.rowCount)")
    }
    return (columns, rowCount)
  }
}

/// A snapshot's rows, read from its segments batch by batch; what is read is compared with its checksum.
struct StoredRows: ViewRows {
  let rowCount: Int
  let keys: [Field]
  let values: [ViewValue]
  let lowestHashes: ContiguousArray<UInt64>
  private let segment: OpenSegment
  private let plan: ViewPlan
  private let places: [ViewTable.Part: Int]

  init(_ segment: OpenSegment, rowCount: Int, plan: ViewPlan) throws(StoreError) {
    self.segment = segment
    self.plan = plan
    self.rowCount = rowCount
    let file = segment.file
    let places = SegmentLayout.places(file.fields)
    self.places = places
    let untyped = Set((file.metadata[SegmentLayout.untyped] ?? "").split(separator: ",").compactMap { Int($0) })
    var needed: [ViewTable.Part] = plan.keys.indices.map { .key($0) } + plan.values.indices.map { .value($0) }
    needed += plan.filters.indices.map { .filter($0) } + plan.lateColumns.indices.map { .late($0) }
    if plan.eventTime != nil { needed.append(.eventTime) }
    guard needed.allSatisfy({ places[$0] != nil }) else {
      throw .segment(.damaged(path: file.path, what: "it lacks columns of a feature view"))
    }
    func field(_ part: ViewTable.Part) -> Field { file.fields[places[part] ?? 0] }
    keys = plan.keys.indices.map { i in
      let field = field(.key(i))
      return Field(String(field.name.dropFirst(4)), field.type)
    }
    values = plan.values.indices.map { ViewValue(type: field(.value($0)).type, isUntyped: untyped.contains($0)) }
    lowestHashes =
      if let record = segment.record { ContiguousArray(record.batches.map(\.lowestHash)) } else { ContiguousArray(repeating: 0, count: file.count) }
  }

  func batch(_ number: Int, _ wanted: ViewColumns) throws(Diagnostics) -> ViewBatch {
    var parts: [ViewTable.Part] = plan.keys.indices.map { .key($0) } + [.eventTime, .knownTime, .servesUntil]
    parts += wanted.values.map { .value($0) } + wanted.filters.map { .filter($0) } + wanted.late.map { .late($0) }
    let (columns, count) = try Diagnostics.of { () throws(StoreError) in
      do throws(ArrowFileError) {
        return try segment.columns(of: number, wanted: Set(parts.compactMap { places[$0] }))
      } catch {
        throw .segment(error)
      }
    }
    func column(_ part: ViewTable.Part) -> Column? { places[part].flatMap { columns[$0] } }
    func times(_ part: ViewTable.Part) -> Buffer<Int64>? { column(part).flatMap(\.timesOrNever) }
    let event = times(.eventTime)
    let delayed = plan.delayMicroseconds == 0 ? nil : event?.delayed(by: plan.delayMicroseconds)
    var (late, values, filters): ([Int: Buffer<Int64>], [Int: Column], [Int: Column]) = ([:], [:], [:])
    for i in wanted.late { late[i] = times(.late(i)) }
    for i in wanted.values { values[i] = column(.value(i)) }
    for i in wanted.filters { filters[i] = column(.filter(i)) }
    return ViewBatch(
      rowCount: count, keys: plan.keys.indices.compactMap { column(.key($0)) }, eventTime: event, knownTime: times(.knownTime) ?? delayed,
      servesUntil: times(.servesUntil), lateKnown: late, values: values, filters: filters)
  }

  func finished(_ number: Int) { segment.file.release(number) }
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
