// Planning: definitions and a warehouse's facts become plans, values that say what is read and what is computed from it.
//
// In:  a resolved `Project`, and what a `Warehouse` says of relations and expressions.
// Out: `ViewPlan`, `TrainingSetPlan`: every name an index, every column known to exist; or all mistakes with their places.
// Reads no rows, writes nothing.

package import Columns
package import Definitions
package import Diagnostics
package import Times
package import Warehouses

/// How a feature view is read from its module, and what its columns are made of. Numbers are indices into ``outputs``
/// unless they say otherwise.
package struct ViewPlan: Sendable, Codable {
  package let view: FeatureView
  package let module: Module
  package let entity: Entity?
  package let zone: Zone
  package let relation: String
  package let outputs: [ScanOutput]
  /// The place in the definitions that asked for each output.
  package let outputLocations: [SourceLocation]
  /// Rows for which this is not true are not even read. Only where no versions have to be resolved.
  package let scanPredicate: String?

  /// In the order of the entity's key.
  package let keys: [Int]
  /// Absent in timeless views.
  package let eventTime: Int?
  package let knownTime: Int?
  package let delayMicroseconds: Int64
  package let recordID: [Int]
  package let deleted: Int?
  /// The view's own `where`, as a flag, where versions have to be resolved first.
  package let serves: Int?
  /// The columns with a known time of their own that the view's `where` names, into ``lateColumns``.
  package let servesWhenKnown: [Int]

  /// What look-ups show and aggregates take, each once, in the order of definition: the tie order (rule R6).
  package let values: [ValuePlan]
  /// The aggregates' own `where`s, as flags.
  package let filters: [FilterPlan]
  /// Columns with a known time of their own.
  package let lateColumns: [LateColumnPlan]
  /// One per ``FeatureView/columns``.
  package let columns: [FeaturePlan]

  package var isTimeless: Bool { eventTime == nil }
}

package struct ValuePlan: Sendable, Hashable, Codable {
  package let output: Int
  /// The column or expression as written.
  package let text: String
  /// Known before reading; nil: the values tell.
  package let type: DataType?
}

package struct FilterPlan: Sendable, Hashable, Codable {
  package let output: Int
  package let text: String
}

package struct LateColumnPlan: Sendable, Hashable, Codable {
  /// The column that is filled in later.
  package let column: String
  /// Where its known time is read.
  package let output: Int
  package let delayMicroseconds: Int64
}

/// One feature column. Numbers are indices into the plan's values, filters and late columns.
package struct FeaturePlan: Sendable, Codable {
  package enum Kind: Sendable, Codable {
    case lookup(value: Int)
    /// `operands` has two for a ratio, none for a count of rows.
    case aggregate(AggregateFunction, Window, operands: [Int], filter: Int?)
  }

  package let name: String
  package let location: SourceLocation
  package let kind: Kind
  /// The feature is known when the last of these is (rule R4).
  package let knownWith: [Int]
}

extension ViewPlan {
  /// Whether only what became known since the last time is read of the module.
  package var appends: Bool { module.lookback != nil && knownTime != nil }

  /// What the snapshot rests on, in words: equal texts read the same rows and the same columns.
  ///
  /// Names of features, windows, functions, ttl and descriptions are not part of it: a new window reads nothing anew.
  package var readDescription: String {
    var lines = ["relation \(relation)", "zone \(zone.identifier)", "nulls \(module.onNullTime.rawValue)"]
    for (index, output) in outputs.enumerated() { lines.append("output \(index) \(output.digestText)") }
    lines.append("predicate \(scanPredicate ?? "")")
    lines.append("keys \(zip(keys, entity?.key ?? []).map { "\($1.name.value)=\($0)" })")
    lines.append("times \(eventTime ?? -1) \(knownTime ?? -1) \(delayMicroseconds)")
    lines.append("records \(recordID) \(deleted ?? -1) \(serves ?? -1) \(servesWhenKnown)")
    // Kept rows differ: versions that serve nothing are among them.
    if appends { lines.append("history append") }
    lines.append("values \(values.map { "\($0.output) \($0.type?.rawValue ?? "as it is")" })")
    lines.append("filters \(filters.map(\.output))")
    lines.append("late \(lateColumns.map { "\($0.output)+\($0.delayMicroseconds)" })")
    if isObserved, let observation = module.observation { lines.append(observation.digestText) }
    return lines.joined(separator: "\n")
  }
}

extension ScanOutput {
  fileprivate var digestText: String {
    let source =
      switch self.source {
      case .column(let name): "column \(name.debugDescription)"
      case .expression(let text): "expression \(text.debugDescription)"
      }
    let reading =
      switch self.reading {
      case .flag: "flag"
      case .value(let type): "value \(type?.rawValue ?? "as it is")"
      case .stored: "stored"
      case .time(let reader):
        "time \(reader.role.rawValue) \(reader.unit?.rawValue ?? "-") \(reader.zone.identifier) "
          + "\(reader.ambiguous?.rawValue ?? "-") \(reader.period?.rawValue ?? "-") \(reader.atMicroseconds ?? -1)"
      }
    return "\(source) as \(reading)"
  }
}

extension ViewPlan {
  /// Neither `known_time` nor `delay` is declared, so a row counts as known when it happens (rule R9).
  package var assumesKnowledge: Bool {
    !isTimeless && knownTime == nil && view.time.delay == nil
  }
}
