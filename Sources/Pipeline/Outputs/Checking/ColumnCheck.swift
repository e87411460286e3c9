internal import Columns
internal import Definitions
internal import Diagnostics
internal import Times

/// What each value of one column must be.
struct ColumnCheck: Sendable {
  private let target: Int32
  private let role: Contract.Target.Role
  private let accepted: AcceptedValues?
  /// The moment of registering.
  private let latest: Int64

  init(_ target: Contract.Target, number: Int, latest: Int64) {
    self.target = Int32(truncatingIfNeeded: number)
    self.latest = latest
    role = target.role
    accepted = target.rules.flatMap { AcceptedValues($0) }
  }

  /// - Parameter misfits: rows whose values are null only because they were none; in order.
  func look(at column: Column, misfits: ContiguousArray<Int32>, note: (Finding) -> Void) {
    func find(_ row: Int, _ problem: RowProblem) {
      note(Finding(row: Int32(truncatingIfNeeded: row), target: target, problem: problem))
    }
    lookAtNulls(of: column, misfits, find)
    switch role {
    case .key: break
    case .predictedAt:
      guard case .timestamp(let times) = column.values else { return }
      let span = times.span
      for row in span.indices where span[row] > latest && !column.isNull(row) { find(row, .future) }
    case .column(let rules):
      lookAtLimits(of: column, rules, find)
      if let longest = rules.maxLength { lookAtLengths(of: column, longest, find) }
      if let accepted { accepted.look(at: column) { find($0, .notAccepted) } }
    }
  }

  private func lookAtNulls(of column: Column, _ misfits: ContiguousArray<Int32>, _ find: (Int, RowProblem) -> Void) {
    let problem: RowProblem? =
      switch role {
      case .key: .nullKey
      case .predictedAt: .nullTime
      case .column(let rules): rules.isRequired ? .nullValue : nil
      }
    guard let problem, column.nullCount > misfits.count else { return }
    var next = 0
    for row in 0..<column.count where column.isNull(row) {
      if next < misfits.count, misfits[next] == row { next += 1 } else { find(row, problem) }
    }
  }

  private func lookAtLimits(of column: Column, _ rules: ModelOutputColumn, _ find: (Int, RowProblem) -> Void) {
    func look<Value: Comparable & BitwiseCopyable>(_ values: Buffer<Value>, _ limit: (Limit?) -> Value?) {
      let span = values.span
      if let least = limit(rules.least?.value) {
        for row in span.indices where span[row] < least && !column.isNull(row) { find(row, .belowLeast) }
      }
      if let greatest = limit(rules.greatest?.value) {
        for row in span.indices where span[row] > greatest && !column.isNull(row) { find(row, .aboveGreatest) }
      }
    }
    switch column.values {
    case .int64(let values): look(values) { if case .int64(let value) = $0 { value } else { nil } }
    case .float64(let values): look(values) { if case .float64(let value) = $0 { value } else { nil } }
    case .date(let values): look(values) { if case .date(let value) = $0 { value } else { nil } }
    case .timestamp(let values): look(values) { if case .timestamp(let value) = $0 { value } else { nil } }
    case .boolean, .string: break
    }
  }

  private func lookAtLengths(of column: Column, _ longest: Int, _ find: (Int, RowProblem) -> Void) {
    guard case .string(let offsets, let bytes) = column.values else { return }
    let (ends, text) = (offsets.span, bytes.span)
    for row in 0..<column.count where Int(ends[row + 1] - ends[row]) > longest {
      if characterCount(text.extracting(Int(ends[row])..<Int(ends[row + 1]))) > longest { find(row, .tooLong) }
    }
  }
}

/// As warehouses count: code points, so bytes that continue none.
func characterCount(_ text: Span<UInt8>) -> Int {
  var count = 0
  for i in text.indices { count += text[i] & 0xC0 != 0x80 ? 1 : 0 }
  return count
}
