import Foundation
import Gangway

/// How facts look to people.
struct FactWords {
  /// Microseconds since the Unix epoch: what ages are counted from.
  let now: Int64
  let width: Int

  init(width: Int = outputWidth(), now: Int64 = Int64(Date().timeIntervalSince1970 * 1e6)) {
    self.width = width
    self.now = now
  }

  /// A table with a column per fact; those that are empty in all rows are left out.
  func table(_ rows: [[Fact]], indent: Int = 0) -> [String] {
    let names = (rows.first ?? []).map(\.name)
    let shown = names.indices.filter { column in rows.contains { !$0[column].value.isEmpty } }
    let headings = shown.map { column in
      TextTable.Heading(title: title(names[column]), isNumeric: rows.allSatisfy { $0[column].value.isNumberOrNothing })
    }
    let cells = rows.map { row in shown.map { inTable(row[$0].value) } }
    return indented(TextTable(headings, rows: cells).lines(width: width - indent), by: indent)
  }

  /// Names and values below each other, then what needs a heading of its own. Empty facts are not said.
  func lines(_ facts: [Fact], indent: Int) -> [String] {
    let said = facts.filter { !$0.value.isEmpty }
    let plain = said.filter { !$0.value.isNested }
    let column = plain.reduce(0) { max($0, displayWidth(printable(title($1.name)))) } + 2
    var lines: [String] = []
    for fact in plain {
      let name = printable(title(fact.name))
      let head = name + String(repeating: " ", count: column - displayWidth(name))
      let values = texts(fact).flatMap { wrapped(printable($0), width: max(20, width - indent - column)) }
      for (number, value) in values.enumerated() {
        lines += indented([(number == 0 ? head : String(repeating: " ", count: column)) + value], by: indent)
      }
    }
    for fact in said where fact.value.isNested {
      lines += ["", String(repeating: " ", count: indent) + printable(title(fact.name))]
      switch fact.value {
      case .facts(let inner): lines += self.lines(inner, indent: indent + 2)
      case .table(let rows): lines += table(rows, indent: indent + 2)
      default: break
      }
    }
    return lines
  }

  private func title(_ name: String) -> String { name.replacing("_", with: " ") }

  private func inTable(_ value: FactValue) -> String {
    switch value {
    case .digest(let digest): String(digest.prefix(8))
    case .time(let time): age(time)
    case .texts(let texts): texts.joined(separator: ", ")
    default: alone(value)
    }
  }

  /// One text a line.
  private func texts(_ fact: Fact) -> [String] {
    switch fact.value {
    case .texts(let texts) where fact.name == "times": texts
    case .texts(let texts): [texts.joined(separator: ", ")]
    case .time(let time) where ["read", "built", "exported"].contains(fact.name): ["\(alone(fact.value)), \(age(time))"]
    default: [alone(fact.value)]
    }
  }

  private func alone(_ value: FactValue) -> String {
    switch value {
    case .none, .facts, .table, .texts: ""
    case .flag(let flag): flag ? "yes" : "no"
    case .count(let count): grouped(count)
    case .number(let number): shortNumber(number)
    case .seconds(let number): seconds(number)
    case .share(let share): String(format: "%.1f %%", share * 100)
    case .text(let text), .digest(let text): text
    case .time: if case .string(let text) = value.json { text } else { "" }
    }
  }

  /// `just now`, `3 h ago`.
  private func age(_ time: Int64) -> String {
    switch (now - time) / 1_000_000 {
    case ..<60: "just now"
    case let seconds where seconds < 3_600: "\(seconds / 60) min ago"
    case let seconds where seconds < 172_800: "\(seconds / 3_600) h ago"
    case let seconds: "\(seconds / 86_400) days ago"
    }
  }
}

/// Four digits are enough to compare by.
private func shortNumber(_ value: Double) -> String {
  if value == 0 { return "0" }
  let magnitude = Int(log10(abs(value)).rounded(.down))
  var text = String(format: "%.*f", max(0, 3 - magnitude), value)
  if text.contains(".") { while text.hasSuffix("0") || text.hasSuffix(".") { if text.removeLast() == "." { break } } }
  return text
}

func indented(_ lines: [String], by count: Int) -> [String] {
  lines.map { $0.isEmpty ? $0 : String(repeating: " ", count: count) + $0 }
}

/// Broken between words; a word that is longer stays whole.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if !line.isEmpty, displayWidth(line) + 1 + displayWidth(String(word)) > width {
      lines.append(line)
      line = String(word)
    } else {
      line += (line.isEmpty ? "" : " ") + word
    }
  }
  return lines + [line]
}

extension FactValue {
  fileprivate var isNested: Bool {
    switch self {
    case .facts, .table: true
    default: false
    }
  }

  fileprivate var isNumberOrNothing: Bool {
    switch self {
    case .none, .count, .number, .seconds, .share: true
    default: false
    }
  }
}
