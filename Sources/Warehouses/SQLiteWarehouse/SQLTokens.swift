/// SQL cut into tokens as SQLite cuts it (tokenize.c): enough to see what a text names, never to understand it.
struct SQLTokens {
  enum Token: Equatable {
    /// A name or keyword without quotes, in lower case, or a number.
    case word(String)
    /// What stands between single quotes.
    case literal(String)
    /// A quoted name.
    case quotedName
    case symbol(UInt8)
    /// A quote or comment that never ends.
    case unfinished
  }

  let tokens: [Token]

  /// Whether there is nothing but blanks, comments and semicolons.
  var isBlank: Bool { tokens.allSatisfy { $0 == .symbol(UInt8(ascii: ";")) } }

  init(_ sql: String) {
    let text = Array(sql.utf8)
    var tokens: [Token] = []
    var i = 0
    while i < text.count {
      let byte = text[i]
      let next = i + 1 < text.count ? text[i + 1] : 0
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0C: i += 1
      case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
        while i < text.count, text[i] != UInt8(ascii: "\n") { i += 1 }
      case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
        i += 2
        while i < text.count, !(text[i] == UInt8(ascii: "/") && text[i - 1] == UInt8(ascii: "*") && i > 2) { i += 1 }
        if i == text.count { tokens.append(.unfinished) }
        i += 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
        guard let content = quotedText(text, &i) else {
          tokens.append(.unfinished)
          break
        }
        tokens.append(byte == UInt8(ascii: "'") ? .literal(content) : .quotedName)
      case UInt8(ascii: "["):
        while i < text.count, text[i] != UInt8(ascii: "]") { i += 1 }
        tokens.append(i < text.count ? .quotedName : .unfinished)
        i += 1
      case _ where isWordByte(byte):
        let start = i
        while i < text.count, isWordByte(text[i]) { i += 1 }
        tokens.append(.word(String(decoding: text[start..<i].map(lowercased), as: UTF8.self)))
      default:
        tokens.append(.symbol(byte))
        i += 1
      }
    }
    self.tokens = tokens
  }
}

private func isWordByte(_ byte: UInt8) -> Bool {
  switch lowercased(byte) {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
    true
  default: false
  }
}

/// Reads from the quote at `i` to its end, doubled quotes being part of the text.
private func quotedText(_ text: [UInt8], _ i: inout Int) -> String? {
  let quote = text[i]
  var content: [UInt8] = []
  i += 1
  while i < text.count {
    if text[i] == quote {
      i += 1
      if i == text.count || text[i] != quote { return String(decoding: content, as: UTF8.self) }
    }
    content.append(text[i])
    i += 1
  }
  return nil
}
