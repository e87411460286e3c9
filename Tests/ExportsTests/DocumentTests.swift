import Archives
import Columns
import Exports
import Foundation
import Planning
import Testing

@Suite struct `An archive's documents` {
  private let facts = Sample.facts()

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `give every column of a data package its type and role`() throws {
    let package = try object(facts.dataPackage)
    #expect(package["$schema"] as? String == "https://datapackage.org/profiles/2.0/datapackage.json")
    #expect(package["created"] == nil)
    let resources = try #require(package["resources"] as? [[String: Any]])
    #expect(resources.map { $0["name"] as? String } == ["train", "test"])
    #expect(resources.map { $0["path"] as? String } == ["train.csv", "test.csv"])
    #expect(resources[0]["bytes"] as? Int == 20_480)
    #expect((resources[0]["hash"] as? String)?.hasPrefix("sha256:0a0a") == true)
    let schema = try #require(resources[1]["schema"] as? [String: Any])
    #expect(schema["missingValues"] as? [String] == [""])
    #expect(schema["primaryKey"] == nil)
    let fields = try #require(schema["fields"] as? [[String: Any]])
    #expect(fields.map { $0["name"] as? String } == Sample.columns.map(\.name))
    let types = ["string", "datetime", "integer", "boolean", "number", "string", "date", "integer"]
    #expect(fields.map { $0["type"] as? String } == types)
    #expect(fields.map { $0["role"] as? String } == Sample.columns.map(\.role.rawValue))
    #expect(fields.map { $0["description"] as? String } == Sample.columns.map(\.description))
  }

  @Test func `describe extracted files with their hashes, one record set a part and the vocabulary of splits`() throws {
    let croissant = try object(facts.croissant(of: .extractedFiles))
    #expect(croissant["conformsTo"] as? String == "http://mlcommons.org/croissant/1.0")
    let files = try #require(croissant["distribution"] as? [[String: Any]])
    #expect(files.map { $0["@id"] as? String } == ["train.csv", "test.csv"])
    #expect(files.allSatisfy { ($0["sha256"] as? String)?.count == 64 && $0["containedIn"] == nil })
    let sets = try #require(croissant["recordSet"] as? [[String: Any]])
    #expect(sets.map { $0["name"] as? String } == ["splits", "train", "test"])
    #expect((sets[0]["data"] as? [[String: String]])?.map { $0["splits/url"] } == ["cr:TrainingSplit", "cr:TestSplit"])
    let fields = try #require(sets[1]["field"] as? [[String: Any]])
    #expect(fields.count == Sample.columns.count + 1)
    #expect(fields[2]["@id"] as? String == "train/shift%20id%2C%20%22old%22")
    let identifiers = sets.flatMap { ($0["field"] as? [[String: Any]]) ?? [] }.compactMap { $0["@id"] as? String }
    #expect(Set(identifiers).count == identifiers.count, "the constant that names the part stands beside a column of that name")
  }

  @Test(arguments: [(ArchiveFormat.zip, "application/zip"), (.tarGzip, "application/x-tar"), (.tarZstandard, "application/zstd")])
  func `describe an archive by its own hash`(format: ArchiveFormat, encoding: String) throws {
    let text = facts.croissant(of: .archive(fileName: "a.\(format.rawValue)", format: format, bytes: 9, sha256: "ff"))
    let files = try #require(try object(text)["distribution"] as? [[String: Any]])
    #expect(files[0]["encodingFormat"] as? String == encoding)
    #expect(files[0]["sha256"] as? String == "ff")
    #expect(files[0]["contentUrl"] as? String == "a.\(format.rawValue)")
    #expect(files.dropFirst().allSatisfy { ($0["containedIn"] as? [String: String])?["@id"] == "archive" })
  }

  @Test func `know no splits where there are none`() throws {
    let croissant = try object(Sample.facts(parts: ["data"]).croissant(of: .extractedFiles))
    let sets = try #require(croissant["recordSet"] as? [[String: Any]])
    #expect(sets.map { $0["name"] as? String } == ["data"])
    #expect((sets[0]["field"] as? [[String: Any]])?.count == Sample.columns.count)
  }

  @Test func `make a notebook with fixed cells of the right shape`() throws {
    let notebook = try object(facts.notebook)
    #expect(notebook["nbformat"] as? Int == 4)
    #expect(notebook["nbformat_minor"] as? Int == 5)
    let cells = try #require(notebook["cells"] as? [[String: Any]])
    #expect(cells.map { $0["id"] as? String } == ["intro", "open-archive", "load-part", "label", "nulls"])
    for cell in cells {
      let isCode = cell["cell_type"] as? String == "code"
      #expect(Set(cell.keys) == (isCode ? codeKeys : markdownKeys))
      let lines = try #require(cell["source"] as? [String])
      #expect(lines.dropLast().allSatisfy { $0.hasSuffix("\n") } && lines.last?.hasSuffix("\n") == false)
    }
  }

  private let markdownKeys: Set = ["cell_type", "id", "metadata", "source"]
  private let codeKeys: Set = ["cell_type", "id", "metadata", "source", "execution_count", "outputs"]

  @Test func `list checksums as sha256sum reads them`() {
    #expect(checksums([MemberFacts(name: "a.csv", bytes: 1, sha256: "0f")]) == "0f  a.csv\n")
  }
}
