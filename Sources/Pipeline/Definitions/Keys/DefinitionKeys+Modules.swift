import Columns
import Times

extension DefinitionKeys {
  package static let module = DefinitionKind(
    "module", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The module's name.", "name: carrier_deliveries", required: true),
      DefinitionKey(
        "sql", .scalar(.path), "A file with the SELECT that builds it, relative to this file.",
        "sql: modules/carrier_deliveries.sql"),
      DefinitionKey(
        "relation", .scalar(.text), "The table or view of one that is built elsewhere.", "relation: deliveries"),
      DefinitionKey(
        "materialized", choice(Module.Materialization.self), "Whether our SQL is built as a table or as a view.",
        "materialized: table"),
      DefinitionKey("layer", .scalar(.text), "Where it stands in the warehouse, for people.", "layer: staging"),
      DefinitionKey("grain", columns, "One row per these columns; checked after each build.", "grain: shipment_id"),
      DefinitionKey("event_time", .mapping(eventTime), "When a row was true.", "event_time: delivered_at"),
      DefinitionKey(
        "known_time", .mapping(knownTime), "When a row became known; its event time if not said.",
        "known_time: loaded_at"),
      delay, period,
      DefinitionKey("record_id", columns, "Rows with one id are versions of one record.", "record_id: shipment_id"),
      DefinitionKey(
        "deleted", .scalar(.column), "The column that says that a record is gone; needs record_id.",
        "deleted: is_deleted"),
      DefinitionKey(
        "on_null_time", choice(Module.NullTime.self), "What a row without a time is; an error if not said.",
        "on_null_time: skip"),
      DefinitionKey(
        "history", choice(Module.History.self),
        "Whether the module has all of its past, only ever gets rows added, or has only what is now and is to be observed.",
        "history: append"),
      DefinitionKey(
        "lookback", .scalar(.duration), "With `history: append`: how late a row may come; that much is read again each time.",
        "lookback: 2d"),
      DefinitionKey(
        "first_seen", choice(Observation.FirstSeen.self),
        "Since when the rows of the first look count as known; their event time if not said. Only with history: observe.",
        "first_seen: now"),
      DefinitionKey(
        "columns", .list(.mapping(moduleColumn), canBeEmpty: true), "What is declared about single columns.",
        "columns: [{name: revenue, type: float64}]"),
    ] + about)

  package static let moduleColumn = DefinitionKind(
    "column", shorthand: "name", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.column), "The column's name.", "name: revenue", required: true),
      DefinitionKey("type", dataType, "Its type.", "type: float64"),
      description,
      DefinitionKey(
        "known_time", .mapping(knownTime), "When it is filled in, if later than its row.",
        "known_time: {column: delivered_at, delay: 14d}"),
      DefinitionKey(
        "was", columns, "What it was called before, the newest first: its history goes on. Only with history: observe.",
        "was: old_name"),
    ])

  package static let eventTime = DefinitionKind("event time", shorthand: "column", timeColumn)

  package static let knownTime = DefinitionKind("known time", shorthand: "column", timeColumn + [delay])

  package static let asOf = DefinitionKind(
    "decision time", shorthand: "column",
    timeColumn + [DefinitionKey("at", .scalar(.clock), "The hour of a decision taken on a date.", "at: \"06:00\"")])

  private static let timeColumn: [DefinitionKey] = [
    DefinitionKey("column", .scalar(.column), "The column that holds the time.", "column: delivered_at", required: true),
    DefinitionKey("unit", choice(TimeUnit.self), "The unit of a number since the Unix epoch.", "unit: s"),
    DefinitionKey(
      "timezone", .scalar(.timezone), "Zone of naive times; the project's if not said.", "timezone: America/New_York"),
    DefinitionKey(
      "ambiguous", choice(Ambiguity.self), "What a time means that the zone's clocks show twice.", "ambiguous: earliest"),
  ]

  static let delay = DefinitionKey("delay", .scalar(.duration), "Added to the known time.", "delay: 6h")

  static let period = DefinitionKey(
    "period", choice(Period.self), "The calendar time that a row describes; needed where the event time is a date.",
    "period: day")

  static let columns = Shape.list(.scalar(.column))

  static let dataType = choice(DataType.self)

  static func choice<Name: CaseIterable & RawRepresentable<String>>(_: Name.Type) -> Shape {
    .scalar(.choice(Name.allCases.map(\.rawValue)))
  }
}
