extension DefinitionKeys {
  package static let trainingSet = DefinitionKind(
    "training set", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The training set's name.", "name: eta", required: true),
      DefinitionKey(
        "spine", .mapping(spine), "The rows asked about.", "spine: {module: booked_shipments, as_of: booked_at}",
        required: true),
      DefinitionKey(
        "features", .list(.mapping(selection)), "Feature views, or some of their features.",
        "features: [carrier_service]", required: true),
      DefinitionKey(
        "boundary", choice(TrainingSet.Boundary.self), "Whether what happens at the decision time counts; closed: it does.",
        "boundary: open"),
      DefinitionKey(
        "knowledge", choice(TrainingSet.Knowledge.self), "What was known then, or what is known today about then.",
        "knowledge: as_revised"),
      DefinitionKey(
        "status_columns", .scalar(.flag), "Whether each looked-up feature is followed by its status.",
        "status_columns: true"),
      DefinitionKey(
        "split", .mapping(split), "How rows are parted into train, validation and test.",
        "split: {by: time, validation: 28d, test: 28d}"),
      DefinitionKey(
        "scoring", .mapping(scoring), "The rows that `export --for scoring` asks about; the spine's if not said.",
        "scoring: {module: open_shipments}"),
      DefinitionKey(
        "allow_in_sample", .scalar(.flag), "Whether predictions may be features of moments that their model was trained on.",
        "allow_in_sample: true"),
      DefinitionKey("format", choice(TrainingSet.Format.self), "The archive's form, or a plain folder; zip if not said.", "format: zip"),
    ] + about)

  package static let spine = DefinitionKind(
    "spine",
    [
      DefinitionKey("module", .scalar(.text), "The module that has the rows.", "module: booked_shipments"),
      DefinitionKey("file", .scalar(.path), "A CSV file that has the rows, relative to this file.", "file: labels.csv"),
      DefinitionKey("as_of", .mapping(asOf), "The decision time.", "as_of: booked_at", required: true),
      DefinitionKey(
        "entities", .namesByEntity, "The spine's columns, where it calls keys differently.",
        "entities: {carrier: {carrier_id: scac}, airport: origin}"),
      DefinitionKey("where", .scalar(.sql), "Which rows are asked about.", "where: \"mode = 'FTL'\""),
      DefinitionKey("from", .scalar(.moment), "The earliest decision time.", "from: 2013-01-01"),
      DefinitionKey("until", .scalar(.moment), "Decision times end before this.", "until: 2014-01-01"),
      DefinitionKey("keep", columnList, "Columns that travel along, never features.", "keep: shipment_id"),
      DefinitionKey(
        "inputs", columnList, "Features that the caller gives, known at the decision time.", "inputs: [weight_lbs]"),
      DefinitionKey("label", .list(.mapping(label)), "What is to be predicted.", "label: late_minutes"),
      DefinitionKey(
        "order_by", columns, "The order of rows; as_of, entity keys, keep and inputs if not said.",
        "order_by: shipment_id"),
    ])

  package static let scoring = DefinitionKind(
    "scoring",
    [
      DefinitionKey("module", .scalar(.text), "The module that has the rows to score.", "module: open_shipments"),
      DefinitionKey("file", .scalar(.path), "A CSV file that has the rows, relative to this file.", "file: open.csv"),
      DefinitionKey("as_of", .mapping(asOf), "The decision time; the spine's if not said.", "as_of: booked_at"),
      DefinitionKey("where", .scalar(.sql), "Which rows are scored.", "where: \"mode = 'FTL'\""),
    ])

  package static let label = DefinitionKind(
    "label", shorthand: "name", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.column), "The column's name.", "name: late_minutes", required: true),
      DefinitionKey(
        "known_time", .mapping(knownTime), "When the label became known; what the module says of the column if not said.",
        "known_time: delivered_at"),
      description,
    ])

  package static let selection = DefinitionKind(
    "selection", shorthand: "view", namedBy: "view",
    [
      DefinitionKey("view", .scalar(.text), "The feature view.", "view: weather", required: true),
      DefinitionKey(
        "as", .scalar(.name), "What its columns are called after, instead of the view's name.", "as: origin_weather"),
      DefinitionKey(
        "entities", .namesByEntity, "The spine's columns for the key in this role.", "entities: {airport: origin}"),
      DefinitionKey(
        "features", .list(.scalar(.text)), "Columns by full name, or all of a stem's; all if not said.",
        "features: [temp, wind_speed]"),
    ])

  package static let split = DefinitionKind(
    "split",
    [
      DefinitionKey("by", .scalar(.text), "time, or an entity whose rows stay together.", "by: time", required: true),
      DefinitionKey(
        "train", .scalar(.splitPart), "Share of entities; only by entity.", "train: 0.8"),
      DefinitionKey(
        "validation", .scalar(.splitPart), "Where validation begins, how long it is, or its share.",
        "validation: 2013-10-01"),
      DefinitionKey(
        "test", .scalar(.splitPart), "Where test begins, how long it is, or its share.", "test: 2013-11-15"),
      DefinitionKey(
        "embargo", .scalar(.duration), "Time left out before each border; only by time.", "embargo: 7d"),
      DefinitionKey("seed", .scalar(.integer), "Shuffles the entities; only by entity.", "seed: 7"),
    ])

  private static let columnList = Shape.list(.scalar(.column), canBeEmpty: true)
}
