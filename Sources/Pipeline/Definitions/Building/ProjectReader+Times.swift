import Diagnostics
import Times

extension ProjectReader {
  /// What a module or a view itself says about its times. A delay inside `known_time` is the one beside it.
  func timeSettings(_ fields: Fields) -> TimeSettings {
    let known = fields.fields("known_time")
    let inner = known?.span("delay")
    if let inner, let outer = fields.place(of: "delay") {
      report(.twoDelays(fields.subject, at: inner.location, other: outer))
    }
    return TimeSettings(
      eventTime: fields.fields("event_time").flatMap(timeColumn), knownTime: known.flatMap(timeColumn)?.withoutDelay,
      delay: fields.span("delay") ?? inner, period: fields.choice("period"))
  }

  func timeColumn(_ fields: Fields) -> TimeColumn? {
    guard let column = fields.text("column") else { return nil }
    func optional(_ key: String) -> Located<String>? { fields.kind.key(key) == nil ? nil : fields.text(key) }
    return TimeColumn(
      column: column, unit: fields.choice("unit")?.value, timezone: fields.text("timezone")?.value,
      ambiguous: fields.choice("ambiguous")?.value, delay: optional("delay").flatMap { TimeSpan($0.value) },
      atMicroseconds: optional("at").flatMap { clockMicroseconds($0.value) })
  }

  /// A date (midnight of the project's zone) or an instant, in microseconds since the epoch.
  func moment(_ text: Located<String>, of subject: String) -> Int64? {
    switch parseInstant(text.value, zone: Zone(zone.value) ?? .utc) {
    case .time(let microseconds): return microseconds
    case .problem(let problem):
      report(.badMoment(text, of: subject, problem))
      return nil
    }
  }
}

extension TimeColumn {
  fileprivate var withoutDelay: TimeColumn {
    TimeColumn(
      column: column, unit: unit, timezone: timezone, ambiguous: ambiguous, delay: nil, atMicroseconds: atMicroseconds)
  }
}

extension TimeSettings {
  /// These settings, and `others` where they are silent.
  func over(_ others: TimeSettings) -> TimeSettings {
    TimeSettings(
      eventTime: eventTime ?? others.eventTime, knownTime: knownTime ?? others.knownTime, delay: delay ?? others.delay,
      period: period ?? others.period)
  }
}

// Words for times.
extension Diagnostic {
  fileprivate static func twoDelays(_ subject: String, at location: SourceLocation, other: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "\(subject) has a delay in \"known_time\" and another beside it (\(other))", rule: "conflicting-keys",
      hint: "keep one of them")
  }

  fileprivate static func badMoment(_ text: Located<String>, of subject: String, _ problem: TimeProblem) -> Diagnostic {
    let reason =
      switch problem {
      case .repeated(let zone): "which the clocks of \(zone) show twice"
      case .skipped(let zone): "which the clocks of \(zone) skip"
      case .outOfRange: "which is not in the years 1 to 9999"
      default: "which is no date and no instant"
      }
    return Diagnostic(
      at: text.location, "\(subject) is \"\(text.value)\", \(reason)", rule: "bad-time",
      hint: "write a date, as in 2013-10-01, or an instant with its offset, as in 2013-10-01T06:00:00Z")
  }
}
