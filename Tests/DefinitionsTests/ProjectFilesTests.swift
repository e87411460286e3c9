import Definitions
import Diagnostics
import Foundation
import Testing

@Suite struct `Project files` {
  private func places(_ fixture: Fixture) -> [String] {
    fixture.diagnostics.map { "\($0.location.map(\.description) ?? "nowhere") \($0.rule)" }
  }

  @Test func `gangway.yml gives the settings, with usual ones for what it does not say`() throws {
    try Fixture(["gangway.yml": "project: p\nwarehouse: {sqlite: data/w.sqlite}\n", "features/empty.yml": ""]).withFolder { folder in
      let settings = try readProject(at: folder, environment: [:]).settings
      #expect(settings.root == folder)
      #expect(settings.name.value == "p")
      #expect(settings.warehouse.value == .sqlite(path: "\(folder)/data/w.sqlite"))
      #expect(settings.timezone.value == "UTC")
      #expect(settings.featuresFolder == "\(folder)/features")
      #expect(settings.storeFolder == "\(folder)/.gangway")
      #expect(settings.exportsFolder == "\(folder)/notebooks-export")
    }
  }

  @Test func `environment variables stand in gangway.yml`() throws {
    let settings = "project: p\nwarehouse: {sqlite: \"${DATA}/w${N}.sqlite\"}\n"
    let fixture = Fixture(["gangway.yml": settings, "features/a.yml": ""], environment: ["DATA": "/data", "N": "1"])
    #expect(try fixture.project.settings.warehouse.value == .sqlite(path: "/data/w1.sqlite"))
  }

  @Test func `an undefined variable is one mistake, at its place`() {
    let settings = "project: p\nwarehouse: {sqlite: w}\ntimezone: ${ZONE}\n"
    let fixture = Fixture(["gangway.yml": settings, "features/a.yml": ""], environment: ["ZONES": "UTC"])
    #expect(places(fixture) == ["gangway.yml:3:11 unknown-variable"])
    #expect(fixture.diagnostics.first?.hint == "did you mean \"ZONES\"?")
  }

  @Test func `an unclosed variable is a mistake`() {
    let fixture = Fixture(["gangway.yml": "project: p\nwarehouse: {sqlite: \"${W\"}\n", "features/a.yml": ""], environment: ["W": "w"])
    #expect(places(fixture) == ["gangway.yml:2:21 unknown-variable"])
  }

  @Test func `variables are gangway.yml's only`() throws {
    let fixture = Fixture(["gangway.yml": Fixture.settings, "features/a.yml": "sources: [\"${X}\"]"])
    #expect(try fixture.project.sources.map(\.name.value) == ["${X}"])
  }

  @Test func `a folder without gangway.yml is no project`() {
    #expect(places(Fixture(["features/a.yml": ""])) == ["nowhere no-project"])
  }

  @Test func `a settings file without content lacks its keys`() {
    #expect(places(Fixture(["gangway.yml": "# nothing yet\n", "features/a.yml": ""])) == ["gangway.yml:1:1 missing-key"])
  }

  @Test func `settings that are no mapping are refused`() {
    #expect(places(Fixture(["gangway.yml": "- project\n", "features/a.yml": ""])) == ["gangway.yml:1:1 wrong-type"])
  }

  @Test func `mistakes in gangway.yml and in definitions come in one run`() {
    let fixture = Fixture([
      "gangway.yml": "project: My Project\nwarehouse: {sqlite: w}\ntimezone: Mars/Olympus\n", "features/a.yml": "entites: []\n",
    ])
    #expect(places(fixture) == ["features/a.yml:1:1 unknown-key", "gangway.yml:1:10 bad-name", "gangway.yml:3:11 unknown-timezone"])
  }

  @Test func `a missing features folder is said`() {
    #expect(places(Fixture(["gangway.yml": Fixture.settings])) == ["gangway.yml:1:1 missing-folder"])
  }

  @Test func `definitions are found in all folders but hidden ones, in byte order of path`() throws {
    let fixture = Fixture([
      "gangway.yml": Fixture.settings, "features/b.yaml": "sources: [b]", "features/B.yml": "sources: [upper]",
      "features/deep/er/a.yml": "sources: [deep]", "features/.hidden/x.yml": "sources: [hidden]", "features/.y.yml": "sources: [dot]",
      "features/notes.txt": "sources: [text]", "features/a.yml": "sources: [a]",
    ])
    #expect(try fixture.project.sources.map(\.name.value) == ["upper", "a", "b", "deep"])
  }

