import Diagnostics
import Yams

/// Turns the parser's marks, which count code points, into places as editors show them, which count characters.
struct TextPlaces {
  let text: String
  let path: String
  /// Absent where code points are characters.
  private let lines: [Substring]?

  init(text: String, path: String) {
    self.text = text
    self.path = path
    lines = text.utf8.allSatisfy { $0 < 128 } ? nil : text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  var start: SourceLocation { SourceLocation(path: path, line: 1, column: 1) }

  func location(_ mark: Mark?) -> SourceLocation {
    guard let mark else { return start }
    return SourceLocation(path: path, line: mark.line, column: column(mark))
  }

  /// - Parameter offset: characters from the start.
  func location(offset: Int) -> SourceLocation {
    let before = text.prefix(offset)
    let lineStart = before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex
    return SourceLocation(
      path: path, line: before.count { $0 == "\n" } + 1, column: before[lineStart...].count + 1)
  }

  private func column(_ mark: Mark) -> Int {
    guard let lines, lines.indices.contains(mark.line - 1) else { return mark.column }
    let before = lines[mark.line - 1].unicodeScalars.prefix(mark.column - 1)
    return String(before).count + 1
  }
}
