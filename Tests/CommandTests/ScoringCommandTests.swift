import Foundation
import TestSupport
import Testing

/// Columns of the workshop's training set: machine, crew, begins, shift_id, load, features with statuses, failed.
@Suite struct `An export for scoring` {
  /// Without label, and without the column that only the split names.
  private func scored(_ training: [[String]]) throws -> [[String]] {
    let crew = try #require(training.first?.firstIndex(of: "crew"))
    return training.map { row in row.indices.filter { $0 != crew && $0 != row.count - 1 }.map { row[$0] } }
  }

  private func sorted(_ rows: [[String]]) -> [[String]] { rows.sorted { $0.joined(separator: ",") < $1.joined(separator: ",") } }

  @Test func `has each row of the training set as it is there, without its label`() throws {
    let scoring = try ScoringProject()
    let training = try scored(scoring.rows())
    let found = try scoring.rows("--for", "scoring")
    #expect(found.first == training.first)
    #expect(found.count > 50 && sorted(found) == sorted(training))
    #expect(Set(found.flatMap(\.self)).isSuperset(of: ["present", "expired"]), "rows that say something")
    let times = found.dropFirst().map { $0[1] }
    #expect(times == times.sorted(), "in the order of an archive without split")
  }

  @Test(arguments: ["2024-05-01T10:00:00Z", "2024-05-02T14:00:00Z", "2024-05-03T22:00:00Z"])
  func `asks a file's rows at one time, and finds what the training set has at that time`(time: String) throws {
    let scoring = try ScoringProject()
    let training = try scored(scoring.rows())
    let wanted = training.filter { $0[1] == time }
    #expect(wanted.count > 1)
    try scoring.project.write(
      "ask.csv", "load,begins,machine,shift_id\n" + wanted.map { "\($0[3]),soon,\($0[0]),\($0[2])\n" }.joined())
    let found = try scoring.rows("--for", "scoring", "--spine", "ask.csv", "--as-of", time)
    #expect(found.first == training.first)
    #expect(sorted(Array(found.dropFirst())) == sorted(wanted), "a column of decision times that is there does not matter")
    try scoring.project.write("ask.csv", "load,machine,shift_id\n" + wanted.map { "\($0[3]),\($0[0]),\($0[2])\n" }.joined())
    #expect(try scoring.rows("--for", "scoring", "--spine", "ask.csv", "--as-of", time) == found)
  }

  @Test func `takes the rows that the definition names, without the columns that only learning needs`() throws {
    let scoring = try ScoringProject(scoring: "scoring: {module: plans, as_of: planned_for, where: \"state = 'open'\"}")
    #expect(try scoring.project.gangway("check").exit == 0)
    let training = try scored(scoring.rows())
    let found = try scoring.rows("--for", "scoring")
    #expect(found.first == training.first, "the decision time is called as in the training set")
    #expect(found.count == 37, "every plan that is open: the spine's bounds and its `where` choose among the spine's rows")
    let known = Dictionary(uniqueKeysWithValues: training.dropFirst().map { ($0[2], $0) })
    for row in found.dropFirst() { if let same = known[row[2]] { #expect(row == same) } }
    #expect(found.count { known[$0[2]] != nil } > 20)
  }

  @Test func `keeps the spine's bounds for the spine's rows alone`() throws {
    let scoring = try ScoringProject(scoring: "scoring: {where: shift_id < 8}")
    #expect(try scoring.rows("--for", "scoring").dropFirst().map { $0[2] }.sorted() == (0..<8).map(String.init))
    let late = try scoring.rows("--for", "scoring", "--as-of", "2024-05-09")
    #expect(late.dropFirst().map { $0[1] } == Array(repeating: "2024-05-09T00:00:00Z", count: 8))
  }

  @Test func `needs no decision times where all rows ask at one`() throws {
    let scoring = try ScoringProject(scoring: "scoring: {module: plans}")
    let check = try scoring.project.gangway("check")
    #expect(check.exit == 0 && check.standardError.contains("its rows to score have no \"begins\", so they need --as-of"))
    #expect(try scoring.rows("--for", "scoring", "--as-of", "2024-05-03").count == 73)
    let refused = #expect(throws: ScoringProject.Refused.self) { try scoring.rows("--for", "scoring") }
    #expect(refused?.words.contains("\"begins\"") == true)
  }
}
