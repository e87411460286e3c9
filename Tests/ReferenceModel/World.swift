// A world is a whole small project as plain values: definitions, and the rows of every relation.
// In: nothing. Out: what `Model` answers, and what `World.write` puts into a folder for the real engine.
// It knows nothing of the engine: the rules are DESIGN.md section 5, nothing else.

/// One project: what its files define and what its warehouse holds.
package struct World: Sendable {
  package var seed: UInt64 = 0
  /// IANA name of the zone of naive times, of periods and of a split's dates.
  package var zone = "UTC"
  package var entities: [Entity] = []
  package var modules: [Module] = []
  package var views: [View] = []
  package var set = TrainingSet()

  package init() {}

  package func module(_ name: String) -> Module { modules.first { $0.name == name }! }
  package func view(_ name: String) -> View { views.first { $0.name == name }! }
  package func entity(_ name: String) -> Entity { entities.first { $0.name == name }! }
}

package struct Entity: Sendable {
  package var name: String
  package var key: [String]

  package init(name: String, key: [String]) {
    self.name = name
    self.key = key
  }
}

/// A relation with its rows, and what its rows mean in time.
package struct Module: Sendable {
  package var name: String
  package var columns: [Column]
  package var rows: [[Value]] = []
  package var eventTime: TimeColumn?
  package var knownTime: TimeColumn?
  package var delay: Span?
  package var recordID: String?
  package var deleted: String?
  package var period: Period?
  package var skipsNullTimes = false

  package init(name: String, columns: [Column]) {
    self.name = name
    self.columns = columns
  }

  package func column(_ name: String) -> Column { columns.first { $0.name == name }! }
  package func place(_ column: String) -> Int { columns.firstIndex { $0.name == column }! }
}

package struct Column: Sendable {
  package var name: String
  /// The type in `create table`; empty for none.
  package var declared: String
  /// `type:` under the module's `columns:`.
  package var type: ColumnType?
  /// For a column that is filled in later than its row.
  package var knownTime: TimeColumn?

  package init(_ name: String, _ declared: String, type: ColumnType? = nil, knownTime: TimeColumn? = nil) {
    self.name = name
    self.declared = declared
    self.type = type
    self.knownTime = knownTime
  }
}

package enum ColumnType: String, Sendable {
  case int64, float64, boolean, string, date, timestamp
}

/// Which column holds a time, and how to read it.
package struct TimeColumn: Sendable, Equatable {
  package var column: String
  package var unit: TimeUnit?
  package var delay: Span?
  /// `earliest` or `latest`: what a local time means that a zone repeats or skips.
  package var ambiguous: String?
  /// The hour of a date that is a decision time, as `HH:MM`.
  package var at: String?

  package init(
    _ column: String, unit: TimeUnit? = nil, delay: Span? = nil, ambiguous: String? = nil, at: String? = nil
  ) {
    self.column = column
    self.unit = unit
    self.delay = delay
    self.ambiguous = ambiguous
    self.at = at
  }
}

package enum TimeUnit: String, Sendable { case s, ms, us, ns }
package enum Period: String, Sendable { case hour, day, week, month }

/// A length of time as written in a definition file: `90s 30m 6h 7d 2w`.
package struct Span: Sendable, Equatable {
  package var text: String

  package init(_ text: String) { self.text = text }

  package var microseconds: Int64 {
    let unit: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    return Int64(text.dropLast())! * unit[text.last!]! * 1_000_000
  }
}

package enum Window: Sendable {
  case lifetime
  case span(Span)

  package var text: String {
    switch self {
    case .lifetime: "lifetime"
    case .span(let span): span.text
    }
  }
}
