/// The table of keys: every kind of definition, with all that may stand in it.
package enum DefinitionKeys {
  /// Every kind, outer ones first.
  package static let all: [DefinitionKind] = [
    project, warehouse, file, source, entity, keyColumn, module, moduleColumn, eventTime, knownTime,
    featureView, feature, trainingSet, spine, asOf, label, selection, split, scoring, output, outputColumn, unknownEntities, rowCount,
    graduation, mart, martJoin, composedColumn,
  ]

  package static let project = DefinitionKind(
    "project", namedBy: "project",
    [
      DefinitionKey("project", .scalar(.name), "The project's name.", "project: freight", required: true),
      DefinitionKey(
        "warehouse", .mapping(warehouse), "Where modules live.", "warehouse: {sqlite: warehouse.sqlite}",
        required: true),
      DefinitionKey(
        "timezone", .scalar(.timezone), "Zone of naive times in the warehouse; UTC if not said.",
        "timezone: America/New_York"),
      DefinitionKey(
        "features", .scalar(.path), "Folder of definitions and SQL, relative to this file; features if not said.",
        "features: features"),
      DefinitionKey("store", .scalar(.path), "Folder of snapshots; .gangway if not said.", "store: .gangway"),
      DefinitionKey(
        "exports", .scalar(.path), "Folder of exported training sets; notebooks-export if not said.",
        "exports: notebooks-export"),
    ] + about)

  package static let warehouse = DefinitionKind(
    "warehouse",
    [
      DefinitionKey(
        "sqlite", .scalar(.path), "A SQLite file, relative to this file.", "sqlite: warehouse.sqlite", required: true)
    ])

  /// The top level of a file under the features folder.
  package static let file = DefinitionKind(
    "file",
    [
      DefinitionKey(
        "sources", .list(.mapping(source), canBeEmpty: true), "Raw tables as an extract-and-load tool left them.",
        "sources: [raw_shipments]"),
      DefinitionKey(
        "entities", .list(.mapping(entity), canBeEmpty: true), "What features describe.",
        "entities: [{name: carrier, key: carrier_id}]"),
      DefinitionKey(
        "modules", .list(.mapping(module), canBeEmpty: true), "Relations, and what a row of each means in time.",
        "modules: [{name: deliveries, relation: deliveries, event_time: delivered_at}]"),
      DefinitionKey(
        "feature_views", .list(.mapping(featureView), canBeEmpty: true), "Features of one entity from one module each.",
        "feature_views: [{name: carrier_service, entity: carrier, module: deliveries, features: [late_minutes]}]"),
      DefinitionKey(
        "training_sets", .list(.mapping(trainingSet), canBeEmpty: true), "What models are trained on.",
        "training_sets: [{name: eta, spine: {module: shipments, as_of: booked_at}, features: [carrier_service]}]"),
      DefinitionKey(
        "outputs", .list(.mapping(output), canBeEmpty: true), "What models produce of an entity.",
        "outputs: [{name: eta_prediction, entity: shipment, columns: [{name: eta_minutes, type: float64}]}]"),
      DefinitionKey(
        "marts", .list(.mapping(mart), canBeEmpty: true), "Wide relations, one row per entity, put together from modules.",
        "marts: [{name: mart_shipment, entity: shipment, base: stg_shipments}]"),
    ])

  package static let source = DefinitionKind(
    "source", shorthand: "name", namedBy: "name",
    [DefinitionKey("name", .scalar(.text), "The table's name in the warehouse.", "name: raw_shipments", required: true)]
      + about)

  package static let entity = DefinitionKind(
    "entity", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.name), "The entity's name.", "name: carrier", required: true),
      DefinitionKey(
        "key", .list(.mapping(keyColumn)), "The columns that tell one from another.", "key: [carrier, origin, dest]",
        required: true),
      DefinitionKey("module", .scalar(.text), "The module that lists them all.", "module: carriers"),
    ] + about)

  package static let keyColumn = DefinitionKind(
    "key column", shorthand: "name", namedBy: "name",
    [
      DefinitionKey("name", .scalar(.column), "The column's name.", "name: carrier_id", required: true),
      DefinitionKey("type", dataType, "Its type; that of the first feature view's module if not said.", "type: int64"),
      description,
    ])

  /// What every definition may carry for people and catalogs.
  static let about: [DefinitionKey] = [
    description,
    DefinitionKey("owner", .scalar(.text), "Who answers for it.", "owner: supply"),
    DefinitionKey("tags", .list(.scalar(.text), canBeEmpty: true), "Free words to find it by.", "tags: [pricing]"),
    DefinitionKey("meta", .free, "Free keys and values.", "meta: {ticket: OPS-12}"),
  ]

  static let description = DefinitionKey(
    "description", .scalar(.text), "What it is, for people.", "description: A trucking company.")
}
