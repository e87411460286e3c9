extension DefinitionKeys {
  package static let mart = DefinitionKind(
    "mart", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The mart's name, and that of its relation.", "name: mart_shipment", required: true),
      DefinitionKey("entity", .scalar(.text), "What it has one row of.", "entity: shipment", required: true),
      DefinitionKey("base", .scalar(.text), "The module that sets the rows: one per entity.", "base: stg_shipments"),
      DefinitionKey(
        "columns", .list(.mapping(composedColumn)), "Columns of the base; all if not said.", "columns: [shipment_id, booked_at]"),
      DefinitionKey(
        "join", .list(.mapping(martJoin), canBeEmpty: true), "What is joined to the rows; never more or fewer of them.",
        "join: [{module: shipment_accounting, columns: [revenue]}]"),
      DefinitionKey(
        "sql", .scalar(.path), "A file with the SELECT that builds it, instead of base and join.", "sql: marts/mart_shipment.sql"),
      DefinitionKey(
        "materialized", choice(Module.Materialization.self), "Whether it is built as a table or as a view; a table if not said.",
        "materialized: view"),
      DefinitionKey("event_time", .mapping(eventTime), "When a row was true, for feature views over it.", "event_time: delivered_at"),
      DefinitionKey("known_time", .mapping(knownTime), "When a row became known; its event time if not said.", "known_time: loaded_at"),
      delay, period,
    ] + about)

  package static let martJoin = DefinitionKind(
    "join",
    [
      DefinitionKey("module", .scalar(.text), "A module or another mart.", "module: shipment_accounting"),
      DefinitionKey("output", .scalar(.text), "A model's output: what is shown of it.", "output: eta_prediction"),
      DefinitionKey("view", .scalar(.text), "A feature view that is published.", "view: carrier_service"),
      DefinitionKey(
        "key", .names, "The base's name for each column of the other's key; the entity's key under its own names if not said.",
        "key: {carrier_id: scac}"),
      DefinitionKey(
        "columns", .list(.mapping(composedColumn)), "Columns of the other; all but its key if not said.", "columns: [revenue, margin]"),
      DefinitionKey("prefix", .scalar(.column), "Put in front of their names.", "prefix: carrier_"),
      DefinitionKey(
        "as_of", .mapping(asOf), "The base's column with the moment of which values are wanted; now if not said. Of outputs and views.",
        "as_of: booked_at"),
    ])

  package static let composedColumn = DefinitionKind(
    "mart column", shorthand: "name", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.column), "The column's name.", "name: revenue", required: true),
      description,
      DefinitionKey("was", columns, "What readers may still call it: the mart has it under that name too.", "was: turnover"),
    ])
}
