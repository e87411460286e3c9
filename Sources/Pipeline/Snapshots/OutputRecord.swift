/// What was done to one model output, and when: all that decides what is shown of it.
package struct OutputRecord: Sendable {
  package let output: String
  /// The name of the store that keeps it, which no other store has.
  package let store: String
  /// In the order of registration; those that were withdrawn or replaced too.
  package let batches: [OutputBatch]
  /// In the order in which they count.
  package let promotions: [OutputPromotion]
  /// In the order of their first registration.
  package let versions: [ModelVersion]
  /// Of the last thing that was done; 0: nothing was.
  package let lastEvent: Int64

  package func version(_ name: String) -> ModelVersion? { versions.first { $0.name == name } }

  /// The versions that are live, the preferred one first.
  package var live: [String] { promotions.last?.versions ?? [] }

  /// Batches that still count.
  package var current: [OutputBatch] { batches.filter { $0.end == nil } }
}

/// Rows of an output that were registered together: all of them are there, or none.
package struct OutputBatch: Sendable, Hashable {
  package enum End: String, Sendable {
    case withdrawn
    /// By a batch of the same name with other content.
    case replaced
  }

  package let id: Int64
  package let output: String
  package let version: String
  package let name: String
  /// Of the content.
  package let digest: String
  package let segment: String
  package let rowCount: Int
  /// What is said of its values, as whoever registers batches wrote it.
  package let summary: String
  /// The digest of the archive that was scored; nil: nobody said.
  package let scoredFrom: String?
  /// Since when its rows count, microseconds since the epoch: declared, or when it was registered.
  package let effectiveAt: Int64
  /// By the clock.
  package let recordedAt: Int64
  /// Since when they do no longer.
  package let endedAt: Int64?
  package let end: End?
}

/// Model versions became live.
package struct OutputPromotion: Sendable, Hashable {
  package let at: Int64
  package let recordedAt: Int64
  /// The preferred one first.
  package let versions: [String]
}

/// A version of a model, and what was said of it once and for all.
package struct ModelVersion: Sendable, Hashable {
  package let output: String
  package let name: String
  package let createdAt: Int64
  package let facts: Facts

  package struct Facts: Sendable, Hashable, Codable {
    /// As `eta@3f9a1c2e…`, with the whole digest.
    package var trainedOn: String?
    /// Up to when it knows the world, microseconds since the epoch: the vintage of what it was trained on.
    package var vintage: Int64?
    package var meta: [String: String]

    package init(trainedOn: String? = nil, vintage: Int64? = nil, meta: [String: String] = [:]) {
      self.trainedOn = trainedOn
      self.vintage = vintage
      self.meta = meta
    }
  }
}
