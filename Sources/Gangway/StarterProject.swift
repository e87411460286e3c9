import Foundation

struct StarterFile {
  /// Relative to the project's folder.
  let name: String
  let text: String
}

/// What `init` writes. gangway.yml comes last: it makes the folder a project.
struct StarterProject {
  let folder: String

  var files: [StarterFile] {
    [
      StarterFile(name: "features/shop.yml", text: Self.definitions),
      StarterFile(name: "features/sql/orders.sql", text: Self.orders),
      StarterFile(name: ".gitignore", text: Self.ignored),
      StarterFile(name: "gangway.yml", text: settings),
    ]
  }

  /// The folder's name, as far as a name may have its letters.
  private var name: String {
    let last = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent.lowercased()
    var name = ""
    for scalar in last.unicodeScalars {
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      if isPlain { name.unicodeScalars.append(scalar) } else if !name.isEmpty, !name.hasSuffix("_") { name += "_" }
    }
    while name.hasSuffix("_") { name.removeLast() }
    guard let first = name.unicodeScalars.first, ("a"..."z").contains(first) else { return "shop" }
    return name
  }

  private var settings: String {
    """
    # This file makes the folder a project. Commands work here and in all folders below.
    project: \(name)

    # CHANGE: the SQLite file in which your tables are, relative to this file. ${NAME} takes an environment variable.
    warehouse: {sqlite: warehouse.sqlite}

    # CHANGE: the zone of times that do not name one, for example Europe/Berlin. A module can have a zone of its own.
    timezone: UTC

    """
  }

  private static let definitions = """
    # Will a visit to the shop end in a purchase? Asked when the visit begins.
    #
    # A small example to change into yours. Any file features/**/*.yml may hold any of these lists; `gangway check` says what is
    # wrong, with its place. Everything may have a `description`, an `owner`, `tags` and `meta`.

    # CHANGE: the tables that something else loads into the warehouse.
    sources:
      - {name: raw_orders, description: "One row per order, and one more for each change of it."}
      - {name: raw_visits, description: One row per visit.}

    # CHANGE: what the features are about, and the columns that tell one from another. A key may have several: [country, customer_id].
    entities:
      - {name: customer, key: [{name: customer_id, type: string}], description: Somebody with an account.}

    # What a row means in time is a fact about the data. It is said here, once, for everybody who uses it.
    modules:
      - name: orders
        description: Orders, cleaned.
        sql: sql/orders.sql               # CHANGE: a SELECT of yours; for a table that is good as it is, say `relation: its_name` instead
        grain: [order_id, loaded_at]      # one row per these columns; checked after each build
        event_time: ordered_at            # when it happened
        known_time: loaded_at             # when you could know; if you have no such column, say `delay: 6h` for a cautious guess
        record_id: order_id               # rows with one id are versions of one order: a correction takes the place of what it corrects
        deleted: is_deleted               # a version with 1 here takes the order back

      - name: visits
        description: Visits, the rows that are asked about.
        relation: raw_visits
        grain: visit_id
        columns:
          - {name: bought, known_time: {column: visited_at, delay: 1d}, description: Whether an order followed within a day.}

    # CHANGE: what you want to know of an entity, from one module.
    feature_views:
      - name: spending
        description: What the customer has been buying.
        entity: customer
        module: orders
        features:
          - {name: last_amount, column: amount}                                      # of the newest order
          - {name: was_large, expr: "amount >= 100", type: boolean}                  # any SQL over the module's columns
          - {name: amount, aggregate: [sum, max], windows: [30d, 90d]}               # columns amount_sum_30d, amount_max_30d, …
          - {name: orders, aggregate: count, windows: [30d, lifetime]}
          - {name: order, of: order_id, aggregate: time_since_last, windows: lifetime, as: seconds_since_order}

    # CHANGE: whom to ask about, when, and what is to be predicted.
    training_sets:
      - name: buyers
        description: One row per visit, with what was known of the customer when it began.
        spine:
          module: visits
          as_of: visited_at               # the moment of the question: nothing that became known later gets in
          keep: visit_id                  # travels along, is no feature
          inputs: device                  # known at that moment because the caller gives it: a feature
          label: bought                   # known a day later: the module says so
        features: [spending]
        # Older rows for training, newer ones for validation and test; each a date or a length of time back from the newest row.
        split: {by: time, validation: 28d, test: 28d}

    """

  private static let orders = """
    -- One row per version of an order. A file holds one SELECT; `source` names a raw table, `ref` another module.
    -- CHANGE: names on the left are your raw table's, names behind `as` are the ones that features/shop.yml uses.
    select distinct
      order_id,
      customer_id,
      ordered_at,
      iif(amount >= 0, amount, null) as amount,
      _loaded_at as loaded_at,
      _deleted as is_deleted
    from {{ source('raw_orders') }}
    {{ config(materialized='table') }}

    """

  private static let ignored = """
    .gangway/
    notebooks-export/
    *.sqlite
    *.sqlite-wal
    *.sqlite-shm
    *.sqlite-journal

    """
}
