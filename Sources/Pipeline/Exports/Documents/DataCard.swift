import Columns
import Planning

/// `README.md`: the data card, for people.
extension ArchiveFacts {
  package var dataCard: String {
    var lines = ["# \(name)\(isForScoring ? ", to be scored" : "")", ""]
    if isForScoring { lines += ["Rows for a model to score: the columns of training set \(name.code) without its labels.", ""] }
    if let description { lines += [description, ""] }
    if let owner { lines += ["Owner: \(owner)", ""] }
    lines += making.map { "- \($0)" }
    lines += section("Rows", partTable)
    lines += section("What it rests on", foundations.isEmpty ? ["Nothing to report."] : foundations.map { "- \($0)" })
    lines += section("Columns", columnTable)
    if !views.isEmpty { lines += section("Where the features come from", viewTable) }
    lines += section("Reading it", reading)
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ lines: [String]) -> [String] { ["", "## \(title)", ""] + lines }

  private var partTable: [String] {
    table(["file", "rows", "bytes"], parts.map { [$0.member.name.code, grouped($0.rows), grouped($0.member.bytes)] })
  }

  private var columnTable: [String] {
    table(
      ["column", "role", "type", "nulls", "description"],
      columns.map { [$0.name.code, $0.role.rawValue, $0.type.rawValue, share($0.nulls, of: rowCount), $0.description ?? ""] })
  }

  private var viewTable: [String] {
    table(
      ["columns", "feature view", "entity", "module", "rows", "description"],
      views.map { view in
        ["\(view.alias)__…".code, view.name.code, view.entity?.code ?? "", view.module.code, grouped(view.rows), view.description ?? ""]
      })
  }

  private var reading: [String] {
    let part = parts.first?.name ?? "data"
    return [
      "CSV in UTF-8 with a header; an empty cell is null, `\"\"` the empty text; times are UTC. `datapackage.json` holds every column's type and",
      "role, `croissant.json` the same for loaders of that format, `manifest.json` digests and counts; `sha256sum -c SHA256SUMS` checks the files.",
      "",
      "```python",
      "from load import load          # in this folder; Python with pandas",
      isForScoring
        ? "X, _, keep = load(\"\(part)\")   # inputs and features, no label, everything else"
        : "X, y, keep = load(\"\(part)\")   # inputs and features, label, everything else",
      "```",
    ]
  }
}

private func table(_ header: [String], _ rows: [[String]]) -> [String] {
  let lines = [header, header.map { _ in "---" }] + rows.map { $0.map(\.inCell) }
  return lines.map { "| " + $0.joined(separator: " | ") + " |" }
}

/// A share in percent with one digit, rounded half up; something that is there is never `0 %`, something missing never `100 %`.
private func share(_ count: Int, of total: Int) -> String {
  guard count > 0, total > 0 else { return "0 %" }
  if count == total { return "100 %" }
  let (whole, rest) = count.quotientAndRemainder(dividingBy: total)
  let perMille = whole * 1_000 + Int((Double(rest) * 1_000 / Double(total)).rounded(.toNearestOrAwayFromZero))
  if perMille == 0 { return "< 0.1 %" }
  if perMille >= 1_000 { return "> 99.9 %" }
  return "\(perMille / 10).\(perMille % 10) %"
}

extension String {
  /// As code, whatever it holds: a longer fence than any inside.
  fileprivate var code: String {
    var longest = 0
    var run = 0
    for byte in utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return longest == 0 ? fence + self + fence : "\(fence) \(self) \(fence)"
  }

  /// In a table's cell a bar would end it, a line's end the table.
  fileprivate var inCell: String {
    split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "\\|")
  }
}

/// `12,345`.
func grouped(_ number: Int) -> String {
  var text = ""
  for (place, digit) in String(number).reversed().enumerated() {
    if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
