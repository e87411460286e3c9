internal import Dispatch
internal import Synchronization
internal import Warehouses

/// Shares out the row ids of a table among the threads that read it, a stretch at a time.
///
/// Row ids may be dense, sparse or both, so nobody knows how many rows a stretch has: a thread reads one batch of it and gives back what
/// is left. Stretches grow where they turn out empty, shrink where they do not, and get small towards the end, so that all threads end
/// together.
final class RowIDRanges: Sendable {
  private let state: Mutex<RangeState>
  /// A thread without work waits here while another may still give something back.
  private let change = DispatchSemaphore(value: 0)

  /// - Parameter all: rising.
  init(_ all: [ClosedRange<Int64>], threads: Int, batchRows: Int) {
    state = Mutex(RangeState(left: all.reversed(), threads: threads, batchRows: batchRows))
  }

  /// - Returns: nil when all row ids are read, or ``abandon()`` was called.
  func claim() -> ClosedRange<Int64>? {
    while true {
      switch state.withLock({ $0.claim() }) {
      case .range(let range): return range
      case .end: return nil
      case .wait: change.wait()
      }
    }
  }

  /// Gives back a claimed range, of which a batch was read.
  ///
  /// - Parameters:
  ///   - batch: nil: there were no rows.
  ///   - isDone: whether the range has no more.
  func giveBack(_ range: ClosedRange<Int64>, after batch: ScanBatch?, isDone: Bool) {
    let rowCount = batch?.rowCount ?? 0
    let rows = batch.map { $0.rowNumbers[0]...$0.rowNumbers[rowCount - 1] }
    wake(state.withLock { $0.giveBack(range, rowCount: rowCount, rows: rows, isDone: isDone) })
  }

  /// Nobody gets any more.
  func abandon() { wake(state.withLock { $0.abandon() }) }

  private func wake(_ count: Int) { for _ in 0..<count { change.signal() } }
}

/// What ``RowIDRanges`` decides, without the threads.
struct RangeState {
  enum Claim: Equatable {
    case range(ClosedRange<Int64>)
    case wait
    case end
  }

  /// Not claimed by anybody, greatest row ids first.
  private var left: [ClosedRange<Int64>]
  private let threads: UInt64
  private let batchRows: Int
  /// The span of all row ids, before any was claimed.
  private let all: UInt64
  /// How many row ids to give out at once.
  private var stretch: UInt64
  private var claimed = 0
  private var waiting = 0
  private var isAbandoned = false

  init(left: [ClosedRange<Int64>], threads: Int, batchRows: Int) {
    self.left = left
    self.threads = UInt64(threads)
    self.batchRows = batchRows
    stretch = UInt64(batchRows)
    all = left.reduce(0) { max($0, $1.span) }
  }

  mutating func claim() -> Claim {
    guard !isAbandoned, let next = left.popLast() else {
      if isAbandoned || claimed == 0 { return .end }
      waiting += 1
      return .wait
    }
    claimed += 1
    let rest = left.reduce(next.span) { $0.addingReportingOverflow($1.span).partialValue }
    let size = max(min(stretch, rest / (2 * threads)), min(stretch / 16, all / (32 * threads)), 1)
    guard size <= next.span else { return .range(next) }
    let border = next.lowerBound &+ Int64(bitPattern: size)
    left.append(border...next.upperBound)
    return .range(next.lowerBound...border - 1)
  }

  /// - Parameter rows: the first and the last row that were read; nil: none.
  /// - Returns: how many that wait can go on.
  mutating func giveBack(_ range: ClosedRange<Int64>, rowCount: Int, rows: ClosedRange<Int64>?, isDone: Bool) -> Int {
    claimed -= 1
    if !isDone, let rows {
      if rows.upperBound < range.upperBound { left.append(rows.upperBound + 1...range.upperBound) }
      // As many as had a batch's rows, where there were rows.
      stretch = rows.span + 1
    } else if rowCount < batchRows / 4 {
      stretch = stretch.multipliedReportingOverflow(by: 2).overflow ? .max : stretch * 2
    }
    return left.isEmpty && claimed > 0 ? 0 : leave()
  }

  mutating func abandon() -> Int {
    isAbandoned = true
    return leave()
  }

  private mutating func leave() -> Int {
    defer { waiting = 0 }
    return waiting
  }
}

extension ClosedRange<Int64> {
  /// One less than how many there are, which may be 2⁶⁴.
  var span: UInt64 { UInt64(bitPattern: upperBound &- lowerBound) }
}
