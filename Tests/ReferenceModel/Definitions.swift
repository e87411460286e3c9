/// Features of one entity from one module.
package struct View: Sendable {
  package var name: String
  /// Absent: one series for everything.
  package var entity: String?
  /// Module columns of the entity's key, in the entity's order.
  package var key: [String]
  package var module: String
  package var `where`: Expression?
  package var eventTime: TimeColumn?
  package var knownTime: TimeColumn?
  package var delay: Span?
  package var period: Period?
  package var ttl: Span?
  package var isTimeless = false
  package var features: [Feature] = []

  package init(name: String, entity: String?, key: [String], module: String) {
    self.name = name
    self.entity = entity
    self.key = key
    self.module = module
  }
}

package enum Feature: Sendable {
  case lookUp(LookUp)
  case aggregate(Aggregate)
}

/// A feature that is the winner's value: a column, or an expression with its declared type.
package struct LookUp: Sendable {
  package var name: String
  package var source: Expression
  package var type: ColumnType?

  package init(name: String, source: Expression, type: ColumnType? = nil) {
    self.name = name
    self.source = source
    self.type = type
  }
}

/// A feature computed over the rows of a window; one column for each function and window.
package struct Aggregate: Sendable {
  package var stem: String
  package var functions: [Function]
  /// None (`count` of rows), one, or the two of a ratio.
  package var of: [Expression]
  package var windows: [Window]
  package var `where`: Expression?
  /// `as:` with `{window}` in it.
  package var named: String?

  package init(
    stem: String, functions: [Function], of: [Expression], windows: [Window], where: Expression? = nil,
    named: String? = nil
  ) {
    self.stem = stem
    self.functions = functions
    self.of = of
    self.windows = windows
    self.where = `where`
    self.named = named
  }
}

package enum Function: Sendable, Equatable {
  case count, sum, mean, min, max, first, last, stddev, variance, countDistinct, median, ratio, timeSinceLast
  /// With `p` as written in the definition.
  case percentile(String)

  /// As in `aggregate:`.
  package var keyword: String {
    switch self {
    case .countDistinct: "count_distinct"
    case .timeSinceLast: "time_since_last"
    case .percentile: "percentile"
    default: "\(self)"
    }
  }

  /// As in the name of a column: `p90`, `p99_9`.
  package var inName: String {
    guard case .percentile(let p) = self else { return keyword }
    var digits = Array(p.dropFirst(2))
    while digits.count < 2 { digits.append("0") }
    let whole = String(Int(String(digits[..<2]))!)
    return "p" + whole + (digits.count > 2 ? "_" + String(digits[2...]) : "")
  }
}

/// A spine with what is attached to it.
package struct TrainingSet: Sendable {
  package var module = "spine"
  package var asOf = TimeColumn("asked_at")
  /// Spine columns of an entity's key, where the spine calls them differently.
  package var entities: [String: [String]] = [:]
  package var `where`: Expression?
  /// Half-open, as text with an offset.
  package var from: String?
  package var until: String?
  package var keep: [String] = []
  package var inputs: [String] = []
  package var labels: [Label] = []
  /// Absent: as_of, entity keys, keep, inputs.
  package var orderBy: [String]?
  package var uses: [Use] = []
  package var isOpen = false
  package var asRevised = false
  package var hasStatusColumns = false
  package var split: Split?
  /// `--known-by`, microseconds.
  package var knownBy: Int64?

  package init() {}
}

package struct Label: Sendable {
  package var name: String
  package var knownTime: TimeColumn?

  package init(name: String, knownTime: TimeColumn? = nil) {
    self.name = name
    self.knownTime = knownTime
  }
}

/// One view in one role.
package struct Use: Sendable {
  package var view: String
  package var alias: String?
  package var entities: [String: [String]] = [:]
  /// Full column names; absent: all.
  package var features: [String]?

  package init(view: String, alias: String? = nil) {
    self.view = view
    self.alias = alias
  }

  package var prefix: String { alias ?? view }
}

/// A split by time.
package struct Split: Sendable {
  package enum Border: Sendable {
    /// `YYYY-MM-DD`, midnight of the project's zone.
    case date(String)
    /// Back from the newest decision time.
    case span(Span)
  }

  package var validation: Border?
  package var test: Border
  package var embargo: Span?

  package init(validation: Border?, test: Border, embargo: Span?) {
    self.validation = validation
    self.test = test
    self.embargo = embargo
  }
}
