import Foundation
import TestSupport
import Testing

@Suite struct `Versions and the store` {
  let project: SampleProject

  init() throws { project = try SampleProject() }

  @Test func `a version is made again byte for byte without warehouse and definitions`() throws {
    #expect(try project.gangway("export", "failures", "--out", "a.zip").standardError.contains("exported failures@1"))
    try project.change(
      "features/workshop.yml", "- {name: heat, aggregate: max, windows: 2h}", to: "- {name: heat, aggregate: min, windows: 9h}")
    try FileManager.default.removeItem(at: project.warehouse)
    try makeWarehouse("create table raw_readings (x integer)", at: project.warehouse)
    try project.write("features/workshop.yml", "entities: [")
    let digest = try digest(of: "a.zip").prefix(8)
    for (name, out) in [("failures@1", "b.zip"), ("failures@\(digest)", "c.zip"), ("a.zip", "d.zip")] {
      let outcome = try project.gangway("export", name, "--out", out)
      #expect(outcome.exit == 0, "\(outcome.standardError)")
      #expect(project.folder.bytes(out) == project.folder.bytes("a.zip"))
    }
  }

  @Test func `a version is made again as it was described last`() throws {
    try project.gangway("export", "failures", "--out", "a.zip")
    try project.change("features/workshop.yml", "- name: failures", to: "- name: failures\n    description: Other words.")
    #expect(try project.gangway("export", "failures", "--out", "b.zip").standardError.contains("exported failures@1"))
    try project.gangway("export", "failures@1", "--out", "c.zip")
    #expect(project.folder.bytes("c.zip") == project.folder.bytes("b.zip"))
    #expect(project.folder.bytes("c.zip") != project.folder.bytes("a.zip"))
  }

  @Test func `equal exports are one version, others count on`() throws {
    for _ in 1...2 { #expect(try project.gangway("export", "failures").standardError.contains("failures@1")) }
    try project.change("features/workshop.yml", "windows: 2h", to: "windows: 3h")
    #expect(try project.gangway("export", "failures").standardError.contains("failures@2"))
    let missing = try project.gangway("export", "failures@7")
    #expect(missing.exit == 1)
    #expect(missing.standardError.contains("it has: failures@1, failures@2"))
    #expect(try project.gangway("export", "failures@x").standardError.contains("[bad-version]"))
    #expect(try project.gangway("export", "failures@1", "--fresh").standardError.contains("[version-options]"))
  }

  @Test func `what was built since is read again`() throws {
    try project.change("features/workshop.yml", "relation: raw_readings, grain", to: "sql: all.sql, grain")
    try project.write("features/all.sql", "select * from {{ source('raw_readings') }}")
    try project.gangway("build")
    try project.gangway("export", "failures", "--out", "a.zip")
    try project.write("features/all.sql", "select reading_id, machine, at, heat * 2 as heat from {{ source('raw_readings') }}")
    try project.gangway("build")
    let outcome = try project.gangway("export", "failures", "--out", "b.zip")
    #expect(outcome.standardError.contains("materialized heat"))
    let text = try csvMembers(ofArchive: project.folder.file("b.zip"))["data.csv"]
    #expect(text?.contains("lathe,2024-05-01T08:05:00Z,2,62.0,62.0,1") == true)
    #expect(try !project.gangway("export", "failures", "--out", "b.zip").standardError.contains("materialized"))
    #expect(try project.gangway("export", "failures", "--fresh", "--out", "b.zip").standardError.contains("unchanged"))
  }

  @Test func `what is ahead is said before much is read`() throws {
    #expect(try !project.gangway("materialize").standardError.contains("ahead:"))
    // Row ids alone tell how many rows there may be.
    let second = "insert into raw_readings (rowid, reading_id, machine, at, heat) values (3000000, 99, 'mill', '2024-05-02T08:00:00Z', 1)"
    try makeWarehouse(second, at: project.warehouse)
    let said = try project.gangway("materialize").standardError
    #expect(said.contains("ahead: at most 3,000,000 rows of 3 columns for heat, a snapshot of about 81 MB, with about"))
  }

  @Test func `a frozen export reads no view`() throws {
    let refused = try project.gangway("export", "failures", "--frozen")
    #expect(refused.exit == 1)
    #expect(refused.standardError.contains("[no-snapshot]"))
    try project.gangway("materialize")
    #expect(try project.gangway("export", "failures", "--frozen").exit == 0)
  }

  @Test(arguments: 0..<12)
  func `a flipped bit is found and named`(seed: Int) throws {
    try project.gangway("export", "failures", "--out", "a.zip")
    #expect(try project.gangway("verify").exit == 0)
    let files = project.files.filter { $0.hasSuffix(".arrow") || $0.hasSuffix("catalog.sqlite") }
    let name = files[seed % files.count]
    var bytes = try #require(project.folder.bytes(name))
    let place = (seed * 7_919 + 101) % bytes.count
    bytes[place] ^= 1 << UInt8(seed % 8)
    try Data(bytes).write(to: project.url.appending(path: name))
    let outcome = try project.gangway("verify")
    #expect(outcome.exit == 1, "byte \(place) of \(name)")
    #expect(outcome.standardError.contains(name.split(separator: "/").last.map(String.init) ?? name))
  }

  @Test func `materializing mends a damaged segment`() throws {
    try project.gangway("export", "failures", "--out", "a.zip")
    let segment = try #require(project.files.first { $0.hasSuffix(".arrow") && isHeat($0) })
    try Data("no arrow".utf8).write(to: project.url.appending(path: segment))
    let refused = try project.gangway("export", "failures", "--out", "b.zip")
    #expect(refused.exit == 1)
    #expect(refused.standardError.contains("gangway materialize"))
    #expect(try project.gangway("materialize").exit == 0)
    #expect(try project.gangway("export", "failures", "--out", "b.zip").exit == 0)
    #expect(project.folder.bytes("a.zip") == project.folder.bytes("b.zip"))
  }

  @Test func `a damaged member of an archive is named`() throws {
    try project.gangway("export", "failures", "--format", "tar.gz", "--out", "a.tar.gz")
    #expect(try project.gangway("verify", "a.tar.gz").exit == 0)
    var bytes = try #require(project.folder.bytes("a.tar.gz"))
    bytes[bytes.count / 2] ^= 4
    try Data(bytes).write(to: project.url.appending(path: "a.tar.gz"))
    #expect(try project.gangway("verify", "a.tar.gz").exit == 1)
    #expect(try project.gangway("verify", "features/workshop.yml").exit == 1)
    #expect(try project.gangway("verify", "missing.zip").exit == 1)
  }

  @Test func `a newer catalog is refused with the version that is known`() throws {
    try project.gangway("materialize")
    try FileManager.default.removeItem(at: project.url.appending(path: ".gangway/catalog.sqlite.sha256"))
    try makeWarehouse("pragma user_version = 99", at: project.url.appending(path: ".gangway/catalog.sqlite"))
    let outcome = try project.gangway("materialize")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("schema 99"))
  }

