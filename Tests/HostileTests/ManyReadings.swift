import Foundation
import TestSupport

extension SampleProject {
  /// The workshop with some thousands of readings and shifts, and a view on a module that is built.
  static func withManyReadings(_ count: Int = 6_000) throws -> SampleProject {
    let project = try SampleProject()
    try project.change(
      "features/workshop.yml", "training_sets:",
      to: """
          - name: hotness
            entity: machine
            module: hot
            features: [{name: hottest, expr: heat, type: float64}]
        training_sets:
        """)
    try project.change("features/workshop.yml", "features: [heat]", to: "features: [heat, hotness]")
    try makeWarehouse(
      """
      with recursive n(i) as (select 10 union all select i + 1 from n where i < \(count))
      insert into raw_readings
      select i, 'm' || (i * 31 % 17), datetime('2024-05-02', (i * 53) || ' seconds'), (i * 7919 % 100003) / 128.0 from n;
      with recursive n(i) as (select 10 union all select i + 1 from n where i < \(count / 2))
      insert into raw_shifts
      select i, 'm' || (i * 29 % 17), datetime('2024-05-02', (i * 97) || ' seconds'), i % 2 from n;
      """, at: project.warehouse)
    return project
  }
}
