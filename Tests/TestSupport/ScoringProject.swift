/// A project whose training set has all that rows to score may lack, over readings that come in late: machines that are asked four at a time.
package struct ScoringProject {
  package let project: SampleProject

  /// - Parameter scoring: what the training set says of rows to score, as `scoring: …`.
  package init(scoring: String = "") throws {
    project = try SampleProject(withWarehouse: false)
    try project.write("features/workshop.yml", Self.definitions.replacing("SCORING", with: scoring))
    try makeWarehouse(Self.tables, at: project.warehouse)
  }

  /// What an export said instead of writing rows.
  package struct Refused: Error { package let words: String }

  /// The rows of an export, header first; those of several parts one after the other.
  package func rows(_ words: String...) throws -> [[String]] {
    let outcome = try BuiltBinary.run(["export", "failures", "--out", "rows.zip"] + words, in: project.url)
    guard outcome.exit == 0 else { throw Refused(words: outcome.standardError) }
    let members = try csvMembers(ofArchive: project.folder.file("rows.zip"))
    let parts = ["train.csv", "test.csv", "data.csv"].compactMap { members[$0] }.map { text in
      text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }
    return (parts.first.map { Array($0.prefix(1)) } ?? []) + parts.flatMap { $0.dropFirst() }
  }

  private static let definitions = """
    sources: [raw_readings]
    entities:
      - {name: machine, key: machine}
      - {name: crew, key: crew}
    modules:
      - {name: readings, relation: raw_readings, grain: reading_id, event_time: at, known_time: loaded_at, record_id: reading_id}
      - {name: shifts, relation: raw_shifts}
      - {name: plans, relation: raw_plans}
    feature_views:
      - name: heat
        entity: machine
        module: readings
        ttl: 3h
        features:
          - heat
          - {name: heat, aggregate: [max, mean], windows: [2h, 1d]}
          - {name: readings, aggregate: count, windows: lifetime}
    training_sets:
      - name: failures
        spine: {module: shifts, as_of: begins, keep: shift_id, inputs: [load], label: failed, where: load > 1, until: 2024-05-04}
        features: [heat]
        status_columns: true
        split: {by: crew, train: 0.6, test: 0.4}
        SCORING

    """

  /// Every reading is loaded up to five hours late, every third corrected a day later. Shifts begin in fours.
  private static let tables = """
    create table raw_readings (reading_id integer, machine text, at text, loaded_at text, heat real);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
    insert into raw_readings
      select i, 'm' || (i * 7 % 5), datetime('2024-05-01', (i * 37 % 4000) || ' minutes'),
        datetime('2024-05-01', (i * 37 % 4000 + i * 11 % 300) || ' minutes'), (i * 53 % 97) / 4.0 from n;
    insert into raw_readings
      select reading_id, machine, at, datetime(loaded_at, '1 day'), heat + 100 from raw_readings where reading_id % 3 = 0;
    create table raw_shifts (shift_id integer, machine text, crew text, begins text, load real, failed integer);
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 71)
    insert into raw_shifts
      select i, 'm' || (i % 5), 'c' || (i % 7), datetime('2024-05-01 06:00:00', (i / 4 * 240) || ' minutes'), i * 3 % 17 + 0.5, i % 3 = 0
      from n;
    create table raw_plans (shift_id integer, machine text, planned_for text, load real, state text);
    insert into raw_plans select shift_id, machine, begins, load, iif(shift_id % 2, 'open', 'done') from raw_shifts;
    """
}
