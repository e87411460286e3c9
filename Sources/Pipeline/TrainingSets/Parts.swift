import Columns
import Crypto
import Definitions
import Diagnostics
import Engine
import Foundation
import Planning
import Times
import Warehouses

/// Which rows go into which part of a split, and which leave (rule R15).
struct Parts {
  private(set) var parts: [TrainingTable.Part] = []
  private(set) var leftOut: [TrainingReport.PartCount] = []

  init(spine: SpineRows, labels: [MatureLabel]) {
    guard let split = spine.plan.set.split else {
      parts = [TrainingTable.Part(name: "data", rows: .counting(spine.rowCount))]
      return
    }
    switch split.kind {
    case .byEntity(_, _, let train, let validation, let test, let seed):
      let hash = HashSplit(train: train, validation: validation, test: test, seed: seed)
      let keys = KeyColumns(spine.plan.splitKeys.map { spine.columns[$0].column })
      collect(spine, names: hash.names) { hash.part(keys, $0) }
    case .byDate(let validation, let test):
      collect(spine, labels, TimeSplit(validation: validation?.microseconds, test: test?.microseconds, embargo: split.embargo))
    case .bySpan(let validation, let test):
      collect(spine, labels, TimeSplit(backFrom: spine.newestDecision, validation: validation, test: test, embargo: split.embargo))
    }
  }

  private mutating func collect(_ spine: SpineRows, names: [String], part: (Int) -> Int) {
    var rows = [ContiguousArray<Int32>](repeating: [], count: names.count)
    for row in 0..<spine.rowCount { rows[part(row)].append(Int32(row)) }
    parts = zip(names, rows).map { TrainingTable.Part(name: $0, rows: Buffer($1)) }
  }

  private mutating func collect(_ spine: SpineRows, _ labels: [MatureLabel], _ split: TimeSplit) {
    var rows = [ContiguousArray<Int32>](repeating: [], count: split.names.count)
    var late = [Int](repeating: 0, count: split.names.count)
    var embargoed = late
    let times = spine.decisionTime.span
    for row in times.indices {
      let part = split.part(times[row])
      if let next = split.nextBegin(after: part) {
        if labels.contains(where: { ($0.knownTime(ofValueIn: row) ?? .min) > next }) {
          late[part] += 1
          continue
        }
        if let embargo = split.embargo, times[row] >= saturatingAdd(next, -embargo.microseconds) {
          embargoed[part] += 1
          continue
        }
      }
      rows[part].append(Int32(row))
    }
    parts = zip(split.names, rows).map { TrainingTable.Part(name: $0, rows: Buffer($1)) }
    for (i, name) in split.names.enumerated() where late[i] + embargoed[i] > 0 {
      leftOut.append(.init(part: name, lateLabels: late[i], embargoed: embargoed[i]))
    }
  }
}

extension SpineRows {
  package var newestDecision: Int64? {
    var newest: Int64?
    let span = decisionTime.span
    for i in span.indices { newest = max(newest ?? .min, span[i]) }
    return newest
  }

  package var oldestDecision: Int64? {
    var oldest: Int64?
    let span = decisionTime.span
    for i in span.indices { oldest = min(oldest ?? .max, span[i]) }
    return oldest
  }
}

/// Parts that follow each other in time; each begins at an instant that is inside.
private struct TimeSplit {
  let names: [String]
  /// Of every part but the first.
  private let begins: [Int64]
  let embargo: TimeSpan?

  init(validation: Int64?, test: Int64?, embargo: TimeSpan?) {
    let later = [("validation", validation), ("test", test)].compactMap { name, begin in begin.map { (name, $0) } }
    names = ["train"] + later.map(\.0)
    begins = later.map(\.1)
    self.embargo = embargo
  }

  /// Test is what is later than `newest − test`, validation the stretch before.
  init(backFrom newest: Int64?, validation: TimeSpan?, test: TimeSpan?, embargo: TimeSpan?) {
    let newest = newest ?? 0
    let testLength = test?.microseconds ?? 0
    self.init(
      validation: validation.map { saturatingAdd(saturatingAdd(newest, 1 - testLength), -$0.microseconds) },
      test: test.map { saturatingAdd(newest, 1 - $0.microseconds) }, embargo: embargo)
  }

  func part(_ time: Int64) -> Int { begins.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0 }

  func nextBegin(after part: Int) -> Int64? { part < begins.count ? begins[part] : nil }
}

/// Parts by hash of a key: SHA-256 of seed and key, so a row's part depends on nothing else.
private struct HashSplit {
  let names: [String]
  private let bounds: [Double]
  private let seed: Int64

  init(train: Double, validation: Double, test: Double, seed: Int64) {
    let parts = [("train", train), ("validation", validation), ("test", test)].filter { $0.1 > 0 }
    names = parts.map(\.0)
    bounds = parts.dropLast().reduce(into: []) { $0.append(($0.last ?? 0) + $1.1) }
    self.seed = seed
  }

  func part(_ keys: KeyColumns, _ row: Int) -> Int {
    var hash = SHA256()
    hash.update(data: Data("\(seed)".utf8))
    for column in keys.columns {
      let text = column.text(row)
      // The length in front keeps (1, 23) and (12, 3) apart, −1 null from the empty text.
      hash.update(data: Data("\n\(column.type.rawValue) \(text?.utf8.count ?? -1) \(text ?? "")".utf8))
    }
    let word = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let place = Double(word >> 11) * 0x1p-53
    return bounds.firstIndex { place < $0 } ?? bounds.count
  }
}
