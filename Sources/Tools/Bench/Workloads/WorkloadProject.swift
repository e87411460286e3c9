/// The project's files, by path: definitions that a user would write for these tables, and the tables' columns for the rivals' scripts.
extension Workload {
  /// - Parameter warehouse: the SQLite file, relative to gangway.yml.
  func projectFiles(warehouse: String) -> [String: String] {
    [
      "gangway.yml": """
      # Written by the benchmark. `cold` and `warm` beside it are the same project: one is emptied before each run.
      project: bench_\(kind)
      warehouse: {sqlite: \(warehouse)}
      timezone: UTC

      """,
      "features/views.yml": views,
      "features/training_sets.yml": trainingSets,
    ]
  }

  /// The files of a project over the accounting table alone, whose rows are only ever appended; by path.
  var appendingProjectFiles: [String: String] {
    [
      "gangway.yml": """
      # Written by the benchmark: the case `append`.
      project: bench_append
      warehouse: {sqlite: warehouse.sqlite}
      timezone: UTC

      """,
      "features/views.yml": """
      entities:
        - {name: carrier, key: carrier_id}
      modules:
        - name: accounting_log
          relation: accounting
          event_time: {column: event_time, unit: s}
          known_time: {column: available_at, unit: s}
          history: append
          lookback: 1h
      feature_views:
        - name: accounting_log
          entity: carrier
          module: accounting_log
          features: [\(tables[0].features.joined(separator: ", "))]

      """,
    ]
  }

  /// `{"views": {"accounting": ["n0", …], …}}`
  var columnsDocument: String {
    let views = tables.map { table in
      "\"\(table.name)\": [\(table.features.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
    return "{\"views\": {\(views.joined(separator: ", "))}}\n"
  }

  private var views: String {
    let modules = tables.map { "  - {name: \($0.name), relation: \($0.name), event_time: {column: event_time, unit: s}}" }
    let views = tables.map { table in
      """
        - name: \(table.name)
          entity: carrier
          module: \(table.name)
          features: [\(table.features.joined(separator: ", "))]
      """
    }
    return """
      entities:
        - {name: carrier, key: carrier_id}
      modules:
        - {name: spine, relation: spine}
      \(modules.joined(separator: "\n"))
      feature_views:
      \((views + (kind == .freight ? [freightViews] : [])).joined(separator: "\n"))

      """
  }

  private var freightViews: String {
    """
      # The same columns, each row from the moment on at which it could be known.
      - name: accounting_known
        entity: carrier
        module: accounting
        known_time: {column: available_at, unit: s}
        features: [n0, n1, n2, n3, n4, n5, c0]
      - name: trailing
        entity: carrier
        module: accounting
        features:
          - {name: n0, aggregate: [count, sum, mean, min, max], of: n0, windows: [1d, 7d, 30d]}
    """
  }

  private var trainingSets: String {
    """
    training_sets:
      - name: lookups
        spine: &asked
          module: spine
          as_of: {column: event_time, unit: s}
          keep: [shipment_id, carrier_id, event_time]
          label: label
          order_by: shipment_id
        features: [\(tables.map(\.name).joined(separator: ", "))]
        format: tar.zst
    \(kind == .freight ? freightSets : "")
    """
  }

  private var freightSets: String {
    """
      - {name: bitemporal, spine: *asked, features: [accounting_known], format: tar.zst}
      - {name: windows, spine: *asked, features: [trailing], format: tar.zst}

    """
  }
}
