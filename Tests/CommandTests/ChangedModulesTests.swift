import TestSupport
import Testing

@Suite struct `SQL that has changed since the last build` {
  @Test func `is said by all that rests on it, until the next build`() throws {
    let project = try SampleProject()
    try project.write(
      "features/more.yml",
      """
      feature_views: [{name: hot_heat, entity: machine, module: hot, features: [heat]}]
      training_sets: [{name: hots, spine: {module: shifts, as_of: begins}, features: [hot_heat]}]

      """)
    try project.gangway("build")
    try project.write("features/hot.sql", "select reading_id, machine, at, heat from {{ source('raw_readings') }} where heat > 21")
    for (words, isTold) in [
      (["materialize", "heat"], false), (["materialize", "hot_heat"], true), (["export", "failures"], false), (["export", "hots"], true),
      (["build", "hot"], false), (["export", "hots"], false),
    ] {
      let outcome = try BuiltBinary.run(words, in: project.url)
      #expect(outcome.exit == 0)
      #expect(outcome.standardError.contains("hot: its SQL has changed") == isTold, "\(words): \(outcome.standardError)")
    }
  }
}
