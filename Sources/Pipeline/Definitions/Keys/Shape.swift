/// What may stand at a place in a definition file.
package indirect enum Shape: Sendable {
  case scalar(ScalarShape)
  /// An element may stand for the list of it.
  case list(Shape, canBeEmpty: Bool = false)
  /// Known keys; a text may stand for it where the kind has a ``DefinitionKind/shorthand``.
  case mapping(DefinitionKind)
  /// Free keys, each with a text: names there to names here.
  case names
  /// An entity's name to the relation's columns: `names`, or one text for a key of one column.
  case namesByEntity
  /// Free keys, anything below them.
  case free
}

/// How a text is read where it stands, whatever YAML would guess of it.
package enum ScalarShape: Sendable, Hashable {
  case text
  /// A name of ours: `[a-z][a-z0-9_]*` without `__`.
  case name
  /// A warehouse's column or relation, called anything.
  case column
  case sql
  case path
  case flag
  case integer
  case number
  /// Any text, an empty one too.
  case value
  /// A number of rows, or a percentage of all.
  case rowLimit
  case duration
  /// A duration above zero.
  case ttl
  /// A duration above zero, or `lifetime`.
  case window
  case timezone
  /// Hour and minute of a day: `06:00`.
  case clock
  /// A date (a midnight) or an instant.
  case moment
  /// A date, an instant, a duration or a fraction, by the split's kind.
  case splitPart
  /// One of these.
  case choice([String])
}

extension ScalarShape {
  /// What is wanted, as it stands after "must be".
  package var wanted: String {
    switch self {
    case .text: "a text"
    case .name: "a name"
    case .column: "a column's name"
    case .sql: "SQL text"
    case .path: "a file's path"
    case .flag: "true or false"
    case .value: "a value"
    case .rowLimit: "a number of rows (20) or a part of them (1%)"
    case .integer: "an integer"
    case .number: "a number"
    case .duration: "a duration (90s, 30m, 6h, 7d, 2w)"
    case .ttl: "a duration above zero (90s, 30m, 6h, 7d, 2w)"
    case .window: "a duration above zero (90s, 30m, 6h, 7d, 2w), or lifetime"
    case .timezone: "the IANA name of a time zone"
    case .clock: "an hour of the day (\"06:00\")"
    case .moment: "a date or an instant with its offset"
    case .splitPart: "a date, a duration or a fraction"
    case .choice(let names): names.listed(with: "or")
    }
  }
}

extension Shape {
  /// What is wanted, as it stands after "must be".
  package var wanted: String {
    switch self {
    case .scalar(let shape): shape.wanted
    case .list(let element, _): "\(element.wanted), or a list of such"
    case .mapping(let kind) where kind.shorthand != nil: "a text or a mapping"
    case .mapping, .free: "a mapping"
    case .names: "a mapping of names"
    case .namesByEntity: "a mapping from entities to columns"
    }
  }
}

extension [String] {
  /// `a`, `a or b`, `a, b or c`.
  func listed(with conjunction: String) -> String {
    guard let last, count > 1 else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }
}
