import Foundation
import TestSupport
import Testing

@Suite struct `The list command` {
  @Test func `needs neither warehouse nor store, and writes nothing`() throws {
    let project = try SampleProject(withWarehouse: false)
    let before = project.files
    let outcome = try project.gangway("list")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    for word in ["sources", "raw_readings", "entities", "machine", "feature views", "heat", "training sets", "failures"] {
      #expect(outcome.standardOutput.contains(word))
    }
    #expect(project.files == before)
  }

  @Test(arguments: ["feature-views", "feature-view", "feature_views", "Feature_View"])
  func `takes a kind in singular and plural`(word: String) throws {
    let outcome = try SampleProject().gangway("list", word)
    #expect(
      outcome.standardOutput == """
        name  entity   module    columns
        heat  machine  readings        2

        """)
  }

  @Test func `tells rows and ages once there are any`() throws {
    let project = try SampleProject()
    try project.gangway("build")
    try project.gangway("materialize")
    #expect(try project.gangway("list", "views").standardError.contains("unknown-kind"))
    #expect(try project.gangway("list", "feature-views").standardOutput.contains(/heat  machine  readings +2 +3  just now/))
    #expect(try project.gangway("list", "modules").standardOutput.contains(/hot +sql +reading_id +3  just now/))
    #expect(try project.gangway("list", "snapshots").standardOutput.contains(/heat  [0-9a-f]{8} +3  just now/))
    try project.gangway("export", "failures")
    #expect(try project.gangway("list", "versions").standardOutput.contains(/failures@1  [0-9a-f]{8} +3  just now/))
    #expect(try project.gangway("show", "failures").standardOutput.contains(/versions\n.*\n +failures@1\b/))
    #expect(try project.gangway("list", "builds").standardOutput.contains(/hot +view +3\b/))
  }

  @Test func `says where there is nothing of a kind`() throws {
    let outcome = try SampleProject().gangway("list", "snapshots")
    #expect(outcome.exit == 0)
    #expect(outcome.standardOutput.isEmpty)
    #expect(outcome.standardError == "no snapshots\n")
  }

  @Test func `still lists definitions when the store is damaged`() throws {
    let project = try SampleProject()
    try project.write(".gangway/catalog.sqlite", String(repeating: "no database ", count: 100))
    let all = try project.gangway("list")
    #expect(all.exit == 0)
    #expect(all.standardOutput.contains("failures"))
    #expect(all.standardError.contains("the store was not read"))
    #expect(try project.gangway("list", "snapshots").exit == 1)
  }

  @Test(arguments: [["list"], ["show", "heat"], ["lineage", "heat"], ["check"]])
  func `says that there is no project`(words: [String]) throws {
    let folder = try ScratchFolder()
    let outcome = try BuiltBinary.run(words + ["--json"], in: URL(fileURLWithPath: folder.path))
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("gangway.yml"))
    #expect(try parsed(outcome.standardOutput)["schema"] as? String == "gangway.error/1")
    #expect(folder.names.isEmpty)
  }
}
