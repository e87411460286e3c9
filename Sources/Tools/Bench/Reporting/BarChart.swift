/// Bars of seconds, a group for each case, as an SVG that reads on light and on dark pages.
///
/// Each group has its own scale: cases differ too much to share one, and only what is in a group is meant to be compared.
struct BarChart {
  struct Bar {
    let label: String
    let seconds: Double
    /// Up to here in a lighter colour: the whole process, where ``seconds`` leaves out its start.
    let wholeSeconds: Double
    /// Behind the bar.
    let note: String
    let isOurs: Bool
  }

  struct Group {
    let title: String
    let bars: [Bar]
  }

  let title: String
  let groups: [Group]

  init(title: String, groups: [Group]) { (self.title, self.groups) = (title, groups) }

  init(title: String, _ outcomes: [CaseOutcome]) {
    self.title = title
    groups = outcomes.filter { !$0.results.isEmpty }.map { outcome in
      Group(
        title: "\(outcome.benchCase.name): \(outcome.benchCase.title)",
        bars: outcome.results.map { result in
          let times = outcome.results.first.map { " · \(threeDigits(result.ratio(to: $0)))×" } ?? ""
          return Bar(
            label: "\(result.contender.name), \(result.contender.detail)", seconds: result.comparedSeconds,
            wholeSeconds: result.wholeSeconds,
            note: "\(threeDigits(result.comparedSeconds)) s\(result.contender.isOurs ? "" : times) · \(mebibytes(result.peakBytes)) MiB",
            isOurs: result.contender.isOurs)
        })
    }
  }

  var svg: String {
    var body = "<text class=\"title\" x=\"\(margin)\" y=\"28\">\(escaped(title))</text>\n"
    var y = 44.0
    for group in groups {
      y += groupHead
      body += "<text class=\"group\" x=\"\(margin)\" y=\"\(y - 8)\">\(escaped(group.title))</text>\n"
      let longest = group.bars.map { max($0.seconds, $0.wholeSeconds) }.max() ?? 1
      for bar in group.bars {
        body += element(bar, y: y, scale: barsWidth / max(longest, 1e-9))
        y += rowHeight
      }
    }
    let height = Int(y + margin)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(height)" viewBox="0 0 \(Int(width)) \(height)" role="img">
      <title>\(escaped(title))</title>
      <style>
      text { font: 12px system-ui, sans-serif; fill: #24292f }
      .title { font-size: 15px; font-weight: 600 }
      .group { font-weight: 600 }
      .label { text-anchor: end }
      .ours { fill: #2a7fb8 }
      .rival { fill: #8c959f }
      .start { opacity: 0.4 }
      @media (prefers-color-scheme: dark) { text { fill: #d7dde3 } .ours { fill: #4aa3df } .rival { fill: #767e87 } }
      </style>
      \(body)</svg>

      """
  }

  private func element(_ bar: Bar, y: Double, scale: Double) -> String {
    let kind = bar.isOurs ? "ours" : "rival"
    let (length, whole) = (bar.seconds * scale, max(bar.seconds, bar.wholeSeconds) * scale)
    let middle = y + rowHeight / 2 + 3
    var text = "<text class=\"label\" x=\"\(labelsEnd - 8)\" y=\"\(middle)\">\(escaped(bar.label))</text>\n"
    text += rectangle(kind, x: labelsEnd, y: y, width: length)
    if whole > length { text += rectangle("\(kind) start", x: labelsEnd + length, y: y, width: whole - length) }
    return text + "<text x=\"\(rounded(labelsEnd + whole + 6))\" y=\"\(middle)\">\(escaped(bar.note))</text>\n"
  }

  private func rectangle(_ kind: String, x: Double, y: Double, width: Double) -> String {
    "<rect class=\"\(kind)\" x=\"\(rounded(x))\" y=\"\(y + 2)\" width=\"\(rounded(width))\" height=\"\(rowHeight - 4)\"/>\n"
  }
}

private let (margin, width, labelsEnd, barsWidth) = (16.0, 880.0, 250.0, 430.0)
private let (rowHeight, groupHead) = (20.0, 36.0)

private func rounded(_ place: Double) -> Double { (place * 10).rounded() / 10 }

private func escaped(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
}
