/// A case's results as rows of text: one form for the terminal, Markdown and CSV.
struct ResultTable {
  static let head = ["contender", "what it writes", "whole s", "in process s", "CPU s", "peak MiB", "MB written", "times ours", "answer"]

  let rows: [[String]]

  init(_ outcome: CaseOutcome) {
    rows = outcome.results.enumerated().map { index, result in
      let answer = index == 0 ? "" : outcome.verdicts.isEmpty ? "not compared" : outcome.verdicts[index - 1]
      return [
        result.contender.name, result.contender.detail, threeDigits(result.wholeSeconds), result.ownSeconds.map(threeDigits) ?? "",
        threeDigits(result.cpuSeconds), mebibytes(result.peakBytes), megabytes(result.bytes),
        outcome.results.first.map { threeDigits(result.ratio(to: $0)) } ?? "", answer,
      ]
    }
  }

  /// Columns side by side; numbers to the right.
  var text: String {
    let all = [Self.head] + rows
    let widths = Self.head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.enumerated().map { index, cell in
        let space = String(repeating: " ", count: widths[index] - cell.count)
        return Self.isNumber(index) ? space + cell : cell + space
      }
      return cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  var markdown: String {
    let rule = Self.head.indices.map { Self.isNumber($0) ? "---:" : "---" }
    return ([Self.head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func isNumber(_ column: Int) -> Bool { (2...7).contains(column) }
}
