// Snapshots: immutable materialized feature views, and the catalog that says what exists.
//
// In:  a view's resolved rows, and when they were read.
// Out: segments in Arrow IPC files named by their content, a catalog in SQLite; the rows again, memory-mapped.
// Knows nothing of warehouses and of how rows are resolved.

import Columns
import Definitions
import Diagnostics
import Engine
import Planning

/// How a view's rows stand in a segment: which columns there are, and what they are called.
///
/// Names say their part (`key.carrier_id`, `value.0 late_minutes`), so a column of the warehouse can be called anything.
/// A null in `serves_until` or `known.…` means never; a timeless view has no times. Where a view has no known time of its own, none is
/// kept: it is the event time and a delay.
struct SegmentLayout {
  static let untyped = "gangway.untyped"
  static let view = "gangway.view"
  /// Microseconds from the event time to the known time, where no known time is kept.
  static let delay = "gangway.delay_us"
  private static let servesUntil = "serves_until"

  static func name(_ part: ViewTable.Part, of plan: ViewPlan) -> String {
    switch part {
    case .key(let i): "key.\(plan.entity?.key[i].name.value ?? "\(i)")"
    case .record(let i): "record.\(plan.module.recordID[i].value)"
    case .eventTime: "event_time"
    case .knownTime: "known_time"
    case .servesUntil: servesUntil
    case .late(let i): "known.\(plan.lateColumns[i].column)"
    case .value(let i): "value.\(i) \(plan.values[i].text)"
    case .filter(let i): "filter.\(i) \(plan.filters[i].text)"
    case .silent: "is_silent"
    case .deletion: "is_deletion"
    }
  }

  static func fields(_ table: ViewTable, of plan: ViewPlan) -> [Field] {
    zip(table.parts, table.columns).map { Field(name($0, of: plan), $1.type) }
  }

  /// The columns that count in the digest of the rows.
  static func contentColumns(_ table: ViewTable, of plan: ViewPlan) -> [Column] {
    zip(fields(table, of: plan), table.columns).filter { isOfContent($0.0) }.map(\.1)
  }

  /// Where the parts of a view stand among a segment's fields: by their kind and place, since a definition may have renamed what it reads.
  static func places(_ fields: [Field]) -> [ViewTable.Part: Int] {
    var places: [ViewTable.Part: Int] = [:]
    var counts: [String: Int] = [:]
    for (place, field) in fields.enumerated() {
      let kind = field.name.prefix { $0 != "." }
      let number = counts[String(kind), default: 0]
      counts[String(kind)] = number + 1
      switch kind {
      case "key": places[.key(number)] = place
      case "record": places[.record(number)] = place
      case "event_time": places[.eventTime] = place
      case "known_time": places[.knownTime] = place
      case "serves_until": places[.servesUntil] = place
      case "known": places[.late(number)] = place
      case "value": places[.value(number)] = place
      case "filter": places[.filter(number)] = place
      case "is_silent": places[.silent] = place
      case "is_deletion": places[.deletion] = place
      default: break
      }
    }
    return places
  }

  /// Whether a column counts in the digest of the rows: when a version ends follows from the other versions.
  static func isOfContent(_ field: Field) -> Bool { field.name != servesUntil }
}
