package import Columns
import Definitions
package import Diagnostics
import Engine
package import Planning
package import Warehouses

/// A spine as it comes out: rows chosen and in their final order (rule R1).
package struct SpineRows: Sendable {
  let plan: TrainingSetPlan
  /// One per output of the plan, in final order.
  let columns: [ScannedColumn]
  package let decisionTime: Buffer<Int64>
  package let rowCount: Int

  /// - Parameters:
  ///   - knownBy: a cutoff of knowledge, microseconds since the epoch: it decides which labels come out.
  ///   - place: where a column of the spine is kept from now on.
  /// - Throws: a null decision time, with row and column.
  package init(
    _ scan: ScanResult, plan: TrainingSetPlan, knownBy: Int64?, place: (Column) throws(Diagnostics) -> Column
  ) throws(Diagnostics) {
    let times = try Self.decisionTimes(scan, plan)
    guard case .timestamp(let instants) = times.values else { preconditionFailure("times are read as timestamps") }
    let span = instants.span
    let bounds = (from: plan.set.spine.fromMicroseconds ?? .min, until: plan.set.spine.untilMicroseconds ?? .max)
    var order = ContiguousArray<Int32>()
    for row in span.indices where span[row] >= bounds.from && (span[row] < bounds.until || bounds.until == .max) {
      order.append(Int32(row))
    }
    let read = scan.columns.map(\.column)
    let labels = plan.labels.map { MatureLabel($0, columns: read, rows: order, cutoff: knownBy).column }
    let sorter = SpineOrder(plan: plan, columns: read, labels: labels)
    sorter.sort(&order)
    self.plan = plan
    rowCount = order.count
    if order.count == scan.rowCount, Buffer(order).isCounting {
      decisionTime = instants
      columns = scan.columns
      return
    }
    guard case .timestamp(let placed) = try place(times.gathered(order.span)).values else { preconditionFailure("a time stays one") }
    decisionTime = placed
    var columns: [ScannedColumn] = []
    for column in scan.columns {
      let gathered = try place(column.column.gathered(order.span))
      columns.append(ScannedColumn(column: gathered, isUntyped: column.isUntyped, nonFinite: column.nonFinite))
    }
    self.columns = columns
  }

  init(plan: TrainingSetPlan, columns: [ScannedColumn], decisionTime: Buffer<Int64>, rowCount: Int) {
    self.plan = plan
    self.columns = columns
    self.decisionTime = decisionTime
    self.rowCount = rowCount
  }

  private static func decisionTimes(_ scan: ScanResult, _ plan: TrainingSetPlan) throws(Diagnostics) -> Column {
    guard let output = plan.asOf else {
      guard let time = plan.scoring?.decidedAt else { preconditionFailure("rows ask at times of their own, or all at one") }
      return Column(.timestamp(Buffer(ContiguousArray(repeating: time, count: scan.rowCount))))
    }
    let times = scan.columns[output].column
    if times.nullCount > 0 { throw nullDecision(in: output, scan, plan) }
    return times
  }

  private static func nullDecision(in output: Int, _ scan: ScanResult, _ plan: TrainingSetPlan) -> Diagnostics {
    let column = scan.columns[output].column
    let first = (0..<scan.rowCount).first { column.isNull($0) } ?? 0
    let more = column.nullCount == 1 ? "" : "; \(column.nullCount - 1) more rows are null there"
    return Diagnostics([
      Diagnostic(
        at: plan.outputLocations[output],
        "\(plan.spineName), \(scan.rowNumbersAreRowIDs ? "rowid" : "row") \(scan.rowNumbers.span[first]), column "
          + "\"\(plan.outputs[output].text)\": the decision time is null\(more)",
        rule: "null-time", hint: "leave such rows out with the spine's `where`")
    ])
  }

  /// A column that comes out before the features.
  func column(_ plan: SpineColumnPlan) -> Column {
    plan.output.map { columns[$0].column } ?? Column(.timestamp(decisionTime))
  }

  /// By column, what was read, where values told.
  package var types: [String: DataType] {
    var types: [String: DataType] = [:]
    for column in plan.columns {
      if let output = column.output, !columns[output].isUntyped { types[column.name] = columns[output].column.type }
    }
    return types
  }

  package var selections: [SelectionPlan] { plan.selections }

  /// The key by which a view is asked in one role.
  package func keys(of selection: SelectionPlan) -> [Column] { selection.keys.map { columns[$0].column } }

  /// The questions of one key: the spine's rows grouped by it.
  func questions(keys: [Int], rows: Range<Int>, workers: Int) -> Questions {
    Questions(keys: keys.map { columns[$0].column }, times: decisionTime, range: rows, workers: workers)
  }

  /// In memory, about.
  package var byteCount: Int { 8 * rowCount + columns.reduce(0) { $0 + $1.column.byteCount } }
}

