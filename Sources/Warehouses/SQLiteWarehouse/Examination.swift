internal import GRDBSQLite
internal import Warehouses

/// Finds out what an expression names, and whether it is one: over the columns of one row, the same tomorrow as today.
struct Examination {
  let connection: Connection
  let relation: Relation

  func facts(of expression: String) throws(WarehouseError) -> ExpressionFacts {
    if let reason = textRefusal(expression) {
      throw .expression(text: expression, relation: relation.name, reason: reason)
    }
    do throws(SQLFailure) {
      return ExpressionFacts(columns: try columns(of: expression))
    } catch {
      guard error.isOfStatement else { throw connection.failure(error.code, saying: error.message) }
      throw .expression(text: expression, relation: relation.name, reason: error.message)
    }
  }

  /// Asks SQLite: as a condition, so that aggregates and window functions are refused.
  private func columns(of expression: String) throws(SQLFailure) -> [String] {
    var named: [String] = []
    func refusal(_ action: SQLAction) -> String? {
      // What a view does inside is its own business; the text's own actions have no inner name.
      if action.inner != nil { return action.isReadOnlyQuery ? nil : "it would do more than read" }
      switch action.kind {
      // Queries of the text's own are seen in the text: those of a view come without a name here.
      case .select: return nil
      case .read(let table, let column):
        // `count(*)` deep inside a view, which comes without the view's name.
        if column.isEmpty && relation.kind == .view { return nil }
        guard sameName(table, relation.name) else { return "it reads another relation, \"\(table)\"" }
        guard let known = relation.columns.first(where: { sameName($0.name, column) }) else {
          // No column in particular.
          if column.isEmpty { return nil }
          return "it names the row id, which is no column of \"\(relation.name)\""
        }
        if !named.contains(known.name) { named.append(known.name) }
        return nil
      case .function(let name): return functionRefusal(name.lowercased())
      case .recursion, .other: return "it would do more than read"
      }
    }
    _ = try connection.authorizing(refusal) { () throws(SQLFailure) in
      try Statement("select 1 from \(quoted(relation.name)) where (\(expression)\n)", on: connection)
    }
    // In the relation's order, whatever the order in which SQLite looks at them.
    return relation.columns.map(\.name).filter(named.contains)
  }
}

/// Functions that give another value at the next run.
private func functionRefusal(_ name: String) -> String? {
  switch name {
  case "random", "randomblob": "\(name)() gives another value at every run"
  case "current_time", "current_date", "current_timestamp": "\(name) is the clock, which gives another value at every run"
  case "changes", "total_changes", "last_insert_rowid": "\(name)() depends on the connection, not on the row"
  case "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer": "\(name)() is not allowed in expressions"
  default: nil
  }
}

// MARK: What only the text shows

private func textRefusal(_ expression: String) -> String? {
  guard !expression.utf8.contains(0) else { return "it holds a NUL character" }
  let tokens = SQLTokens(expression).tokens
  return structureRefusal(tokens) ?? queryRefusal(tokens) ?? clockRefusal(tokens)
}

/// The text goes between parentheses, so it must not close them.
private func structureRefusal(_ tokens: [SQLTokens.Token]) -> String? {
  if tokens.isEmpty { return "it is empty" }
  var depth = 0
  for token in tokens {
    switch token {
    case .unfinished: return "a quote or comment in it never ends"
    case .symbol(UInt8(ascii: ";")): return "it is more than one expression (a semicolon)"
    case .symbol(UInt8(ascii: "?")), .symbol(UInt8(ascii: ":")), .symbol(UInt8(ascii: "@")):
      return "it has a parameter (?, :name or @name) that nothing gives a value"
    case .word(let word) where word.hasPrefix("$"): return "it has a parameter ($name) that nothing gives a value"
    case .symbol(UInt8(ascii: "(")): depth += 1
    case .symbol(UInt8(ascii: ")")):
      depth -= 1
      if depth < 0 { return "a parenthesis closes that never opened" }
    case .symbol(UInt8(ascii: ",")) where depth == 0: return "it is a list; give each expression a place of its own"
    default: break
    }
  }
  return depth == 0 ? nil : "a parenthesis never closes"
}

/// SQLite does not report every query: `x in (select x from t)` may be a plain look-up to it.
private func queryRefusal(_ tokens: [SQLTokens.Token]) -> String? {
  for (i, token) in tokens.enumerated() {
    switch token {
    case .word("select"), .word("values"), .word("with"), .word("exists"): return "it has a query of its own (a subquery)"
    case .word("in") where i + 1 < tokens.count && tokens[i + 1] != .symbol(UInt8(ascii: "(")):
      return "it reads a relation behind IN; write the values in parentheses"
    case .word("raise"): return "RAISE belongs to triggers"
    default: break
    }
  }
  return nil
}

/// Date functions that ask the clock or the machine's time zone.
private func clockRefusal(_ tokens: [SQLTokens.Token]) -> String? {
  for (i, token) in tokens.enumerated() {
    guard case .word(let name) = token, let valuesBeforeTime = clockFunctions[name], i + 1 < tokens.count,
      tokens[i + 1] == .symbol(UInt8(ascii: "("))
    else { continue }
    let arguments = Arguments(tokens[(i + 2)...])
    if arguments.count <= valuesBeforeTime { return "\(name)() without a time is the clock, which gives another value at every run" }
    for literal in arguments.literals {
      switch literal.lowercased() {
      case "now": return "\(name)('now') is the clock, which gives another value at every run"
      case "localtime", "utc": return "'\(literal.lowercased())' depends on the machine's time zone"
      default: break
      }
    }
  }
  return nil
}

/// How many arguments stand before the time.
private let clockFunctions = ["date": 0, "time": 0, "datetime": 0, "julianday": 0, "unixepoch": 0, "timediff": 0, "strftime": 1]

private struct Arguments {
  private(set) var count = 0
  private(set) var literals: [String] = []

  /// - Parameter tokens: what follows the opening parenthesis.
  init(_ tokens: ArraySlice<SQLTokens.Token>) {
    var depth = 1
    for token in tokens {
      switch token {
      case .symbol(UInt8(ascii: "(")): depth += 1
      case .symbol(UInt8(ascii: ")")): depth -= 1
      case .symbol(UInt8(ascii: ",")) where depth == 1: count += 1
      case .literal(let text): literals.append(text)
      default: break
      }
      if depth == 0 { return }
      if count == 0 { count = 1 }
    }
  }
}
