import Foundation
import Testing

@Suite struct `Case files` {
  @Test(.enabled(if: caseRunner != nil), arguments: Case.all)
  func `hold`(_ file: Case) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gangway-case-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try file.write(to: folder)
    if let error = try file.expectedError {
      try expect(error, of: file, in: folder)
    } else {
      try expectMembers(of: file, in: folder)
    }
  }

  @Test(arguments: Case.all)
  func `have a reason, a project and an expectation`(_ file: Case) throws {
    #expect(!file.reason.isEmpty)
    #expect(["gangway.yml", "features/case.yml", "warehouse.sql"].allSatisfy { file.sections[$0] != nil })
    #expect(file.expectedMembers.isEmpty == (try file.expectedError != nil))
    for pattern in try file.expectedError?.match ?? [] { _ = try Regex(pattern) }
  }

  @Test func `are more than sixty`() {
    #expect(Case.all.count > 60)
  }

  private func expect(_ error: Case.ExpectedError, of file: Case, in folder: URL) throws {
    let got = try caseRunner!.command(folder: folder, warehouseSQL: file.warehouse, arguments: file.arguments)
    #expect(got.exit == error.exit, "\(got.standardError)")
    for pattern in error.match {
      #expect(try got.standardError.contains(Regex(pattern)), "stderr lacks \(pattern): \(got.standardError)")
    }
  }

  private func expectMembers(of file: Case, in folder: URL) throws {
    let have = try caseRunner!.export(folder: folder, warehouseSQL: file.warehouse, arguments: file.arguments)
      .filter { $0.key.hasSuffix(".csv") }
    let want = file.expectedMembers
    #expect(have.keys.sorted() == want.keys.sorted())
    for (name, text) in want {
      // By bytes: `String ==` would take two spellings of é for one.
      #expect(Array((have[name] ?? "").utf8) == Array(text.utf8), "\(name)\nhave:\n\(have[name] ?? "")want:\n\(text)")
    }
  }
}
