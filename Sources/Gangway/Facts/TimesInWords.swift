import Definitions
import Diagnostics
import Times

extension TimeSettings {
  /// What a row means in time, as people say it: one text for when it is true, one for when it is known.
  var inWords: [String] {
    guard let eventTime else { return [] }
    let truth = period.map { "true at the end of the \($0.value.rawValue) in \(eventTime.inWords)" } ?? "true at \(eventTime.inWords)"
    let delays = [knownTime?.delay?.text, delay?.value.text].compactMap(\.self).joined(separator: " and ")
    return [truth, "known \(knowledge(delay: delays))"]
  }
}

extension TimeSettings {
  /// The same of a module that is observed, or of a view over it; nil: it is not.
  func inWords(of observation: Observation?) -> [String] {
    guard let observation else { return inWords }
    let delay = delay.map { "\($0.value.text) after" } ?? "when"
    let truth = inWords.prefix(1)
    if truth.isEmpty { return ["true and known \(delay) a look finds it so"] }
    let first = observation.firstSeen == .eventTime ? "; rows of the first look from their event time on" : ""
    return truth + ["known \(delay) a look finds it so\(first)"]
  }

  private func knowledge(delay: String) -> String {
    switch (knownTime, delay.isEmpty) {
    case (let known?, true): "at \(known.inWords)"
    case (let known?, false): "\(delay) after \(known.inWords)"
    case (nil, true): "when it is true, as nothing else is said"
    case (nil, false): "\(delay) after it is true"
    }
  }
}

extension TimeColumn {
  /// When something became known that this column tells of.
  var knownInWords: String { delay.map { "\($0.text) after \(inWords)" } ?? inWords }

  /// `"at" (seconds since 1970, in Europe/Vienna, of two the earliest)`.
  var inWords: String {
    var remarks: [String] = []
    if let unit { remarks.append("\(unit.inWords) since 1970") }
    if let timezone { remarks.append("in \(timezone)") }
    if let ambiguous { remarks.append("of two the \(ambiguous.rawValue)") }
    if let atMicroseconds { remarks.append("at \(clockText(atMicroseconds))") }
    return "\"\(column.value)\"" + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
  }
}

extension TimeUnit {
  fileprivate var inWords: String {
    switch self {
    case .s: "seconds"
    case .ms: "milliseconds"
    case .us: "microseconds"
    case .ns: "nanoseconds"
    }
  }
}

/// `06:00`.
private func clockText(_ microseconds: Int64) -> String {
  let minutes = microseconds / 60_000_000
  func twoDigits(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
  return "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
}
