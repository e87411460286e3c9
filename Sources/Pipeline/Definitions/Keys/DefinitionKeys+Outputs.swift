extension DefinitionKeys {
  package static let output = DefinitionKind(
    "output", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The output's name, and that of its relation.", "name: eta_prediction", required: true),
      DefinitionKey("entity", .scalar(.text), "What the model says something about.", "entity: shipment", required: true),
      DefinitionKey(
        "model", .scalar(.text), "What the model is called; a training set of that name is what it is trained on.", "model: eta"),
      DefinitionKey(
        "predicted_at", .mapping(asOf),
        "The column of a file that says when each prediction was made; the moment of registering if not said.",
        "predicted_at: predicted_at"),
      DefinitionKey(
        "known_time", .scalar(.choice(["registered", "predicted_at"])),
        "When a prediction became known: when it was registered, or, for importing old ones, when it was made.",
        "known_time: predicted_at"),
      DefinitionKey(
        "columns", .list(.mapping(outputColumn)), "What it says of an entity, and what a value must be to be taken.",
        "columns: [{name: eta_minutes, type: float64, min: 0, not_null: true}]", required: true),
      DefinitionKey(
        "unknown_entities", .mapping(unknownEntities), "How many rows may be about entities that nobody lists.",
        "unknown_entities: {warn: 0, error: 1%}"),
      DefinitionKey("rows", .mapping(rowCount), "How many rows a batch must have; one, if not said.", "rows: {min: 1000}"),
      DefinitionKey(
        "graduated", .mapping(graduation), "The production table that it is read from, since the model is a feature of the product.",
        "graduated: {relation: prod_eta, since: 2024-06-01}"),
    ] + about)

  package static let outputColumn = DefinitionKind(
    "output column", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.column), "The column's name.", "name: eta_minutes", required: true),
      DefinitionKey("type", dataType, "Its type.", "type: float64", required: true),
      description,
      DefinitionKey("not_null", .scalar(.flag), "Whether each row must have a value.", "not_null: true"),
      DefinitionKey("min", .scalar(.text), "The least value, of numbers, dates and timestamps.", "min: 0"),
      DefinitionKey("max", .scalar(.text), "The greatest value, of numbers, dates and timestamps.", "max: 1"),
      DefinitionKey("accepted_values", .list(.scalar(.value)), "The only values.", "accepted_values: [low, high]"),
      DefinitionKey("max_length", .scalar(.integer), "The most characters of a text.", "max_length: 40"),
      DefinitionKey("was", columns, "What it was called before, the newest first: batches of then keep their values.", "was: eta"),
    ])

  package static let unknownEntities = DefinitionKind(
    "limits of unknown entities",
    [
      DefinitionKey("warn", .scalar(.rowLimit), "More rows than this are told; 0 if not said.", "warn: 0"),
      DefinitionKey("error", .scalar(.rowLimit), "More rows than this are refused; 1% if not said.", "error: 1%"),
    ])

  package static let rowCount = DefinitionKind(
    "number of rows", [DefinitionKey("min", .scalar(.integer), "The fewest rows of a batch.", "min: 1000", required: true)])

  package static let graduation = DefinitionKind(
    "graduation",
    [
      DefinitionKey("relation", .scalar(.text), "The production table in the warehouse.", "relation: prod_eta", required: true),
      DefinitionKey("since", .scalar(.moment), "From when on it is what is shown.", "since: 2024-06-01", required: true),
      DefinitionKey(
        "columns", .names, "The output's name for each column that the table calls differently.", "columns: {eta_min: eta_minutes}"),
    ])
}
