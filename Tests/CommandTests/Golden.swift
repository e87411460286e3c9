import Foundation
import Testing

/// Compares with a file below Golden/. With `GANGWAY_RECORD=1` the file is written anew and the test fails, so that nobody records by accident.
func expectGolden(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  if ProcessInfo.processInfo.environment["GANGWAY_RECORD"] == "1" {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    Issue.record("\(name) was recorded", sourceLocation: sourceLocation)
    return
  }
  let file = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: nil), sourceLocation: sourceLocation)
  let expected = try String(contentsOf: file as URL, encoding: .utf8)
  #expect(text == expected, sourceLocation: sourceLocation)
}

/// A document as Foundation reads it.
func parsed(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}