  @Test(arguments: ["", "# only a comment\n", "---\n", "~\n", "\u{FEFF}", "\n\n"])
  func `an empty file is fine`(text: String) throws {
    #expect(try Fixture(text).project.trainingSets.isEmpty)
  }

  @Test func `a byte order mark and CRLF are tolerated, and places stay right`() {
    let text = "\u{FEFF}sources:\r\n  - raw\r\nentites: []\r\n"
    #expect(places(Fixture(["gangway.yml": Fixture.settings, "features/a.yml": text])) == ["features/a.yml:3:1 unknown-key"])
  }

  @Test func `columns count characters`() {
    #expect(mistakes("sources: [{name: \"é👩‍👩‍👧\", 1️⃣ownr: x}]") == ["1️⃣ unknown-key"])
  }

  @Test func `a syntax error ends the file, but not the run`() {
    let wrong = "entities: [{name: a, key: b}\nmodules: []\n"
    let fixture = Fixture([
      "gangway.yml": Fixture.settings, "features/a.yml": wrong,
      "features/b.yml": "feature_views: [{name: v, entity: a, module: m, ttl: 0, features: [x]}]",
    ])
    // The view's entity and module may be what the unreadable file defines.
    #expect(places(fixture) == ["features/a.yml:2:1 yaml-syntax", "features/b.yml:1:54 ttl-zero"])
  }

  @Test(arguments: ["a: \u{1}", "a: *unknown", "a: b\n---\nc: d", "\ta: b", "a: 'x", "a: |\n b\nc", "%", "? [a]\n: b", "a: !!x &"])
  func `malformed YAML has a place`(text: String) {
    let found = Fixture(["gangway.yml": Fixture.settings, "features/a.yml": text]).diagnostics
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.location?.path == "features/a.yml" && ["yaml-syntax", "wrong-type", "unknown-key"].contains($0.rule) })
  }

  @Test func `keys said twice are reported at the later ones`() {
    let found = mistakes(
      """
      sources:
        - name: a
          owner: x
          1️⃣owner: y
          2️⃣"owner": z
        - {name: b, owner: x, 3️⃣owner: y}
      4️⃣sources: []
      """)
    #expect(found == ["1️⃣ duplicate-key", "2️⃣ duplicate-key", "3️⃣ duplicate-key", "4️⃣ duplicate-key"])
  }

  @Test func `a duplicate that cannot be found letter by letter still has a place`() {
    let found = Fixture("sources: [{\"na\\u006De\": a, name: b}]").diagnostics
    #expect(found.map(\.rule) == ["duplicate-key"])
  }

  @Test func `merge keys are refused with a word on aliases`() {
    #expect(mistakes("sources:\n  - &a {name: a}\n  - {1️⃣<<: *a, name: b}\n") == ["1️⃣ unknown-key"])
  }

  @Test func `text in another encoding is refused where it begins`() {
    var fixture = Fixture(["gangway.yml": Fixture.settings])
    fixture.files["features/a.yml"] = Array("sources:\n  - caf".utf8) + [0xE9, 10]
    #expect(places(fixture) == ["features/a.yml:2:8 not-utf8"])
  }

  @Test func `a link that leads nowhere is said`() throws {
    try Fixture("").withFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/features/z.yml", withDestinationPath: "nowhere.yml")
      #expect(throws: Diagnostics.self) { try readProject(at: folder, environment: [:]) }
    }
  }

  @Test func `folders that link to each other are read once`() throws {
    try Fixture("").withFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/features/again", withDestinationPath: ".")
      let project = try readProject(at: folder, environment: [:])
      #expect(project.featureViews.count == 3)
    }
  }

  @Test func `the project's root is found from any folder in it`() throws {
    try Fixture(["gangway.yml": Fixture.settings, "features/deep/a.yml": ""]).withFolder { folder in
      let roots = [try findProjectRoot(from: "\(folder)/features/deep"), try findProjectRoot(from: folder)]
      #expect(roots == [folder, folder])
    }
    #expect(throws: Diagnostics.self) { try findProjectRoot(from: "/") }
  }
}
