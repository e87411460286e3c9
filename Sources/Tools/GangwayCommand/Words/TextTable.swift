/// Rows under headings, in columns that fit a width.
struct TextTable {
  struct Heading {
    let title: String
    /// Numbers stand right, and are never shortened.
    let isNumeric: Bool
  }

  let headings: [Heading]
  let rows: [[String]]

  private static let gap = 2
  /// Text columns are shortened to this at most; then columns go.
  private static let narrowest = 12

  /// - Parameter rows: each as long as `headings`.
  init(_ headings: [Heading], rows: [[String]]) {
    self.headings = headings.map { Heading(title: printable($0.title), isNumeric: $0.isNumeric) }
    self.rows = rows.map { $0.map(printable) }
  }

  /// - Parameter width: in columns of the terminal; lines are not longer, unless the first column alone is.
  func lines(width: Int) -> [String] {
    guard !headings.isEmpty else { return [] }
    let widths = widths(fitting: width)
    var lines = [line(headings.map(\.title), widths)] + rows.map { line($0, widths) }
    let hidden = headings.dropFirst(widths.count).map(\.title)
    if !hidden.isEmpty {
      lines.append(shortened("… and \(hidden.count) more columns: \(hidden.joined(separator: ", "))", to: width))
    }
    return lines
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(zip(cells, headings), widths).map { cell, width in
      let text = shortened(cell.0, to: width)
      let padding = String(repeating: " ", count: width - displayWidth(text))
      return cell.1.isNumeric ? padding + text : text + padding
    }
    let line = padded.joined(separator: String(repeating: " ", count: Self.gap))
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// The widths of as many columns as fit, the longest texts shortened first.
  private func widths(fitting width: Int) -> [Int] {
    let cells = headings.indices.map { column in rows.reduce(0) { max($0, displayWidth($1[column])) } }
    var natural = zip(cells, headings).map { max($0, displayWidth($1.title)) }
    // The first column is the name of the rest.
    var least = natural.indices.map { column in
      headings[column].isNumeric
        ? max(cells[column], 1) : min(natural[column], column == 0 ? max(Self.narrowest, width / 2) : Self.narrowest)
    }
    while natural.count > 1, total(least) > width {
      natural.removeLast()
      least.removeLast()
    }
    func widths(_ limit: Int) -> [Int] { zip(natural, least).map { max($1, min($0, limit)) } }
    var (low, high) = (0, natural.max() ?? 0)
    if total(natural) <= width { return natural }
    while low < high {
      let middle = (low + high + 1) / 2
      if total(widths(middle)) <= width { low = middle } else { high = middle - 1 }
    }
    return widths(low)
  }

  private func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }
}
