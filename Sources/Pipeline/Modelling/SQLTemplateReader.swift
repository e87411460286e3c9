import Definitions
import Diagnostics

/// Reads one SQL file, once, from its first character to its last.
///
/// It follows SQL only as far as templating needs: what is a comment and what is quoted. In a SQL comment, references are
/// left out (they can do nothing there); `config` counts, as in dbt; `{% %}` is refused, since it reaches beyond the comment.
struct SQLTemplateReader {
  private enum Region: Equatable {
    case code, lineComment, blockComment
    case quoted(Unicode.Scalar)
  }

  private let moduleName: String
  private var cursor: TextCursor
  private var region = Region.code
  private var pieces: [SQLTemplate.Piece] = []
  private var text = ""
  private var materialized: Located<Module.Materialization>?
  private var hasCode = false
  private var sawSemicolon = false
  private var saidSecondStatement = false
  private var mistakes: [Diagnostic] = []

  /// - Parameter path: as people know it.
  /// - Returns: as much as could be read, and every mistake.
  static func read(_ text: String, path: String, moduleName: String) -> (template: SQLTemplate, mistakes: [Diagnostic]) {
    var reader = SQLTemplateReader(moduleName: moduleName, cursor: TextCursor(text, path: path))
    reader.readAll()
    reader.flushText()
    return (SQLTemplate(pieces: reader.pieces, materialized: reader.materialized), reader.mistakes)
  }

  private init(moduleName: String, cursor: TextCursor) {
    self.moduleName = moduleName
    self.cursor = cursor
  }

  private mutating func readAll() {
    let start = cursor.location
    while let scalar = cursor.next {
      if cursor.isAt("{#") {
        skip(to: "#}")
      } else if cursor.isAt("{%") {
        refuse(at: cursor.location, shown: "{% … %}")
        skip(to: "%}")
      } else if cursor.isAt("{{") {
        readTag()
      } else {
        readSQL(scalar)
      }
    }
    if !hasCode, mistakes.isEmpty { report(at: start, "module \"\(moduleName)\" has no SQL: its file holds no SELECT", rule: "empty-sql") }
  }

  private mutating func readSQL(_ scalar: Unicode.Scalar) {
    switch region {
    case .code where cursor.isAt("--"): region = .lineComment
    case .code where cursor.isAt("/*"):
      region = .blockComment
      keep(2)
      return
    case .code where scalar == ";":
      sawSemicolon = true
      cursor.advance()
      return
    case .code:
      if !scalar.properties.isWhitespace { noteCode() }
      if "'\"`".unicodeScalars.contains(scalar) { region = .quoted(scalar) }
    case .lineComment: if scalar == "\n" { region = .code }
    case .blockComment where cursor.isAt("*/"):
      region = .code
      keep(2)
      return
    case .blockComment: break
    case .quoted(let quote): if scalar == quote { region = .code }
    }
    keep(1)
  }

  private mutating func readTag() {
    let start = cursor.location
    let isComment = region == .lineComment || region == .blockComment
    guard let tokens = TemplateToken.readTag(&cursor) else {
      reportUnclosed(at: start)
      return
    }
    switch TemplateTag(tokens, at: start) {
    case .reference(let reference):
      guard !isComment else { return }
      noteCode()
      flushText()
      pieces.append(.reference(reference))
    case .config(let said): materialized = said ?? materialized
    case .mistake(let location, let message, let rule, let hint):
      guard !isComment else { return }
      noteCode()
      report(at: location, "module \"\(moduleName)\" \(message)", rule: rule, hint: hint)
    case .beyondUs(let shown):
      guard !isComment else { return }
      noteCode()
      refuse(at: start, shown: shown)
    }
  }

  private mutating func noteCode() {
    hasCode = true
    guard sawSemicolon, !saidSecondStatement else { return }
    saidSecondStatement = true
    report(
      at: cursor.location, "module \"\(moduleName)\" holds more than one statement: a module is one SELECT",
      rule: "one-statement", hint: "make a module of each SELECT and join them with ref()")
  }

  private mutating func skip(to end: String) {
    let start = cursor.location
    cursor.advance(by: 2)
    while cursor.next != nil {
      if cursor.isAt(end) {
        cursor.advance(by: 2)
        return
      }
      cursor.advance()
    }
    reportUnclosed(at: start)
  }

  private mutating func keep(_ count: Int) {
    for _ in 0..<count {
      if let scalar = cursor.next { text.unicodeScalars.append(scalar) }
      cursor.advance()
    }
  }

  private mutating func flushText() {
    if !text.isEmpty { pieces.append(.text(text)) }
    text = ""
  }

  private mutating func reportUnclosed(at location: SourceLocation) {
    report(at: location, "module \"\(moduleName)\" opens templating here that nothing closes", rule: "unclosed-templating")
  }

  private mutating func refuse(at location: SourceLocation, shown: String) {
    report(
      at: location,
      "module \"\(moduleName)\" uses \(shown), and here only ref(), source() and config() are understood: dbt is the tool for it",
      rule: "dbt-templating", hint: "write it in plain SQL, or build it with dbt and say `relation: \(moduleName)` instead of `sql:`")
  }

  private mutating func report(at location: SourceLocation, _ message: String, rule: String, hint: String? = nil) {
    mistakes.append(Diagnostic(at: location, message, rule: rule, hint: hint))
  }
}

/// A place in a text that knows its line and column.
struct TextCursor {
  private let scalars: [Unicode.Scalar]
  private let path: String
  private var index = 0
  private var line = 1
  private var column = 1

  /// A byte order mark at the start is skipped.
  init(_ text: String, path: String) {
    scalars = Array(text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...])
    self.path = path
  }

  var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
  var location: SourceLocation { SourceLocation(path: path, line: line, column: column) }

  func isAt(_ text: String) -> Bool { scalars[index...].starts(with: text.unicodeScalars) }

  mutating func advance(by count: Int = 1) {
    for _ in 0..<count where index < scalars.count {
      (line, column) = scalars[index] == "\n" ? (line + 1, 1) : (line, column + 1)
      index += 1
    }
  }
}
