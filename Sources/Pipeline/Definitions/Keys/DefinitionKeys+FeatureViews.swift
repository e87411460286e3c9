extension DefinitionKeys {
  package static let featureView = DefinitionKind(
    "feature view", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The view's name.", "name: carrier_service", required: true),
      DefinitionKey(
        "entity", .scalar(.text), "What the features describe; absent: one series for everything.", "entity: carrier"),
      DefinitionKey(
        "key", .names, "The module's name for each key column that it calls differently.", "key: {carrier_id: scac}"),
      DefinitionKey("module", .scalar(.text), "Where the values come from.", "module: deliveries", required: true),
      DefinitionKey("where", .scalar(.sql), "Which versions serve.", "where: \"status = 'delivered'\""),
      DefinitionKey(
        "event_time", .mapping(eventTime), "When a row was true, instead of what the module says.",
        "event_time: picked_up_at"),
      DefinitionKey(
        "known_time", .mapping(knownTime), "When a row became known, instead of what the module says.",
        "known_time: loaded_at"),
      delay, period,
      DefinitionKey("ttl", .scalar(.ttl), "How old a looked-up row may be.", "ttl: 90d"),
      DefinitionKey(
        "publish", .scalar(.flag), "Whether its values are put into the warehouse: the newest, and those of then.", "publish: true"),
      DefinitionKey("timeless", .scalar(.flag), "Constants, joined on the key alone.", "timeless: true"),
      DefinitionKey(
        "features", .list(.mapping(feature)), "Its features, in order.", "features: [late_minutes]", required: true),
    ] + about)

  package static let feature = DefinitionKind(
    "feature", shorthand: "name", namedBy: "name",
    [
      DefinitionKey(
        "name", .scalar(.name), "A looked-up column's name, or the stem of the aggregates' names.", "name: late_minutes",
        required: true),
      DefinitionKey("column", .scalar(.column), "The module's column, if it is called differently.", "column: year"),
      DefinitionKey("expr", .scalar(.sql), "SQL over the module's columns.", "expr: \"late_minutes > 15\""),
      DefinitionKey("type", dataType, "A looked-up column's type.", "type: boolean"),
      DefinitionKey(
        "aggregate", .list(.scalar(.text)), "Functions over windows of time.", "aggregate: [mean, max]"),
      DefinitionKey(
        "of", .list(.scalar(.sql)), "What is aggregated: a column, else SQL; two for ratio.", "of: late_minutes"),
      DefinitionKey("where", .scalar(.sql), "Which rows are aggregated.", "where: \"mode = 'FTL'\""),
      DefinitionKey("windows", .list(.scalar(.window)), "Lengths of time, or lifetime.", "windows: [7d, lifetime]"),
      DefinitionKey("p", .scalar(.number), "Which percentile, between 0 and 1.", "p: 0.9"),
      DefinitionKey(
        "as", .scalar(.text), "How the columns are called, with {name}, {function} and {window}.",
        "as: \"late_rate_{window}\""),
      description,
    ])
}
