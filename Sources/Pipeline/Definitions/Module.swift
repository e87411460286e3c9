package import Columns
package import Diagnostics
package import Times

/// A relation with a declared grain, and what its rows mean in time.
package struct Module: Sendable, Codable {
  package enum Origin: Sendable, Codable {
    /// Absolute path of a SELECT of ours, and its text.
    case sql(file: Located<String>, text: String)
    /// Built elsewhere.
    case relation(Located<String>)
    /// A mart, put together here.
    case composition(Composition)
    /// What a model produced, as it was registered.
    case output
  }

  package enum Materialization: String, Sendable, CaseIterable, Codable { case table, view }
  package enum NullTime: String, Sendable, CaseIterable, Codable { case error, skip }
  package enum History: String, Sendable, CaseIterable { case full, append, observe }

  package let name: Located<String>
  package let origin: Origin
  /// What the definition says, else nil: the SQL's own `config` may say it, else a view.
  package let materialized: Located<Materialization>?
  /// `staging` and the like: for people only.
  package let layer: String?
  /// One row per these columns; empty if not declared.
  package let grain: [Located<String>]
  package let time: TimeSettings
  /// Rows with one id are versions of one record; empty: every row is a record of its own. The grain of a module that is observed.
  package let recordID: [Located<String>]
  package let deleted: Located<String>?
  package let onNullTime: NullTime
  /// Rows are only ever added, and this late at most: only what became known since is read; nil: everything is read each time.
  package let lookback: TimeSpan?
  /// Nil: the module is not observed.
  package let observation: Observation?
  package let columns: [ModuleColumn]
  package let about: About

  /// The relation's name in the warehouse.
  package var relation: String {
    switch origin {
    case .sql, .composition, .output: name.value
    case .relation(let name): name.value
    }
  }

  /// Whether `build` makes its relation.
  package var isBuiltHere: Bool {
    switch origin {
    case .sql, .composition: true
    case .relation, .output: false
    }
  }

  package func column(_ name: String) -> ModuleColumn? { columns.first { $0.name.value == name } }
}

/// `history: observe`: the module holds only what is now, one row per grain, and a log keeps what each look at it found.
package struct Observation: Sendable, Codable {
  /// Since when the rows of the very first look count as known.
  package enum FirstSeen: String, Sendable, CaseIterable, Codable {
    case eventTime = "event_time"
    case now
  }

  package let firstSeen: FirstSeen
  /// Earlier names of columns that were renamed, the newest first, by the names of today.
  package let earlierNames: [String: [String]]
  /// Where the module says that it is observed.
  package let location: SourceLocation
}

/// What is declared about one column of a module.
package struct ModuleColumn: Sendable, Codable {
  package let name: Located<String>
  package let type: DataType?
  package let description: String?
  /// The column is filled in later than its row (rule R4).
  package let knownTime: TimeColumn?

  package init(name: Located<String>, type: DataType?, description: String?, knownTime: TimeColumn?) {
    self.name = name
    self.type = type
    self.description = description
    self.knownTime = knownTime
  }
}

/// A column that holds a time, and how to read it.
package struct TimeColumn: Sendable, Codable {
  package let column: Located<String>
  /// Required for numbers.
  package let unit: TimeUnit?
  /// IANA zone of naive times; absent: the project's.
  package let timezone: String?
  package let ambiguous: Ambiguity?
  /// Added to a known time. Absent for event times.
  package let delay: TimeSpan?
  /// The hour of a decision that is taken on a date, microseconds since midnight. Only in a spine's `as_of`.
  package let atMicroseconds: Int64?
}

/// When a row was true and when it became known. A view's own settings replace its module's one by one.
package struct TimeSettings: Sendable, Codable {
  package let eventTime: TimeColumn?
  package let knownTime: TimeColumn?
  package let delay: Located<TimeSpan>?
  package let period: Located<Period>?
}
