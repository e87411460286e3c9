extension Model {
  var partNames: [String] {
    guard let split = world.set.split else { return ["data"] }
    return split.validation == nil ? ["train", "test"] : ["train", "validation", "test"]
  }

  /// Where each spine row goes, and whether it leaves by R15.
  func parts(_ spine: [SpineRow]) -> [(name: String, leaves: Bool)] {
    guard let split = world.set.split else { return spine.map { _ in ("data", false) } }
    let test = begin(split.test, back: [], spine)
    let validation = split.validation.map { begin($0, back: [split.test], spine) }
    let names = spine.map { row in
      row.t >= test ? "test" : row.t >= validation ?? .max ? "validation" : "train"
    }
    return zip(spine, names).map { row, name in
      let isPassedOver = reading == .emptyPartIsPassedOver && !names.contains("validation")
      let next = name == "test" ? nil : name == "validation" || isPassedOver ? test : validation ?? test
      return (name, next.map { leaves(row, before: $0, split) } ?? false)
    }
  }

  /// The first instant of a part. With durations the test is t > T − span, validation the stretch before.
  private func begin(_ border: Split.Border, back later: [Split.Border], _ spine: [SpineRow]) -> Int64 {
    switch border {
    case .date(let date): return clock.midnight(date)
    case .span(let span):
      let spans = later.map { if case .span(let span) = $0 { span.microseconds } else { 0 as Int64 } }
      let newest = spine.map(\.t).max() ?? 0
      return newest - span.microseconds - spans.reduce(0, +) + (mutation == .testBeginsAtItsSpan ? 0 : 1)
    }
  }

  /// A row whose label became known later than the next part begins, or whose decision time lies within `embargo` before that.
  private func leaves(_ row: SpineRow, before begin: Int64, _ split: Split) -> Bool {
    var begin = begin
    if reading == .partBeginsAtSpan, case .span = split.test { begin -= 1 }
    let isLate = row.labels.contains { label in
      label.isMature && !label.value.isNull && label.known.map { $0 > begin } ?? false
    }
    let embargo = mutation == .embargoIgnored ? 0 : split.embargo?.microseconds ?? 0
    return isLate && mutation != .lateLabelStays || begin - embargo <= row.t && row.t < begin
  }
}
