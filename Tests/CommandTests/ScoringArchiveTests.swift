import Foundation
import TestSupport
import Testing

@Suite struct `An archive of rows to score` {
  let scoring: ScoringProject
  var project: SampleProject { scoring.project }

  init() throws { scoring = try ScoringProject() }

  private func manifest(_ path: String) throws -> [String: Any] {
    let bytes = try #require(try readArchive(path).first { $0.name == "manifest.json" }?.bytes)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func `says what it is for, and has a name of its own`() throws {
    let outcome = try project.gangway("export", "failures", "--for", "scoring")
    #expect(outcome.exit == 0 && outcome.standardError.contains("exported rows of failures for scoring: data 64 rows"))
    let path = outcome.standardOutput.trimmingCharacters(in: .newlines)
    #expect(path.contains(/notebooks-export\/failures\/scoring\/failures-scoring-2024-05-03-[0-9a-f]{8}\.zip$/))
    let told = try manifest(path)
    #expect(told["purpose"] as? String == "scoring" && told["split"] == nil && (told["labels"] as? [Any])?.isEmpty == true)
    let members = try readArchive(path)
    #expect(
      members.map(\.name) == [
        "data.csv", "datapackage.json", "croissant.json", "manifest.json", "README.md", "load.py", "SHA256SUMS",
      ])
    let card = String(decoding: members.first { $0.name == "README.md" }?.bytes ?? [], as: UTF8.self)
    #expect(card.contains("# failures, to be scored\n") && card.contains("X, _, keep = load(\"data\")"))
    #expect(try project.gangway("verify", path).exit == 0)
    #expect(try project.gangway("export", "failures", "--for", "scoring").standardOutput == outcome.standardOutput, "the same for the same")
  }

  @Test func `is no version and pins nothing`() throws {
    try project.gangway("export", "failures", "--for", "scoring", "--out", "ask.zip")
    #expect(try project.gangway("list", "versions", "--json").standardOutput.contains("failures@") == false)
    #expect(try project.gangway("export", "failures").standardError.contains("exported failures@1"))
    let again = try project.gangway("export", "ask.zip", "--out", "x.zip")
    #expect(again.exit == 1 && again.standardError.contains("ask.zip\" holds rows to score"))
    let version = try project.gangway("export", "failures@1", "--for", "scoring")
    #expect(version.exit == 1 && version.standardError.contains("[version-options]"))
    let document = try project.gangway("export", "failures", "--for", "scoring", "--out", "ask.zip", "--json").standardOutput
    #expect(document.contains("\"purpose\": \"scoring\"") && document.contains("\"version\": null"))
  }

  @Test func `has no notebook, and is not what the training set's opens`() throws {
    try project.gangway("export", "failures", "--for", "scoring")
    let folder = "notebooks-export/failures"
    #expect(!project.files.contains("\(folder)/failures.ipynb"))
    let path = try project.gangway("export", "failures").standardOutput.trimmingCharacters(in: .newlines)
    try project.gangway("export", "failures", "--for", "scoring", "--as-of", "2024-05-03")
    let cells = try #require(
      try JSONSerialization.jsonObject(with: Data(project.folder.bytes("\(folder)/failures.ipynb") ?? [])) as? [String: Any])["cells"]
    let open = (cells as? [[String: Any]])?.first { $0["id"] as? String == "open-archive" }?["source"] as? [String] ?? []
    let finding = open.prefix { !$0.hasPrefix("folder =") }.joined().replacing(
      "import pathlib, sys, tarfile, tempfile, zipfile", with: "import pathlib")
    try project.write("\(folder)/find.py", finding + "print(archive.name)\n")
    let python = Process()
    let output = Pipe()
    (python.executableURL, python.arguments) = (URL(fileURLWithPath: "/usr/bin/env"), ["python3", "find.py"])
    (python.currentDirectoryURL, python.standardOutput) = (project.url.appending(path: folder), output)
    try python.run()
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    #expect(path.hasSuffix("/" + printed.trimmingCharacters(in: .newlines)) && !printed.isEmpty)
  }

  @Test func `leaves an archive to train on as it was`() throws {
    try project.gangway("export", "failures", "--out", "a.zip")
    try project.gangway("export", "failures", "--for", "scoring", "--out", "ask.zip")
    try project.gangway("export", "failures", "--for", "training", "--out", "b.zip")
    #expect(project.folder.bytes("a.zip") == project.folder.bytes("b.zip"))
    #expect(try manifest(project.folder.file("a.zip"))["purpose"] as? String == "training")
  }
}