  @Test func `a database of something else is not taken for the catalog`() throws {
    try project.gangway("materialize")
    let catalog = project.url.appending(path: ".gangway/catalog.sqlite")
    for end in ["", "-wal", "-shm", ".sha256"] { try? FileManager.default.removeItem(atPath: catalog.path + end) }
    try FileManager.default.copyItem(at: project.warehouse, to: catalog)
    let outcome = try project.gangway("materialize")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[store-damaged]"))
  }

  @Test func `garbage goes, what is newest or pinned stays`() throws {
    try project.gangway("export", "failures", "--out", "a.zip")
    for heat in [50, 60] {
      try makeWarehouse("update raw_readings set heat = \(heat) where reading_id = 1", at: project.warehouse)
      try project.gangway("materialize")
    }
    let before = project.files.filter { $0.hasSuffix(".arrow") }
    #expect(before.count == 4, "three snapshots and a spine")
    #expect(try project.gangway("gc").standardOutput.contains("removed 0 files"))
    #expect(try project.gangway("gc", "--keep", "0s", "--dry-run").standardOutput.contains("would remove 1 files"))
    #expect(project.files.filter { $0.hasSuffix(".arrow") } == before)
    #expect(try project.gangway("gc", "--keep", "0s").exit == 0)
    #expect(project.files.filter { $0.hasSuffix(".arrow") }.count == 3)
    #expect(try project.gangway("verify").exit == 0)
    #expect(try project.gangway("export", "failures@1", "--out", "b.zip").exit == 0)
    #expect(project.folder.bytes("a.zip") == project.folder.bytes("b.zip"))
  }

  @Test func `what a killed command left is removed by the next`() throws {
    try project.gangway("materialize")
    try project.write(".gangway/segments/0000.arrow.partial", "half")
    try project.write(".gangway/segments/0000.new", "half")
    try project.write(".gangway/scratch-0000/owner.lock", "")
    try project.write(".gangway/scratch-0000/data.csv", "half")
    #expect(try project.gangway("export", "failures").exit == 0)
    #expect(!project.files.contains { $0.contains("0000") })
  }

  @Test func `an archive replaces nothing but an archive`() throws {
    for target in ["warehouse.sqlite", "gangway.yml", "features"] {
      let outcome = try project.gangway("export", "failures", "--out", target)
      #expect(outcome.exit == 1)
      #expect(outcome.standardError.contains("[not-replaced]"))
    }
    #expect(try project.gangway("check").exit == 0)
    for _ in 1...2 { #expect(try project.gangway("export", "failures", "--out", "a.tar.gz").exit == 0) }
    #expect(project.folder.bytes("a.tar.gz")?.prefix(2) == [0x1F, 0x8B], "the name tells the format")
    #expect(try project.gangway("export", "failures", "--out", "a.tar.gz", "--format", "zip").standardError.contains("[format-conflict]"))
  }

  @Test func `a table that was not built here is not dropped`() throws {
    try project.write("features/hot.sql", "select 1 as reading_id, 'x' as at")
    try makeWarehouse("create table hot (precious integer); insert into hot values (1)", at: project.warehouse)
    let outcome = try project.gangway("build")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[foreign-relation]"))
    try makeWarehouse("insert into hot values (2)", at: project.warehouse)
  }

  /// As the archive's own manifest tells it.
  private func digest(of archive: String) throws -> String {
    let manifest = try readArchive(project.folder.file(archive)).first { $0.name == "manifest.json" }
    let document = try JSONSerialization.jsonObject(with: Data(try #require(manifest).bytes)) as? [String: Any]
    return try #require(document?["digest"] as? String)
  }

  /// The view's segment, not the spine's.
  private func isHeat(_ name: String) -> Bool {
    project.folder.bytes(name).map { String(decoding: $0, as: UTF8.self).contains("gangway.view") } ?? false
  }
}
