/// One run of a contender.
struct CountedRun: Hashable, Sendable {
  /// Of the whole process, as seen from outside.
  let wholeSeconds: Double
  /// As the process itself says, without its start and imports; nil where it does not say, as ours.
  let ownSeconds: Double?
  let cpuSeconds: Double
  let peakBytes: Int
  /// Of the answer.
  let bytes: Int
  /// What ours says of a view that it has materialized.
  var materialized: MaterializedView?
}

/// What `gangway materialize --json` says of a view.
struct MaterializedView: Hashable, Sendable, Decodable {
  enum CodingKeys: String, CodingKey {
    case rowsRead = "rows_read"
    case digest
  }

  let rowsRead: Int
  /// Of the snapshot's content.
  let digest: String
}

/// The counted runs of a contender, as medians.
struct ContenderResult: Hashable, Sendable {
  let contender: Contender
  let runs: Int
  let wholeSeconds: Double
  let ownSeconds: Double?
  let cpuSeconds: Double
  let peakBytes: Int
  let bytes: Int
  let materialized: MaterializedView?

  /// - Parameter measurements: at least one.
  init(_ contender: Contender, _ measurements: [CountedRun]) {
    self.contender = contender
    runs = measurements.count
    wholeSeconds = median(measurements.map(\.wholeSeconds))
    let own = measurements.compactMap(\.ownSeconds)
    ownSeconds = own.isEmpty ? nil : median(own)
    cpuSeconds = median(measurements.map(\.cpuSeconds))
    peakBytes = Int(median(measurements.map { Double($0.peakBytes) }))
    bytes = Int(median(measurements.map { Double($0.bytes) }))
    materialized = measurements.last?.materialized
  }

  /// What a contender is compared by: a rival without the start of its Python, ours with everything.
  var comparedSeconds: Double { ownSeconds ?? wholeSeconds }

  /// How many times as long as `ours` it took.
  func ratio(to ours: ContenderResult) -> Double { comparedSeconds / ours.comparedSeconds }
}

/// The middle value, or the mean of the two in the middle.
///
/// - Parameter values: at least one.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
