import Definitions
import Diagnostics

/// A word, a quoted text or a single other character inside `{{ }}`.
struct TemplateToken: Equatable {
  enum Kind: Equatable {
    case word(String)
    case quoted(String)
    case symbol(Unicode.Scalar)
  }

  let kind: Kind
  let location: SourceLocation

  /// Reads a tag from its `{{` past its `}}`.
  ///
  /// As in Jinja, `}}` inside brackets closes dictionaries, not the tag.
  ///
  /// - Returns: nil if the text ends first.
  static func readTag(_ cursor: inout TextCursor) -> [TemplateToken]? {
    var tokens: [TemplateToken] = []
    var depth = 0
    cursor.advance(by: 2)
    if cursor.isAt("-") { cursor.advance() }
    while let scalar = cursor.next {
      if depth == 0, cursor.isAt("}}") || cursor.isAt("-}}") {
        cursor.advance(by: cursor.isAt("-") ? 3 : 2)
        return tokens
      }
      if "([{".unicodeScalars.contains(scalar) { depth += 1 }
      if ")]}".unicodeScalars.contains(scalar) { depth -= 1 }
      let location = cursor.location
      if let kind = readToken(scalar, &cursor) { tokens.append(TemplateToken(kind: kind, location: location)) }
    }
    return nil
  }

  /// - Returns: nil for white space.
  private static func readToken(_ first: Unicode.Scalar, _ cursor: inout TextCursor) -> Kind? {
    if first == "'" || first == "\"" { return .quoted(readQuoted(first, &cursor)) }
    var word = ""
    while let scalar = cursor.next, scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
      word.unicodeScalars.append(scalar)
      cursor.advance()
    }
    if !word.isEmpty { return .word(word) }
    cursor.advance()
    return first.properties.isWhitespace ? nil : .symbol(first)
  }

  private static func readQuoted(_ quote: Unicode.Scalar, _ cursor: inout TextCursor) -> String {
    var text = ""
    cursor.advance()
    while let scalar = cursor.next, scalar != quote {
      if scalar == "\\" { cursor.advance() }
      if let scalar = cursor.next { text.unicodeScalars.append(scalar) }
      cursor.advance()
    }
    cursor.advance()
    return text
  }
}

/// What one `{{ … }}` asks for.
enum TemplateTag {
  case reference(SQLTemplate.Reference)
  case config(Located<Module.Materialization>?)
  case mistake(SourceLocation, message: String, rule: String, hint: String?)
  /// Something that only dbt can do, as shown to people.
  case beyondUs(String)

  init(_ tokens: [TemplateToken], at location: SourceLocation) {
    guard case .word(let name)? = tokens.first?.kind, let arguments = Self.arguments(of: tokens) else {
      self = .beyondUs(Self.shown(tokens))
      return
    }
    switch name {
    case "ref": self = Self.reference(.ref, arguments, at: location)
    case "source": self = Self.reference(.source, arguments, at: location)
    case "config": self = Self.config(arguments) ?? .beyondUs(Self.shown(tokens))
    default: self = .beyondUs(Self.shown(tokens))
    }
  }

  /// `source('schema', 'table')` is dbt's form. A name is enough here, so the table is taken and the schema left aside:
  /// the same file then serves both tools.
  private static func reference(
    _ kind: SQLTemplate.Reference.Kind, _ arguments: [[TemplateToken]], at location: SourceLocation
  ) -> Self {
    let names = arguments.compactMap(\.onlyQuoted)
    let allowed = kind == .ref ? 1...1 : 1...2
    guard names.count == arguments.count, allowed.contains(names.count), let name = names.last else {
      let form = kind == .ref ? "ref('module')" : "source('table')"
      return .mistake(
        location, message: "has a \(kind.rawValue)() that is not of the form {{ \(form) }}", rule: "bad-reference",
        hint: "give one name in quotes; packages, versions and computed names need dbt")
    }
    return .reference(SQLTemplate.Reference(kind: kind, name: name.value, location: name.location))
  }

  /// - Returns: nil for arguments without a name. All but `materialized` are dbt's own business.
  private static func config(_ arguments: [[TemplateToken]]) -> Self? {
    var said: Located<Module.Materialization>?
    for argument in arguments {
      guard argument.count >= 3, case .word(let name) = argument[0].kind, argument[1].kind == .symbol("=") else { return nil }
      guard name == "materialized" else { continue }
      guard let text = Array(argument[2...]).onlyQuoted, let value = Module.Materialization(rawValue: text.value) else {
        return .mistake(
          argument[2].location, message: "has a `materialized` in its config() that is neither 'table' nor 'view'",
          rule: "bad-materialized", hint: "say 'table' or 'view'; dbt is the tool for other materializations")
      }
      said = Located(value, at: text.location)
    }
    return .config(said)
  }

  /// - Returns: nil unless the tokens are one call and nothing else.
  private static func arguments(of tokens: [TemplateToken]) -> [[TemplateToken]]? {
    guard tokens.count >= 3, tokens[1].kind == .symbol("("), tokens.last?.kind == .symbol(")") else { return nil }
    var arguments: [[TemplateToken]] = [[]]
    var depth = 0
    for token in tokens[2..<(tokens.count - 1)] {
      if case .symbol(let symbol) = token.kind {
        if "([{".unicodeScalars.contains(symbol) { depth += 1 }
        if ")]}".unicodeScalars.contains(symbol) { depth -= 1 }
        if depth < 0 { return nil }
        if depth == 0, symbol == "," {
          arguments.append([])
          continue
        }
      }
      arguments[arguments.count - 1].append(token)
    }
    if arguments.last?.isEmpty == true { arguments.removeLast() }
    return arguments
  }

  private static func shown(_ tokens: [TemplateToken]) -> String {
    guard case .word(let name)? = tokens.first?.kind else { return "{{ … }}" }
    return tokens.count == 1 ? "{{ \(name) }}" : tokens[1].kind == .symbol("(") ? "{{ \(name)(…) }}" : "{{ \(name) … }}"
  }
}

extension [TemplateToken] {
  /// The quoted text, if that is all there is.
  fileprivate var onlyQuoted: Located<String>? {
    guard count == 1, case .quoted(let text) = self[0].kind else { return nil }
    return Located(text, at: self[0].location)
  }
}
