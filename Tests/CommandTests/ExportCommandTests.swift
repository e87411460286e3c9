import Foundation
import TestSupport
import Testing

@Suite struct `The export command` {
  let project: SampleProject

  init() throws { project = try SampleProject() }

  @Test func `prints the archive's path and nothing else on stdout`() throws {
    let outcome = try project.gangway("export", "failures")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    let lines = outcome.standardOutput.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains(/notebooks-export\/failures\/failures-2024-05-01-[0-9a-f]{8}\.zip$/) == true)
    #expect(try csvMembers(ofArchive: String(lines[0])) == ["data.csv": SampleProject.expected])
  }

  @Test func `says what the training set rests on`() throws {
    try project.change("features/workshop.yml", ", delay: 10m", to: "")
    let outcome = try project.gangway("export", "failures")
    #expect(outcome.standardError.contains("knowledge time assumed to be event time: heat"))
    #expect(outcome.standardError.contains("data known up to 2024-05-01T16:00:00Z"))
    let quiet = try project.gangway("export", "failures", "--quiet")
    #expect(quiet.standardError.isEmpty)
  }

  @Test func `gives the same bytes whatever the zone, the language and the folder`() throws {
    for (name, zone) in [("a.zip", "Asia/Tokyo"), ("b.zip", "America/New_York")] {
      let outcome = try project.gangway(
        "export", "failures", "--out", name, environment: ["TZ": zone, "LANG": "de_DE.UTF-8", "LC_ALL": "C"])
      #expect(outcome.exit == 0, "\(outcome.standardError)")
    }
    let other = try SampleProject()
    try other.gangway("export", "failures", "--out", "c.zip")
    let archives = [project.folder.bytes("a.zip"), project.folder.bytes("b.zip"), other.folder.bytes("c.zip")]
    #expect(archives[0] != nil)
    #expect(archives[0] == archives[1])
    #expect(archives[0] == archives[2])
  }

  @Test func `materializes what is missing or reads something else, and nothing more`() throws {
    #expect(try project.gangway("export", "failures").standardError.contains("materialized heat: 3 rows"))
    #expect(try !project.gangway("export", "failures").standardError.contains("materialized"))
    try project.change("features/workshop.yml", "windows: 2h", to: "windows: [2h, 1d]")
    #expect(try !project.gangway("export", "failures").standardError.contains("materialized"), "a new window reads nothing anew")
    try project.change("features/workshop.yml", "- heat\n", to: "- {name: heat, expr: heat + 1, type: float64}\n")
    #expect(try project.gangway("export", "failures").standardError.contains("materialized heat"))
  }

  @Test func `asks for the rows of a CSV file`() throws {
    try project.write("ask.csv", "begins,machine,shift_id,failed\r\n2024-05-01T07:10:00Z,press,9,\r\n")
    let outcome = try project.gangway("export", "failures", "--spine", "ask.csv", "--out", "out.zip")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    let text = try csvMembers(ofArchive: project.folder.file("out.zip"))["data.csv"]
    #expect(text?.split(separator: "\n").last == "press,2024-05-01T07:10:00Z,9,40.25,40.25,")
  }

  @Test(arguments: ["missing/out.zip", "features", "/dev/full/out.zip"])
  func `leaves nothing behind where it cannot write`(target: String) throws {
    try project.gangway("materialize")
    let before = project.files
    let outcome = try project.gangway("export", "failures", "--out", target)
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("error: "))
    #expect(outcome.standardOutput.isEmpty)
    #expect(project.files.filter(isOutput) == before.filter(isOutput))
  }

  /// The store's own files may change, and a lock's file stays.
  private func isOutput(_ name: String) -> Bool { !name.contains("catalog") && !name.hasSuffix(".lock") }

  @Test func `names the training set that was probably meant`() throws {
    let outcome = try project.gangway("export", "failure")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("did you mean \"failures\"?"))
  }

  @Test func `says which module has vanished`() throws {
    try project.gangway("materialize")
    try makeWarehouse("drop table raw_readings", at: project.warehouse)
    let outcome = try project.gangway("export", "failures")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains(/features\/workshop\.yml:5:\d+: error: .*raw_readings/))
  }
}