/// `order_by`, then all other spine columns as they come out, nulls first, text by bytes: an immature label as null. A decision time that
/// is all rows' tells none apart.
private struct SpineOrder {
  private let columns: [Column]

  init(plan: TrainingSetPlan, columns read: [Column], labels: [Column]) {
    let named = plan.orderBy.compactMap { $0 ?? plan.asOf }
    let first = plan.orderBy.isEmpty ? Self.standard(plan) : named
    let rest = plan.columns.compactMap { $0.output ?? plan.asOf }
    var seen = Set<Int>()
    columns = (first + rest).filter { seen.insert($0).inserted }.map { read[$0] } + labels
  }

  private static func standard(_ plan: TrainingSetPlan) -> [Int] {
    let keys = plan.selections.flatMap(\.keys) + plan.splitKeys
    let others = plan.columns.filter { $0.role != .key }.compactMap { $0.output ?? plan.asOf }
    return (plan.asOf.map { [$0] } ?? []) + keys + others
  }

  /// Most spines are read in their order; else most rows are told apart by the first column.
  func sort(_ rows: inout ContiguousArray<Int32>) {
    let keys = columns.first?.orderKeys
    if let keys, rises(rows, keys) { return }
    if rows.indices.dropFirst().allSatisfy({ !isBefore(Int(rows[$0]), Int(rows[$0 - 1])) }) { return }
    guard let keys else { return rows.sort { isBefore(Int($0), Int($1)) } }
    var entries = ContiguousArray<(key: Int64, row: Int32)>()
    entries.reserveCapacity(rows.count)
    for row in rows { entries.append((keys.span[Int(row)], row)) }
    entries.sort { a, b in a.key != b.key ? a.key < b.key : isBefore(Int(a.row), Int(b.row)) }
    rows = ContiguousArray(entries.lazy.map(\.row))
  }

  /// Whether the first column alone tells that all rows are in their order.
  private func rises(_ rows: ContiguousArray<Int32>, _ keys: Buffer<Int64>) -> Bool {
    let keys = keys.span
    for i in rows.indices.dropFirst() where keys[Int(rows[i - 1])] >= keys[Int(rows[i])] { return false }
    return true
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    for column in columns {
      let order = compareValues(column, a, column, b)
      if order != 0 { return order < 0 }
    }
    return false
  }
}

extension Column {
  /// Integers that order as the values do; nil where there are none, because of nulls or text.
  fileprivate var orderKeys: Buffer<Int64>? {
    guard nullCount == 0 else { return nil }
    switch values {
    case .int64(let buffer), .timestamp(let buffer): return buffer
    case .float64(let buffer):
      let span = buffer.span
      var keys = ContiguousArray<Int64>()
      keys.reserveCapacity(count)
      for i in span.indices {
        let bits = Int64(bitPattern: span[i].bitPattern)
        keys.append(bits < 0 ? bits ^ .max : bits)
      }
      return Buffer(keys)
    case .boolean, .string, .date: return nil
    }
  }
}
